#include "apps/commands/server_directory.h"

#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "snapshot/remedies.h"

namespace oasis {
namespace {

constexpr char kHereButNotThere[] =
    "\nThe path is there for this command: the server may run as another user, on another machine, "
    "or in a unit or container that does not show it /home, /root and /tmp";

}  // namespace

std::string ServerDirectory(const std::filesystem::path& directory) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(directory, error);
  return error ? directory.string() : absolute.lexically_normal().string();
}

absl::Status ExplainUnseen(const absl::Status& ended, const std::filesystem::path& directory) {
  std::error_code error;
  if (!absl::StrContains(ended.message(), kCannotOpenSnapshot) ||
      !std::filesystem::exists(directory, error)) {
    return ended;
  }
  return absl::Status(ended.code(), absl::StrCat(ended.message(), kHereButNotThere));
}

}  // namespace oasis
