// What is said of damage: that it is there, and what to do, at the end of a message.
#ifndef OASIS_SNAPSHOT_REMEDIES_H_
#define OASIS_SNAPSHOT_REMEDIES_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace oasis {

inline constexpr absl::string_view kGetAgain = "; copy the snapshot here again, or build it again";
inline constexpr absl::string_view kLoadAgain = "; load the snapshot again, or build it again";
inline constexpr absl::string_view kFreeRoom = "; free room there";
inline constexpr absl::string_view kGiveAccess = "; give the user of this process access to it";

// Of a directory that is not there, or not for this process.
inline constexpr absl::string_view kCannotOpenSnapshot = "cannot open the snapshot";

// What is not as it was written, without a remedy yet.
template <typename... Parts>
absl::Status Damaged(const Parts&... parts) {
  return absl::DataLossError(absl::StrCat(parts...));
}

// `status`, and if it is DataLoss, `remedy` at its end. Called where it is known what was read: of
// a snapshot's own directory (kGetAgain) or, further out, of the store's copy of it, and then the
// last remedy takes the place of the first.
[[nodiscard]] inline absl::Status WithRemedy(const absl::Status& status, absl::string_view remedy) {
  if (!absl::IsDataLoss(status)) return status;
  absl::string_view message = status.message();
  absl::ConsumeSuffix(&message, kGetAgain);
  return absl::DataLossError(absl::StrCat(message, remedy));
}

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_REMEDIES_H_
