// What is wrong with options of `oasis serve` that are each well written.
#ifndef OASIS_APPS_SERVE_SERVE_OPTIONS_CHECK_H_
#define OASIS_APPS_SERVE_SERVE_OPTIONS_CHECK_H_

#include "absl/status/status.h"
#include "apps/serve/serve_options.h"

namespace oasis {

// As Server::Validate, before the file of roles is read.
absl::Status CheckServeOptions(const ServeOptions& options);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_SERVE_OPTIONS_CHECK_H_
