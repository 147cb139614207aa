#include "apps/loadtest/requests.h"

#include <grpcpp/support/slice.h>

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "apps/generate/random.h"
#include "oasis/v1/promotion_scores.pb.h"

namespace oasis {
namespace {

constexpr double kDraws = 1 << 30;

const std::string& Drawn(const std::vector<std::string>& values, Random& random) {
  return values[random.Below(values.size())];
}

void AddItem(const LoadTestOptions& options, const IdList& ids, Random& random,
             v1::GetPromotionScoresRequest* request) {
  const bool miss = static_cast<double>(random.Below(1 << 30)) < options.miss_ratio * kDraws;
  const size_t at = miss ? ids.size() : random.Below(ids.size());
  if (!miss && at >= ids.tracks.size()) {
    request->add_item_uris(ids.others[at - ids.tracks.size()]);
    return;
  }
  const Gid gid = miss ? Gid{random.Next(), random.Next()} : ids.tracks[at];
  if (options.mode == IdMode::kUri) {
    request->add_item_uris(FormatTrackUri(gid));
    return;
  }
  std::array<char, kGidBytes> bytes;
  GidToBytes(gid, bytes.data());
  request->mutable_item_gids()->append(bytes.data(), bytes.size());
}

}  // namespace

absl::StatusOr<std::vector<grpc::ByteBuffer>> PrepareRequests(const LoadTestOptions& options,
                                                              const IdList& ids) {
  if (ids.empty() && options.miss_ratio < 1) {
    return absl::InvalidArgumentError(
        "there are no ids to ask for: give some by --ids, or set --miss-ratio 1");
  }
  if (options.mode == IdMode::kGid && !ids.others.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.ids.string(), ": ", ids.others.front(),
                     " is no track and has no gid; use --mode uri for these ids"));
  }
  Random random(options.seed);
  std::vector<grpc::ByteBuffer> requests;
  v1::GetPromotionScoresRequest request;
  for (int i = 0; i < options.prepared; ++i) {
    request.Clear();
    request.set_score_set(options.score_set);
    request.set_variant(options.variant);
    request.mutable_context()->set_surface(Drawn(options.surfaces, random));
    request.mutable_context()->set_market(Drawn(options.markets, random));
    request.mutable_context()->set_cohort(Drawn(options.cohorts, random));
    for (const std::string& signal : options.signals) request.add_signals(signal);
    for (int item = 0; item < options.batch; ++item) AddItem(options, ids, random, &request);
    const grpc::Slice slice(request.SerializeAsString());
    requests.emplace_back(&slice, 1);
  }
  return requests;
}

}  // namespace oasis
