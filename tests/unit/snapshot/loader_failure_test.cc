#include <sys/mman.h>

#include <functional>

#include "oasis/limits.h"
#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// s1 is live; whatever fails then must leave it so.
class LoaderFailureTest : public LoaderFixture {
 protected:
  void SetUp() override { MustLoad({.id = "s1", .score = 500}); }

  void ExpectAsBefore(const LoadReport& report) {
    EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
    EXPECT_EQ(Score(), 500);
    EXPECT_EQ(Live(), "s1");
    EXPECT_THAT(Kept(), ElementsAre("s1"));
    ASSERT_THAT(told_, SizeIs(2));
    EXPECT_EQ(told_.back().status, report.status);
    EXPECT_EQ(LastEntry().outcome, absl::StatusCodeToString(report.status.code()));
    EXPECT_THAT(LastEntry().detail, HasSubstr(std::string(report.status.message())));
    EXPECT_THAT(LastEntry().detail, HasSubstr("a test"));
    EXPECT_EQ(LastEntry().actor, "alice");
    Restart();
    EXPECT_THAT(Kept(), ElementsAre("s1"));
    loader_->Restore();
    EXPECT_EQ(Score(), 500);
  }
};

class LoaderPhaseTest : public LoaderFailureTest,
                        public ::testing::WithParamInterface<LoadPhase> {};

TEST_P(LoaderPhaseTest, AFailureLeavesEverythingAsItWas) {
  fail_point_ = [](LoadPhase phase) {
    return phase == GetParam() ? absl::InternalError("broken here") : absl::OkStatus();
  };
  const LoadReport report = Load(Make({.id = "s2", .score = 600}));
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kInternal, HasSubstr("broken here")));
  EXPECT_EQ(report.failed_in, GetParam());
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  ExpectAsBefore(report);
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s2").outcome, LoadOutcome::kPublished);
}

TEST_P(LoaderPhaseTest, ACancelledProgressLeavesEverythingAsItWas) {
  const LoadProgressFn progress = [](const LoadProgress& step) {
    return step.phase == GetParam() ? absl::CancelledError("enough") : absl::OkStatus();
  };
  const LoadReport report = loader_->Load(Make({.id = "s2"}), kAlice, progress);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_EQ(report.failed_in, GetParam());
  ExpectAsBefore(report);
}

INSTANTIATE_TEST_SUITE_P(Phases, LoaderPhaseTest,
                         ::testing::Values(LoadPhase::kWaiting, LoadPhase::kVerify,
                                           LoadPhase::kIngest, LoadPhase::kBuild, LoadPhase::kWarm,
                                           LoadPhase::kPublish),
                         [](const auto& phase) {
                           return "In" + std::string(LoadPhaseName(phase.param));
                         });

TEST_F(LoaderFailureTest, AfterThePublishOnlyTheCleaningUpCanFail) {
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kRetire ? absl::InternalError("broken here") : absl::OkStatus();
  };
  const LoadProgressFn progress = [](const LoadProgress& step) {
    return step.phase >= LoadPhase::kRetire ? absl::CancelledError("too late") : absl::OkStatus();
  };
  const LoadReport report = loader_->Load(Make({.id = "s2", .score = 600}), kAlice, progress);
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kInternal, HasSubstr("broken here")));
  EXPECT_EQ(report.failed_in, LoadPhase::kRetire);
  EXPECT_EQ(Score(), 600);
  EXPECT_EQ(Live(), "s2");
  EXPECT_EQ(LastEntry().outcome, "ok");
  EXPECT_THAT(LastEntry().detail, HasSubstr("retire: broken here"));
}

TEST_F(LoaderFailureTest, RefusesATruncatedFile) {
  const std::filesystem::path dir = Make({.id = "s2"});
  std::filesystem::resize_file(dir / "scores-00000.sst", 100);
  const LoadReport report = Load(dir);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("scores-00000.sst")));
  EXPECT_EQ(report.failed_in, LoadPhase::kVerify);
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesAFileWithAFlippedByte) {
  const std::filesystem::path dir = Make({.id = "s2"});
  FlipByte(dir / "scores-00001.sst", 33);
  const LoadReport report = Load(dir);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("scores-00001.sst")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesADirectoryWithoutAManifest) {
  const std::filesystem::path dir = Make({.id = "s2"});
  std::filesystem::remove(dir / "MANIFEST.json");
  const LoadReport report = Load(dir);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kNotFound, HasSubstr(dir.string())));
  EXPECT_EQ(report.table, TableName());
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesADirectoryThatIsNotThere) {
  const LoadReport report = Load(temp_ / "nowhere");
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesAnUnknownFormatVersion) {
  const std::filesystem::path dir = Make({.id = "s2"});
  std::string json = ReadFile(dir / "MANIFEST.json");
  const std::string version = "\"format_version\": 2";
  ASSERT_NE(json.find(version), std::string::npos);
  WriteFile(dir / "MANIFEST.json",
            json.replace(json.find(version), version.size(), "\"format_version\": 9"));
  const LoadReport report = Load(dir);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("9")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesAnotherTableThanTheOneExpected) {
  const std::filesystem::path dir = Make({.id = "s2", .variant = "arm"});
  const LoadReport report = loader_->Load(dir, kAlice, NoLoadProgress(), {.expected = kTable});
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("'arm'"), HasSubstr("'control'"), HasSubstr(dir.string()))));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesAnotherScoreSetThanTheOneExpected) {
  const std::filesystem::path dir = Make({.id = "s2", .score_set = "other"});
  const LoadReport report = loader_->Load(dir, kAlice, NoLoadProgress(), {.expected = kTable});
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kInvalidArgument,
                                      AllOf(HasSubstr("'other'"), HasSubstr("'discovery-mode'"))));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesASnapshotFromTheFutureNamingBothTimes) {
  minutes_ = 1000;
  const LoadReport report = Load(Make({.id = "s2", .created = TestTime(1012)}));
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("created 2025-06-02T00:52:00"),
                             HasSubstr("now is 2025-06-02T00:41:00"), HasSubstr("clock"))));
  ExpectAsBefore(report);
  minutes_ = 1005;
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s2").outcome, LoadOutcome::kPublished);
}

TEST_F(LoaderFailureTest, RefusesAnotherSnapshotUnderAnOldId) {
  MakeSnapshot(temp_ / "again", {.id = "s1", .score = 7});
  const LoadReport report = Load(temp_ / "again");
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("'s1'")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesASentinelThatTheTableDoesNotAnswer) {
  const std::filesystem::path dir = temp_ / "s2";
  Manifest manifest = MakeSnapshot(dir, {.id = "s2"});
  manifest.sentinels.at(0).scores.at(0) = 0.75F;
  std::filesystem::remove(dir / "MANIFEST.json");
  ASSERT_THAT(WriteManifest(dir, manifest), IsOk());
  const LoadReport report = Load(dir);
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr("snapshot 's2' of discovery-mode/control: sentinel "),
                             HasSubstr("load the snapshot again, or build it again"),
                             HasSubstr(FormatKey(manifest.sentinels[0].key)), HasSubstr("radio/"),
                             HasSubstr("promotion"), HasSubstr("expected 0.75"))));
  EXPECT_EQ(report.failed_in, LoadPhase::kWarm);
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesASentinelThatTheTableDoesNotHave) {
  const std::filesystem::path dir = temp_ / "s2";
  Manifest manifest = MakeSnapshot(dir, {.id = "s2"});
  manifest.sentinels.at(0).key = TrackKey(0, 77);
  ASSERT_THAT(WriteManifest(dir, manifest), IsOk());
  const LoadReport report = Load(dir);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("has none")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesOneScoreSetTooMany) {
  for (int i = 1; i < kMaxScoreSets; ++i) {
    TableBuilder::Options options;
    options.info = {"set-" + std::to_string(i), "control", "s", TestTime(0)};
    options.signals = {{"promotion", 1.0F}};
    options.contexts = {{"radio", "*", "*"}};
    auto builder = TableBuilder::Create(options);
    ASSERT_THAT(tables_->Publish(*builder->Build()), IsOk());
  }
  const LoadReport report = Load(Make({.id = "s2", .score_set = "one-more"}));
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("'one-more'")));
  EXPECT_EQ(report.failed_in, LoadPhase::kVerify);
  EXPECT_EQ(*store_->Live({"one-more", "control"}), std::nullopt);
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesATableThatDoesNotFitIntoMemory) {
  available_memory_ = 1000;
  const LoadReport report = Load(Make({.id = "s2", .items = 1000}));
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kResourceExhausted,
                       AllOf(HasSubstr("'s2' needs 1 MiB"), HasSubstr("more memory"))));
  EXPECT_EQ(report.failed_in, LoadPhase::kVerify);
  available_memory_ = 1 << 30;
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, AKeptSnapshotOutlivesTheFailureOfItsLoad) {
  MustLoad({.id = "s2", .score = 600});
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kWarm ? absl::InternalError("broken here") : absl::OkStatus();
  };
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s1").outcome, LoadOutcome::kFailed);
  EXPECT_THAT(Kept(), ElementsAre("s2", "s1"));
  EXPECT_EQ(Score(), 600);
}

TEST_F(LoaderFailureTest, RunningOutOfMemoryIsAnError) {
  fail_point_ = [](LoadPhase phase) -> absl::Status {
    if (phase == LoadPhase::kBuild) throw std::bad_alloc();
    return absl::OkStatus();
  };
  const LoadReport report = Load(Make({.id = "s2"}));
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("memory")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, AnExceptionOfALibraryIsAnError) {
  fail_point_ = [](LoadPhase phase) -> absl::Status {
    if (phase == LoadPhase::kWarm) throw std::runtime_error("from below");
    return absl::OkStatus();
  };
  const LoadReport report = Load(Make({.id = "s2"}));
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kInternal, HasSubstr("from below")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesToPublishWhatIsNotKept) {
  const LoadReport report = loader_->Publish(kTable, "s9", kAlice, NoLoadProgress());
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("'s9'")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, RefusesNamesThatAreNone) {
  const LoadReport report = loader_->Publish(kTable, "../s1", kAlice, NoLoadProgress());
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'../s1'")));
  EXPECT_THAT(loader_->Rollback({"", "x"}, "", kAlice, NoLoadProgress()).status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("score set")));
  EXPECT_THAT(loader_->Rollback(kTable, "a/b", kAlice, NoLoadProgress()).status,
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'a/b'")));
  EXPECT_THAT(loader_->Pin(kTable, ".", kAlice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'.'")));
  EXPECT_THAT(loader_->Unpin({"discovery-mode", "?"}, kAlice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("variant")));
}

TEST_F(LoaderFailureTest, RefusesToRollBackToNothing) {
  const LoadReport report = loader_->Rollback(kTable, "", kAlice, NoLoadProgress());
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no other kept snapshot")));
  ExpectAsBefore(report);
}

TEST_F(LoaderFailureTest, ReportsADamagedKeptSnapshotOnPublish) {
  MustLoad({.id = "s2", .score = 600});
  Damage("s1");
  const LoadReport report = loader_->Publish(kTable, "s1", kAlice, NoLoadProgress());
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(KeptDir("s1") / "db")));
  EXPECT_EQ(report.failed_in, LoadPhase::kBuild);
  EXPECT_EQ(Score(), 600);
  EXPECT_EQ(Live(), "s2");
}

}  // namespace
}  // namespace oasis::testing
