// Any bytes as the tables of an allocation problem: a problem that can be solved, or faults that
// are counted, never a crash. Tables are divided by a line of "---" and stand in the order of
// kTables.
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "oasis/problem_files.h"

namespace oasis {
namespace {

constexpr const char* kTables[] = {"contexts.csv",  "items.csv", "edges.csv",      "zones.csv",
                                   "campaigns.csv", "terms.csv", "constraints.csv"};

// Of this process, removed at its end.
class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "oasis-fuzz-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) abort();
    path_ = name;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void WriteTables(absl::string_view bytes, const std::filesystem::path& dir) {
  size_t table = 0;
  for (const absl::string_view text : absl::StrSplit(bytes, "---\n")) {
    if (table == std::size(kTables)) return;
    std::ofstream(dir / kTables[table++], std::ios::binary) << text;
  }
  for (; table < std::size(kTables); ++table) std::filesystem::remove(dir / kTables[table]);
}

}  // namespace
}  // namespace oasis

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const oasis::Directory directory;
  oasis::WriteTables({reinterpret_cast<const char*>(data), size}, directory.path());
  const absl::StatusOr<oasis::ProblemFiles> problem = oasis::ReadProblem(directory.path(), nullptr);
  if (!problem.ok()) {
    if (problem.status().message().empty()) abort();
    return 0;
  }
  if (problem->campaigns.size() != problem->tables.campaigns.size()) abort();
  if (oasis::CheckTables(problem->tables).count != 0) abort();
  return 0;
}
