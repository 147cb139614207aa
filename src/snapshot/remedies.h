// What to do, at the end of a message.
#ifndef OASIS_SNAPSHOT_REMEDIES_H_
#define OASIS_SNAPSHOT_REMEDIES_H_

#include "absl/strings/string_view.h"

namespace oasis {

inline constexpr absl::string_view kGetAgain = "; copy the snapshot here again, or build it again";
inline constexpr absl::string_view kFreeRoom = "; free room there";
inline constexpr absl::string_view kGiveAccess = "; give the user of this process access to it";

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_REMEDIES_H_
