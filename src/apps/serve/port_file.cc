#include "apps/serve/port_file.h"

#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace oasis {

absl::Status WritePortFile(const std::filesystem::path& path, const Ports& ports) {
  const nlohmann::ordered_json json = {
      {"listen", ports.listen}, {"admin", ports.admin}, {"metrics", ports.metrics}};
  std::filesystem::path whole = path;
  whole += ".new";
  std::ofstream stream(whole);
  stream << json << "\n";
  stream.close();
  std::error_code error;
  if (stream.good()) std::filesystem::rename(whole, path, error);
  if (stream.good() && !error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot write the port file ", path.string(),
                   "; check --port-file and that its directory is there"));
}

}  // namespace oasis
