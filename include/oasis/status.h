// Status helpers used in every folder: early return, and naming the place an error happened in.
#ifndef OASIS_STATUS_H_
#define OASIS_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace oasis {

// Returns `status` with "`place`: " in front of its message; the code stays. OK stays OK.
// Call it while unwinding, so that a message reads from the outside in: file, then row, then rule.
[[nodiscard]] inline absl::Status Annotate(const absl::Status& status, absl::string_view place) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(place, ": ", status.message()));
}

}  // namespace oasis

#define OASIS_CONCAT_INNER(a, b) a##b
#define OASIS_CONCAT(a, b) OASIS_CONCAT_INNER(a, b)

#define OASIS_RETURN_IF_ERROR(expression)                               \
  do {                                                                  \
    if (absl::Status oasis_status = (expression); !oasis_status.ok()) { \
      return oasis_status;                                              \
    }                                                                   \
  } while (false)

// OASIS_ASSIGN_OR_RETURN(auto manifest, ReadManifest(dir));
#define OASIS_ASSIGN_OR_RETURN(target, expression) \
  OASIS_ASSIGN_OR_RETURN_INNER(OASIS_CONCAT(oasis_statusor_, __LINE__), target, expression)
#define OASIS_ASSIGN_OR_RETURN_INNER(holder, target, expression) \
  auto holder = (expression);                                    \
  if (!holder.ok()) return std::move(holder).status();           \
  target = std::move(holder).value()

#endif  // OASIS_STATUS_H_
