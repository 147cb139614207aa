// The items a load test asks for.
#ifndef OASIS_APPS_LOADTEST_IDS_H_
#define OASIS_APPS_LOADTEST_IDS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/gid.h"

namespace oasis {

struct IdList {
  std::vector<Gid> tracks;          // 16 bytes each, however many there are
  std::vector<std::string> others;  // URIs of other kinds

  size_t size() const { return tracks.size() + others.size(); }
  bool empty() const { return size() == 0; }
};

// Reads a file of ids (apps/ids_file.h). InvalidArgument names the line that is no URI.
absl::StatusOr<IdList> ReadIds(const std::filesystem::path& path);

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_IDS_H_
