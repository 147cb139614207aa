#include "apps/serve/load_log.h"

#include <string>

#include "support/table_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

LoadReport Failed(const std::string& action, const absl::Status& status) {
  LoadReport report;
  report.action = action;
  report.status = status;
  report.failed_in = LoadPhase::kBuild;
  report.table = {"a", "control"};
  return report;
}

std::string LogOf(const LoadReport& report) {
  ::testing::internal::CaptureStderr();
  LogLoad(report, Log(LogFormat::kJson, LogLevel::kInfo));
  return ::testing::internal::GetCapturedStderr();
}

std::string MetricsOf(const LoadReport& report) {
  Metrics metrics;
  CountLoad(report, LiveTables(), {}, metrics);
  return metrics.Text();
}

TEST(LoadLogTest, ACancelledLoadIsAWarningAndNoFailure) {
  const LoadReport report = Failed("load", absl::CancelledError("the caller is gone"));
  EXPECT_THAT(LogOf(report), AllOf(HasSubstr(R"("level":"warning")"), HasSubstr("was cancelled"),
                                   HasSubstr("the live table is as it was")));
  EXPECT_THAT(MetricsOf(report),
              AllOf(HasSubstr(R"(outcome="cancelled"} 1)"), HasSubstr(R"(outcome="failed"} 0)")));
}

TEST(LoadLogTest, ALoadThatFailedIsAnError) {
  const LoadReport report = Failed("load", absl::DataLossError("a flipped byte"));
  EXPECT_THAT(LogOf(report), AllOf(HasSubstr(R"("level":"error","message":"snapshot refused)"),
                                   HasSubstr("a flipped byte")));
  EXPECT_THAT(MetricsOf(report), AllOf(HasSubstr(R"(outcome="failed"} 1)"),
                                       HasSubstr(R"(failures_total{reason="data_loss"} 1)")));
}

TEST(LoadLogTest, TroubleAfterwardsIsAWarningWhateverTheOutcome) {
  for (const LoadOutcome outcome : {LoadOutcome::kPublished, LoadOutcome::kUnchanged}) {
    LoadReport report = Failed("load", absl::DataLossError("the journal could not be written"));
    report.outcome = outcome;
    EXPECT_THAT(LogOf(report),
                AllOf(HasSubstr(R"("level":"warning")"), HasSubstr("something went wrong"),
                      HasSubstr("the journal could not be written")));
  }
}

TEST(LoadLogTest, ARestartDoesNotSpeakOfALiveTable) {
  EXPECT_THAT(LogOf(Failed("restart", absl::DataLossError("a flipped byte"))),
              HasSubstr(R"("message":"snapshot could not be restored")"));
  EXPECT_THAT(LogOf(Failed("restart", absl::CancelledError("stopping"))),
              HasSubstr(R"("message":"restoring a snapshot was cancelled")"));
}

TEST(LoadLogTest, APublishedTableIsShownWithItsItemsAtOnce) {
  LiveTables tables;
  ASSERT_TRUE(
      tables.Publish(testing::BuildConstantTable({"a", "control", "s", absl::Now()}, 7, 1)).ok());
  LoadReport report;
  report.outcome = LoadOutcome::kPublished;
  report.table = {"a", "control"};
  Metrics metrics;
  CountLoad(report, tables, {}, metrics);
  EXPECT_THAT(metrics.Text(),
              AllOf(HasSubstr(R"(oasis_table_items{score_set="a",variant="control"} 7)"),
                    HasSubstr(R"(oasis_items_total{score_set="a",status="found"} 0)")));
}

}  // namespace
}  // namespace oasis
