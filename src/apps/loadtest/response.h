// The few things a load test wants to know of a response, read without making a message of it.
#ifndef OASIS_APPS_LOADTEST_RESPONSE_H_
#define OASIS_APPS_LOADTEST_RESPONSE_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "oasis/table.h"

namespace oasis {

struct ResponseView {
  std::array<int64_t, kItemStatuses> statuses = {};  // items by status
  absl::string_view snapshot_id;                     // into the bytes given
};

// Reads a serialised GetPromotionScoresResponse: walks its fields and counts the bytes of the
// packed statuses; the scores are skipped. False when the bytes are no such message.
[[nodiscard]] bool ReadResponse(absl::string_view bytes, ResponseView* response);

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_RESPONSE_H_
