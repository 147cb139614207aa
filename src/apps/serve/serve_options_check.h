// What is wrong with options of `oasis serve` that are each well written.
#ifndef OASIS_APPS_SERVE_SERVE_OPTIONS_CHECK_H_
#define OASIS_APPS_SERVE_SERVE_OPTIONS_CHECK_H_

#include "absl/status/status.h"
#include "apps/serve/serve_options.h"

namespace oasis {

// InvalidArgument with all faults, in the words of the flags and keys: values beyond the server's
// limits, settings that need each other, an admin port open to everyone. It opens no file and no
// port; a host name that is not known here is no fault.
absl::Status CheckServeOptions(const ServeOptions& options);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_SERVE_OPTIONS_CHECK_H_
