// Any bytes as a GetPromotionScoresRequest: what protobuf reads, ParseGetRequest reads alike.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "oasis/limits.h"
#include "serving/get_wire.h"

namespace oasis {
namespace {

void Check(bool promise) {
  if (!promise) std::abort();
}

template <typename Strings>
void CheckSame(const std::vector<absl::string_view>& views, const Strings& strings) {
  Check(views.size() == static_cast<size_t>(strings.size()));
  for (size_t i = 0; i < views.size(); ++i) Check(views[i] == strings[static_cast<int>(i)]);
}

void ReadRequest(absl::string_view bytes) {
  GetRequest parsed;
  const bool ok = ParseGetRequest(bytes, bytes.size(), &parsed).ok();
  v1::GetPromotionScoresRequest request;
  // Protobuf refuses strings that are no UTF-8, besides.
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  Check(ok);
  Check(parsed.score_set == request.score_set());
  Check(parsed.variant == request.variant());
  Check(parsed.surface == request.context().surface());
  Check(parsed.market == request.context().market());
  Check(parsed.cohort == request.context().cohort());
  Check(parsed.item_gids == request.item_gids());
  CheckSame(parsed.item_uris, request.item_uris());
  if (request.signals_size() <= kMaxSignalsPerRequest) {
    CheckSame(parsed.signals, request.signals());
  }
}

}  // namespace
}  // namespace oasis

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  oasis::ReadRequest({reinterpret_cast<const char*>(data), size});
  return 0;
}
