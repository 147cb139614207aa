// The trace that a call is part of.
#ifndef OASIS_SERVING_TRACE_CONTEXT_H_
#define OASIS_SERVING_TRACE_CONTEXT_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace oasis {

// Views into the header.
struct TraceContext {
  absl::string_view trace_id;  // 32 digits
  absl::string_view span_id;   // 16 digits, of the caller
};

// Parses the header `traceparent` of W3C Trace Context, "00-<trace>-<span>-<flags>": lower-case
// digits, no id of zeros only, no version ff; more fields only in versions to come. Nothing when it
// is otherwise: the specification has such a header ignored.
std::optional<TraceContext> ParseTraceparent(absl::string_view header);

}  // namespace oasis

#endif  // OASIS_SERVING_TRACE_CONTEXT_H_
