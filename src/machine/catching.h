// Exceptions of libraries end here.
#ifndef OASIS_MACHINE_CATCHING_H_
#define OASIS_MACHINE_CATCHING_H_

#include <functional>

#include "absl/status/status.h"

namespace oasis {

// Does `work`. An exception of a library becomes ResourceExhausted (out of memory) or Internal.
absl::Status Catching(const std::function<absl::Status()>& work);

}  // namespace oasis

#endif  // OASIS_MACHINE_CATCHING_H_
