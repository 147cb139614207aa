#include "serving/trace_context.h"

#include <algorithm>
#include <cstddef>

namespace oasis {
namespace {

// Takes `digits` hexadecimal digits off the front. False when they are not there.
bool TakeDigits(size_t digits, absl::string_view* rest, absl::string_view* taken) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  *taken = rest->substr(0, digits);
  if (taken->size() < digits || !std::all_of(taken->begin(), taken->end(), is_digit)) return false;
  rest->remove_prefix(digits);
  return true;
}

bool TakeDash(absl::string_view* rest) {
  if (rest->empty() || rest->front() != '-') return false;
  rest->remove_prefix(1);
  return true;
}

bool IsZero(absl::string_view digits) {
  return digits.find_first_not_of('0') == absl::string_view::npos;
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(absl::string_view header) {
  TraceContext trace;
  absl::string_view version;
  absl::string_view flags;
  if (!TakeDigits(2, &header, &version) || !TakeDash(&header) ||
      !TakeDigits(32, &header, &trace.trace_id) || !TakeDash(&header) ||
      !TakeDigits(16, &header, &trace.span_id) || !TakeDash(&header) ||
      !TakeDigits(2, &header, &flags)) {
    return std::nullopt;
  }
  if (version == "ff" || IsZero(trace.trace_id) || IsZero(trace.span_id)) return std::nullopt;
  const bool more = !header.empty() && (version == "00" || header.front() != '-');
  if (more) return std::nullopt;
  return trace;
}

}  // namespace oasis
