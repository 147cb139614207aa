// A directory that appears under its name as a whole or not at all.
#ifndef OASIS_SNAPSHOT_BUILD_OUTPUT_DIR_H_
#define OASIS_SNAPSHOT_BUILD_OUTPUT_DIR_H_

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace oasis::build {

// Made beside its final place under a hidden name, which watchers pass over; removed with all that
// is in it unless Commit is called. Not thread-safe.
class OutputDir {
 public:
  // AlreadyExists when `out` is there and no empty directory (a link to one
  // neither), NotFound when its parent is not.
  static absl::StatusOr<OutputDir> Create(const std::filesystem::path& out);

  OutputDir(OutputDir&& other) noexcept;
  OutputDir& operator=(OutputDir&&) = delete;
  ~OutputDir();

  // Where to write until Commit.
  const std::filesystem::path& path() const { return path_; }

  // Gives the directory its name, durably.
  absl::Status Commit();

 private:
  OutputDir(std::filesystem::path out, std::filesystem::path path);

  std::filesystem::path out_;
  std::filesystem::path path_;  // empty: nothing to remove
};

// The directory `path` lies in, as an absolute path.
std::filesystem::path ParentOf(const std::filesystem::path& path);

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_OUTPUT_DIR_H_
