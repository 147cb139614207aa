#include "apps/serve/status_page/recent_loads.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::testing::ElementsAre;
using ::testing::Key;

LoadReport Judged(const std::string& score_set, const std::string& id) {
  auto guardrails = std::make_shared<GuardrailReport>();
  guardrails->candidate.info = {score_set, "control", id, absl::UnixEpoch()};
  LoadReport report;
  report.action = "load";
  report.guardrails = guardrails;
  return report;
}

std::string IdOf(const RecentLoads::Judged& judged) {
  return judged.report->candidate.info.snapshot_id;
}

TEST(RecentLoadsTest, KeepsTheLastReportOfEachTableNewestFirst) {
  RecentLoads loads;
  loads.Tell(Judged("a", "a1"));
  loads.Tell(Judged("b", "b1"));
  loads.Tell(Judged("a", "a2"));
  loads.Tell(LoadReport());  // nothing was compared
  ASSERT_EQ(loads.judged().size(), 2);
  EXPECT_EQ(IdOf(loads.judged()[0]), "a2");
  EXPECT_EQ(IdOf(loads.judged()[1]), "b1");
}

TEST(RecentLoadsTest, KeepsReportsOfSoManyTables) {
  RecentLoads loads;
  for (size_t i = 0; i < 3 * kStatusPageReports; ++i) {
    loads.Tell(Judged(absl::StrCat("set-", i), absl::StrCat("id-", i)));
  }
  EXPECT_EQ(loads.judged().size(), kStatusPageReports);
  EXPECT_EQ(IdOf(loads.judged()[0]), absl::StrCat("id-", 3 * kStatusPageReports - 1));
}

TEST(RecentLoadsTest, KnowsWhatIsUnderWaySinceWhen) {
  RecentLoads loads;
  const absl::Time now = absl::FromUnixSeconds(1'000'000);
  loads.Move(LoadPhase::kDone, LoadPhase::kWaiting, now);
  loads.Move(LoadPhase::kDone, LoadPhase::kWaiting, now);
  loads.Move(LoadPhase::kWaiting, LoadPhase::kBuild, now + absl::Seconds(5));
  EXPECT_THAT(loads.under_way(), ElementsAre(Key(LoadPhase::kWaiting), Key(LoadPhase::kBuild)));
  EXPECT_EQ(loads.under_way()[LoadPhase::kBuild].since, now + absl::Seconds(5));
  loads.Move(LoadPhase::kBuild, LoadPhase::kDone, now);
  loads.Move(LoadPhase::kWaiting, LoadPhase::kDone, now);
  EXPECT_TRUE(loads.under_way().empty());
}

}  // namespace
}  // namespace oasis
