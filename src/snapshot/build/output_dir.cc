#include "snapshot/build/output_dir.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/file_io.h"

namespace oasis::build {
namespace {

constexpr mode_t kDirectoryMode = 0777;  // less the umask

// Without a slash at the end, and meaning the same whatever it is called from.
std::filesystem::path Absolute(const std::filesystem::path& path) {
  const std::filesystem::path normal = std::filesystem::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace

std::filesystem::path ParentOf(const std::filesystem::path& path) {
  return Absolute(path).parent_path();
}

absl::StatusOr<OutputDir> OutputDir::Create(const std::filesystem::path& out) {
  if (out.empty()) return absl::InvalidArgumentError("no output directory is given");
  std::error_code error;
  const auto status = std::filesystem::symlink_status(out, error);
  if (std::filesystem::exists(status) &&
      !(std::filesystem::is_directory(status) && std::filesystem::is_empty(out, error))) {
    return absl::AlreadyExistsError(
        absl::StrCat(out.string(), ": it exists already; name a new directory, or remove it"));
  }
  const std::filesystem::path final_path = Absolute(out);
  const std::filesystem::path parent = ParentOf(out);
  const std::string prefix =
      absl::StrCat(".", final_path.filename().string(), ".building-", getpid(), "-");
  for (int i = 0;; ++i) {
    std::filesystem::path path = parent / absl::StrCat(prefix, i);
    if (mkdir(path.c_str(), kDirectoryMode) == 0) return OutputDir(final_path, std::move(path));
    if (errno != EEXIST) return FileError(errno, parent, "cannot make a directory in it");
  }
}

OutputDir::OutputDir(std::filesystem::path out, std::filesystem::path path)
    : out_(std::move(out)), path_(std::move(path)) {}

OutputDir::OutputDir(OutputDir&& other) noexcept
    : out_(std::move(other.out_)), path_(std::move(other.path_)) {
  other.path_.clear();
}

OutputDir::~OutputDir() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

absl::Status OutputDir::Commit() {
  if (rename(path_.c_str(), out_.c_str()) != 0) {
    return FileError(errno, out_, "cannot give the finished directory its name");
  }
  path_.clear();
  return SyncPath(ParentOf(out_));
}

}  // namespace oasis::build
