// The name of one call, for its caller and for the log.
#ifndef OASIS_SERVING_REQUEST_ID_H_
#define OASIS_SERVING_REQUEST_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace oasis {

inline constexpr char kRequestIdKey[] = "x-request-id";

// `given`, as the caller names the call in its metadata, if that can stand in a log as it is: 1 to
// kMaxRequestIdBytes printable characters without a blank. Else one is made up: 16 hexadecimal
// digits that no other call of this process has, and hardly one of another process.
std::string RequestIdOf(absl::string_view given);

}  // namespace oasis

#endif  // OASIS_SERVING_REQUEST_ID_H_
