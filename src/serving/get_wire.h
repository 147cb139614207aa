// GetPromotionScores on the wire: requests read in place, replies written in one go. For 500 items
// the strings and buffers of generated messages would cost as much as the lookup.
#ifndef OASIS_SERVING_GET_WIRE_H_
#define OASIS_SERVING_GET_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/v1/promotion_scores.pb.h"

namespace oasis {

// A GetPromotionScoresRequest: views into the bytes it was parsed from, which must outlive it.
struct GetRequest {
  absl::string_view score_set;
  absl::string_view variant;
  absl::string_view surface;
  absl::string_view market;
  absl::string_view cohort;
  std::vector<absl::string_view> item_uris;  // the first of uri_count
  int64_t uri_count = 0;
  absl::string_view item_gids;
  std::vector<absl::string_view> signals;
};

// How many items a request asks for, before anything is checked.
int64_t CountItems(const GetRequest& request);

// Parses the encoding of Protocol Buffers. Strings may hold any bytes: one that is no UTF-8 costs
// its item alone, as every malformed id does. Keeps at most `max_uris` URIs and one signal more
// than a request may have, so a large message takes hardly more memory than its own; reuses the
// vectors'. InvalidArgument when the bytes are no such message; the request is unspecified then.
absl::Status ParseGetRequest(absl::string_view bytes, size_t max_uris, GetRequest* request);

// A GetPromotionScoresResponse.
struct GetReply {
  std::vector<float> scores;            // item-major
  std::vector<int> statuses;            // v1::ItemStatus, one an item
  v1::GetPromotionScoresResponse rest;  // its snapshot and variant; all else is empty
};

size_t EncodedBytes(const GetReply& reply);
// REQUIRES: `out` has room for EncodedBytes.
void EncodeGetReply(const GetReply& reply, uint8_t* out);

}  // namespace oasis

#endif  // OASIS_SERVING_GET_WIRE_H_
