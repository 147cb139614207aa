#include <map>
#include <string>

#include "oasis/metrics.h"
#include "support/test_support.h"

namespace oasis {
namespace {

constexpr int kFound = 1;
constexpr int kInvalid = 4;

TEST(TrafficTest, IsTheSumOfAllShards) {
  Metrics metrics;
  metrics.NameScoreSet(1, "house-ads");
  Metrics::Shard one = metrics.NewShard();
  Metrics::Shard two = metrics.NewShard();
  one.CountCall(RpcMethod::kGetPromotionScores, 0);
  two.CountCall(RpcMethod::kGetPromotionScores, 0);
  two.CountCall(RpcMethod::kGetPromotionScores, 8);
  one.CountItems(1, {kFound}, 0);
  two.CountItems(1, {kFound, kInvalid}, 2);
  one.CountRefusal(RefusalReason::kWait);
  two.CountRefusal(RefusalReason::kWait);
  two.AddInflight(1, 500);
  const Metrics::Traffic traffic = metrics.CountTraffic();
  EXPECT_EQ(traffic.methods.at("GetPromotionScores").calls,
            (std::map<std::string, int64_t>{{"OK", 2}, {"RESOURCE_EXHAUSTED", 1}}));
  EXPECT_EQ(traffic.methods.at("ExplainPromotionScore").calls.size(), 0);
  ASSERT_EQ(traffic.score_sets.size(), 1);
  EXPECT_EQ(traffic.score_sets.at("house-ads").statuses[kFound], 2);
  EXPECT_EQ(traffic.score_sets.at("house-ads").changed, 2);
  EXPECT_EQ(traffic.refusals, (std::map<std::string, int64_t>{{"wait", 2}}));
  EXPECT_EQ(traffic.inflight_calls, 1);
  EXPECT_EQ(traffic.inflight_items, 500);
}

TEST(TrafficTest, HasTheTimesOfCallsByTheirBounds) {
  Metrics metrics;
  Metrics::Shard shard = metrics.NewShard();
  shard.ObserveDuration(RpcMethod::kGetPromotionScores, absl::Microseconds(20));
  shard.ObserveDuration(RpcMethod::kGetPromotionScores, absl::Seconds(60));
  const Metrics::Traffic traffic = metrics.CountTraffic();
  const auto& durations = traffic.methods.at("GetPromotionScores").durations;
  const auto bounds = Metrics::DurationBounds();
  ASSERT_EQ(durations.size(), bounds.size() + 1);
  EXPECT_EQ(durations[1], 1);
  EXPECT_TRUE(bounds[0] < 20e-6 && 20e-6 <= bounds[1]);
  EXPECT_EQ(durations.back(), 1);
}

}  // namespace
}  // namespace oasis
