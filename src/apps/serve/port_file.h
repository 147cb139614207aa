// A file that tells which ports a server took.
#ifndef OASIS_APPS_SERVE_PORT_FILE_H_
#define OASIS_APPS_SERVE_PORT_FILE_H_

#include <filesystem>

#include "absl/status/status.h"

namespace oasis {

struct Ports {
  int listen = 0;
  int admin = 0;
  int metrics = 0;
};

// Written beside `path` and renamed: whoever sees the file sees all of it.
absl::Status WritePortFile(const std::filesystem::path& path, const Ports& ports);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_PORT_FILE_H_
