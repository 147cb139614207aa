#include "oasis/metrics.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kFound = 1;
constexpr int kInvalid = 4;

// The value of one series, as "name{labels}"; -1 when it is not there.
double Value(const Metrics& metrics, const std::string& series) {
  const std::string text = metrics.Text();
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    double value = 0;
    if (line.substr(0, series.size()) == series && line.size() > series.size() &&
        line[series.size()] == ' ' && absl::SimpleAtod(line.substr(series.size() + 1), &value)) {
      return value;
    }
  }
  return -1;
}

Metrics::LiveSnapshot Live(const std::string& id, absl::Duration age = absl::Hours(1)) {
  return {"discovery-mode", "control", id, absl::Now() - age, 10, 40, 4096};
}

TEST(MetricsTest, CountsCallsByMethodAndCodeOverAllShards) {
  Metrics metrics;
  Metrics::Shard one = metrics.NewShard();
  Metrics::Shard two = metrics.NewShard();
  one.CountCall(RpcMethod::kGetPromotionScores, 0);
  two.CountCall(RpcMethod::kGetPromotionScores, 0);
  two.CountCall(RpcMethod::kExplainPromotionScore, 5);
  EXPECT_EQ(Value(metrics, R"(oasis_requests_total{method="GetPromotionScores",code="OK"})"), 2);
  EXPECT_EQ(
      Value(metrics, R"(oasis_requests_total{method="ExplainPromotionScore",code="NOT_FOUND"})"),
      1);
}

TEST(MetricsTest, ShowsUsualCodesBeforeTheyHappen) {
  const Metrics metrics;
  EXPECT_EQ(Value(metrics,
                  R"(oasis_requests_total{method="GetPromotionScores",code="RESOURCE_EXHAUSTED"})"),
            0);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_load_failures_total{reason="data_loss"})"), 0);
}

TEST(MetricsTest, TakesACodeThatGrpcDoesNotKnowForUnknown) {
  Metrics metrics;
  metrics.NewShard().CountCall(RpcMethod::kGetPromotionScores, 99);
  EXPECT_EQ(Value(metrics, R"(oasis_requests_total{method="GetPromotionScores",code="UNKNOWN"})"),
            1);
}

TEST(MetricsTest, PutsADurationInTheBucketItBelongsTo) {
  Metrics metrics;
  Metrics::Shard shard = metrics.NewShard();
  shard.ObserveDuration(RpcMethod::kGetPromotionScores, absl::Microseconds(60));
  shard.ObserveDuration(RpcMethod::kGetPromotionScores, absl::Seconds(3));
  const std::string name = "oasis_request_duration_seconds";
  const auto bucket = [&](const std::string& bound) {
    return Value(metrics,
                 absl::StrCat(name, R"(_bucket{method="GetPromotionScores",le=")", bound, "\"}"));
  };
  EXPECT_EQ(bucket("5e-05"), 0);
  EXPECT_EQ(bucket("0.0001"), 1);
  EXPECT_EQ(bucket("1"), 1);
  EXPECT_EQ(bucket("+Inf"), 2);
  EXPECT_NEAR(Value(metrics, name + R"(_sum{method="GetPromotionScores"})"), 3.00006, 1e-9);
}

TEST(MetricsTest, CountsItemsOfABatchLargerThanABlock) {
  Metrics metrics;
  metrics.NameScoreSet(0, "discovery-mode");
  std::vector<int> statuses(10'000, kFound);
  statuses.back() = kInvalid;
  metrics.NewShard().CountItems(0, statuses, 2);
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="discovery-mode",status="found"})"),
            9999);
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="discovery-mode",status="invalid_id"})"),
            1);
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="discovery-mode",status="expired"})"), 0);
  EXPECT_EQ(Value(metrics, "oasis_request_items_sum"), 10'000);
  EXPECT_EQ(Value(metrics, R"(oasis_changed_items_total{score_set="discovery-mode"})"), 2);
}

TEST(MetricsTest, ShowsTheOverridesThatHoldNow) {
  Metrics metrics;
  EXPECT_EQ(Value(metrics, "oasis_overrides"), 0);
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("\noasis_override_next_expiry_timestamp_seconds ")));
  const absl::Time soon = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 1000);
  metrics.SetOverrides({soon + absl::Hours(1), soon, absl::UnixEpoch()});
  EXPECT_EQ(Value(metrics, "oasis_overrides"), 2);
  EXPECT_EQ(Value(metrics, "oasis_override_next_expiry_timestamp_seconds"),
            absl::ToUnixSeconds(soon));
}

TEST(MetricsTest, KeepsScoreSetsApart) {
  Metrics metrics;
  metrics.NameScoreSet(0, "discovery-mode");
  metrics.NameScoreSet(1, "house-ads");
  metrics.NewShard().CountItems(1, {kFound}, 0);
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="discovery-mode",status="found"})"), 0);
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="house-ads",status="found"})"), 1);
}

TEST(MetricsTest, ShowsItemsOfAScoreSetFromItsNamingOnAndNotBefore) {
  Metrics metrics;
  metrics.NewShard().CountItems(0, {kFound}, 0);
  metrics.NameScoreSet(1, "house-ads");
  EXPECT_THAT(metrics.Text(), Not(HasSubstr(R"(score_set="",)")));
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="house-ads",status="found"})"), 0);
  metrics.NameScoreSet(0, "discovery-mode");
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="discovery-mode",status="found"})"), 1);
}

TEST(MetricsTest, ShowsWhatIsInFlightNow) {
  Metrics metrics;
  Metrics::Shard shard = metrics.NewShard();
  shard.AddInflight(2, 700);
  shard.AddInflight(-1, -200);
  EXPECT_EQ(Value(metrics, "oasis_inflight_requests"), 1);
  EXPECT_EQ(Value(metrics, "oasis_inflight_items"), 500);
}

TEST(MetricsTest, ReplacesTheLiveSnapshotOfATable) {
  Metrics metrics;
  metrics.SetLive(Live("a"));
  metrics.SetLive(Live("a"));
  metrics.SetLive(Live("b"));
  EXPECT_THAT(metrics.Text(), HasSubstr(R"(variant="control",snapshot_id="b"} 1)"));
  EXPECT_THAT(metrics.Text(), Not(HasSubstr(R"(snapshot_id="a")")));
  EXPECT_EQ(
      Value(metrics, R"(oasis_snapshot_swaps_total{score_set="discovery-mode",variant="control"})"),
      2);
}

TEST(MetricsTest, TellsTheAgeAtTheScrape) {
  Metrics metrics;
  metrics.SetLive(Live("a"));
  const std::string age =
      R"(oasis_snapshot_age_seconds{score_set="discovery-mode",variant="control"})";
  EXPECT_NEAR(Value(metrics, age), 3600, 60);
  metrics.SetLive(Live("from the future", -absl::Hours(1)));
  EXPECT_EQ(Value(metrics, age), 0);
}

TEST(MetricsTest, CountsLoadsAndWhyTheyFailed) {
  Metrics metrics;
  metrics.CountLoad("", "", "failed", "data_loss");
  metrics.CountLoad("a", "control", "published", "");
  metrics.SetLoadPhases("a", "control", {{"verify", absl::Seconds(2)}});
  EXPECT_EQ(
      Value(
          metrics,
          R"(oasis_snapshot_loads_total{score_set="unknown",variant="unknown",outcome="failed"})"),
      1);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_load_failures_total{reason="data_loss"})"), 1);
  EXPECT_EQ(
      Value(metrics,
            R"(oasis_snapshot_loads_total{score_set="a",variant="control",outcome="published"})"),
      1);
  EXPECT_EQ(
      Value(metrics,
            R"(oasis_snapshot_load_phase_seconds{score_set="a",variant="control",phase="verify"})"),
      2);
}

TEST(MetricsTest, ACancelledLoadIsNoFailure) {
  Metrics metrics;
  metrics.CountLoad("a", "control", "cancelled", "cancelled");
  EXPECT_EQ(
      Value(metrics,
            R"(oasis_snapshot_loads_total{score_set="a",variant="control",outcome="cancelled"})"),
      1);
  EXPECT_EQ(
      Value(metrics,
            R"(oasis_snapshot_loads_total{score_set="a",variant="control",outcome="failed"})"),
      0);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_load_failures_total{reason="cancelled"})"), 0);
}

TEST(MetricsTest, ShowsThePhasesOfTheLastLoadAlone) {
  Metrics metrics;
  const auto seconds = [&](const std::string& phase) {
    return Value(metrics, absl::StrCat("oasis_snapshot_load_phase_seconds{score_set=\"a\",",
                                       "variant=\"control\",phase=\"", phase, "\"}"));
  };
  metrics.SetLoadPhases("a", "control",
                        {{"verify", absl::Seconds(2)}, {"build", absl::Seconds(3)}});
  metrics.SetLoadPhases("a", "control", {{"build", absl::Seconds(5)}});
  EXPECT_EQ(seconds("verify"), -1);
  EXPECT_EQ(seconds("build"), 5);
}

TEST(MetricsTest, ShowsWhereLoadsUnderWayAre) {
  Metrics metrics;
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_loads_under_way{phase="build"})"), 0);
  metrics.AddLoadUnderWay("waiting", 1);
  metrics.AddLoadUnderWay("waiting", 1);
  metrics.AddLoadUnderWay("waiting", -1);
  metrics.AddLoadUnderWay("build", 1);
  metrics.AddLoadUnderWay("done", 1);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_loads_under_way{phase="waiting"})"), 1);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_loads_under_way{phase="build"})"), 1);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_loads_under_way{phase="done"})"), -1);
}

TEST(MetricsTest, BoundsTheSeriesThatFilesCanName) {
  Metrics metrics;
  for (int i = 0; i < kMaxLoadSeries + 50; ++i) {
    metrics.CountLoad(absl::StrCat("set", i), "control", "failed", absl::StrCat("reason", i));
  }
  EXPECT_EQ(
      Value(metrics,
            R"(oasis_snapshot_loads_total{score_set="other",variant="other",outcome="failed"})"),
      50);
  EXPECT_EQ(Value(metrics, R"(oasis_snapshot_load_failures_total{reason="unknown"})"),
            kMaxLoadSeries + 50);
}

TEST(MetricsTest, AsksTheHealthSourceAtEachScrape) {
  Metrics metrics;
  EXPECT_EQ(Value(metrics, "oasis_serving"), 0);
  Metrics::Health health{true, false};
  metrics.SetHealthSource([&health] { return health; });
  EXPECT_EQ(Value(metrics, "oasis_serving"), 1);
  EXPECT_EQ(Value(metrics, "oasis_fresh"), 0);
  health.fresh = true;
  EXPECT_EQ(Value(metrics, "oasis_fresh"), 1);
  metrics.SetHealthSource(nullptr);
  EXPECT_EQ(Value(metrics, "oasis_serving"), 0);
}

TEST(MetricsTest, KnowsTheProcess) {
  const Metrics metrics;
  EXPECT_GT(Value(metrics, "process_resident_memory_bytes"), 1e6);
  EXPECT_GE(Value(metrics, "process_cpu_seconds_total"), 0);
  EXPECT_GE(Value(metrics, "process_open_fds"), 3);
  EXPECT_GE(Value(metrics, "process_max_fds"), Value(metrics, "process_open_fds"));
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_NEAR(Value(metrics, "process_start_time_seconds"), now, 600);
}

TEST(MetricsTest, LosesNothingWhileScraped) {
  Metrics metrics;
  metrics.NameScoreSet(0, "discovery-mode");
  constexpr int kThreads = 4;
  constexpr int kCalls = 5'000;
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&metrics, &running] {
      Metrics::Shard shard = metrics.NewShard();
      for (int i = 0; i < kCalls; ++i) {
        shard.CountCall(RpcMethod::kGetPromotionScores, 0);
        shard.ObserveDuration(RpcMethod::kGetPromotionScores, absl::Microseconds(i));
        shard.CountItems(0, {kFound, kInvalid}, 0);
      }
      --running;
    });
  }
  while (running > 0) (void)metrics.Text();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Value(metrics, R"(oasis_requests_total{method="GetPromotionScores",code="OK"})"),
            kThreads * kCalls);
  EXPECT_EQ(Value(metrics, R"(oasis_items_total{score_set="discovery-mode",status="found"})"),
            kThreads * kCalls);
}

}  // namespace
}  // namespace oasis
