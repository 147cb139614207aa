// Compression of what is sent.
#ifndef OASIS_METRICS_GZIP_H_
#define OASIS_METRICS_GZIP_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace oasis {

// As a gzip file; nothing when there is no memory for it, or it is of 4 GiB and more.
std::optional<std::string> Gzip(absl::string_view text);

}  // namespace oasis

#endif  // OASIS_METRICS_GZIP_H_
