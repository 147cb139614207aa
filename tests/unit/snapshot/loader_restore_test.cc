#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LoaderRestoreTest : public LoaderFixture {
 protected:
  void SetUp() override {
    MustLoad({.id = "s1", .score = 100});
    MustLoad({.id = "s2", .score = 200});
    MustLoad({.id = "s3", .score = 300});
    told_.clear();
  }
};

TEST_F(LoaderRestoreTest, ServesTheLiveSnapshotsAfterARestart) {
  MustLoad({.id = "x1", .variant = "arm", .score = 7});
  for (const auto& entry : std::filesystem::directory_iterator(temp_.path())) {
    if (entry.path() != data_) std::filesystem::remove_all(entry.path());
  }
  Restart();
  EXPECT_EQ(Score(), std::nullopt);
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(2));
  EXPECT_EQ(reports[1].outcome, LoadOutcome::kPublished);
  EXPECT_EQ(reports[1].action, "restart");
  EXPECT_EQ(reports[1].actor, "startup");
  EXPECT_EQ(reports[1].source, "");
  EXPECT_EQ(Score(), 300);
  EXPECT_EQ(LiveScore(*tables_, {"discovery-mode", "arm"}), 7);
}

TEST_F(LoaderRestoreTest, ARestartIsNoPublish) {
  const absl::Time before = store_->List()->at(0).published;
  Restart();
  loader_->Restore();
  EXPECT_EQ(store_->List()->at(0).published, before);
  EXPECT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).snapshot_id, "s2");
}

TEST_F(LoaderRestoreTest, RestoresNothingFromAnEmptyStore) {
  std::filesystem::remove_all(data_);
  Restart();
  EXPECT_THAT(loader_->Restore(), IsEmpty());
}

TEST_F(LoaderRestoreTest, FallsBackToTheNextKeptSnapshotThatIsWhole) {
  Damage("s3");
  FlipByte(KeptDir("s2") / "MANIFEST.json", 40);
  Restart();
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].snapshot_id, "s1");
  EXPECT_EQ(reports[0].outcome, LoadOutcome::kPublished);
  EXPECT_EQ(Score(), 100);
  ASSERT_THAT(told_, SizeIs(3));
  EXPECT_THAT(told_[0].status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("control/s3/db")));
  EXPECT_EQ(told_[0].snapshot_id, "s3");
  EXPECT_THAT(told_[1].status.message(), HasSubstr("control/s2/MANIFEST.json"));
}

TEST_F(LoaderRestoreTest, TheNextRestartTriesAgainWhatAnEarlierOneCouldNotRestore) {
  available_memory_ = 0;
  Restart();
  loader_->Restore();
  ASSERT_EQ(Score(), std::nullopt);
  int refusals = 1;
  fail_point_ = [&](LoadPhase phase) {  // memory comes back when the first one was refused
    if (phase == LoadPhase::kBuild && refusals-- <= 0) available_memory_ = int64_t{1} << 40;
    return absl::OkStatus();
  };
  Restart();
  loader_->Restore();
  EXPECT_EQ(Score(), 200);
  EXPECT_EQ(Live(), "s3");
  EXPECT_THAT(Kept(), SizeIs(3));
  Restart();
  loader_->Restore();
  EXPECT_EQ(Score(), 300);
}

TEST_F(LoaderRestoreTest, ARollbackSettlesForWhatWasFallenBackOn) {
  Damage("s3");
  Restart();
  loader_->Restore();
  ASSERT_EQ(Score(), 200);
  EXPECT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).snapshot_id, "s2");
  EXPECT_EQ(Live(), "s2");
  const TableState state = *loader_->StateOf(kTable);
  EXPECT_FALSE(state.Withholds("s3", 7).empty());
}

TEST_F(LoaderRestoreTest, ReportsATableOfWhichNothingIsKept) {
  std::filesystem::remove_all(data_ / "snapshots");
  Restart();
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(reports[0].status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("'s3'")));
  EXPECT_EQ(reports[0].table, kTable);
}

TEST_F(LoaderRestoreTest, FallsBackWhenTheFilesOfTheLiveSnapshotAreGone) {
  std::filesystem::remove_all(KeptDir("s3"));
  Restart();
  loader_->Restore();
  EXPECT_EQ(Score(), 200);
  EXPECT_THAT(told_[0].status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("'s3'")));
}

TEST_F(LoaderRestoreTest, FallsBackToNothingThatWasRolledBackFrom) {
  ASSERT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).snapshot_id, "s2");
  Damage("s2");
  Restart();
  loader_->Restore();
  EXPECT_EQ(Score(), 100);
}

TEST_F(LoaderRestoreTest, FallsBackToWhatWasPublishedAgainAfterARollbackFromIt) {
  ASSERT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).snapshot_id, "s2");
  loader_->Publish(kTable, "s3", kAlice, NoLoadProgress());
  loader_->Publish(kTable, "s2", kAlice, NoLoadProgress());
  Damage("s2");
  Restart();
  loader_->Restore();
  EXPECT_EQ(Score(), 300);
}

TEST_F(LoaderRestoreTest, LeavesWhatWasLoadedMeanwhile) {
  const std::filesystem::path newer = Make({.id = "s4", .score = 400});
  Restart();
  bool once = true;
  fail_point_ = [&](LoadPhase phase) {  // while the restore waits for its turn
    if (phase == LoadPhase::kWaiting && std::exchange(once, false)) {
      EXPECT_EQ(Load(newer).outcome, LoadOutcome::kPublished);
    }
    return absl::OkStatus();
  };
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].outcome, LoadOutcome::kUnchanged) << reports[0].status;
  EXPECT_EQ(reports[0].snapshot_id, "s4");
  EXPECT_EQ(Score(), 400);
  EXPECT_EQ(Live(), "s4");
}

TEST_F(LoaderRestoreTest, FallsBackToNothingThatAPinForbids) {
  ASSERT_THAT(loader_->Pin(kTable, "s3", kAlice), IsOk());
  Damage("s3");
  Restart();
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(reports[0].status,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("pinned")));
  EXPECT_EQ(Score(), std::nullopt);
}

TEST_F(LoaderRestoreTest, ReportsATableOfWhichNothingIsWhole) {
  for (const char* id : {"s1", "s2", "s3"}) Damage(id);
  Restart();
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].outcome, LoadOutcome::kFailed);
  EXPECT_EQ(reports[0].snapshot_id, "s1");
  EXPECT_THAT(told_, SizeIs(3));
  EXPECT_EQ(Score(), std::nullopt);
}

TEST_F(LoaderRestoreTest, ADamagedLiveSnapshotComesBackFromItsSource) {
  for (const char* id : {"s1", "s2", "s3"}) Damage(id);
  Restart();
  loader_->Restore();
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s3").outcome, LoadOutcome::kPublished);
  EXPECT_EQ(Score(), 300);
}

TEST_F(LoaderRestoreTest, StopsWhenCancelled) {
  Restart();
  loader_->Cancel();
  const std::vector<LoadReport> reports = loader_->Restore();
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(reports[0].status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("shutting")));
  EXPECT_THAT(told_, SizeIs(1));
}

TEST_F(LoaderRestoreTest, TakesTheTableThatWasKeptInsteadOfBuildingIt) {
  DamageRows("s3");  // so it can only be that one
  Restart();
  const std::vector<LoadReport> reports = loader_->Restore();
  EXPECT_THAT(reports[0].status, IsOk());
  EXPECT_EQ(Score(), 300);
}

TEST_F(LoaderRestoreTest, BuildsATableWhoseFileIsDamagedCutOffOrGone) {
  const std::filesystem::path file = KeptDir("s3") / "table";
  const auto size = std::filesystem::file_size(file);
  const std::function<void()> damages[] = {
      [&] { FlipByte(file, 3); },
      [&] { FlipByte(file, 9); },
      [&] { FlipByte(file, size - 1); },
      [&] { FlipByte(file, size / 2); },
      [&] { std::filesystem::resize_file(file, size - 1); },
      [&] { std::filesystem::resize_file(file, 0); },
      [&] { std::filesystem::remove(file); },
  };
  const std::string whole = ReadFile(file);
  for (const auto& damage : damages) {
    WriteFile(file, whole);
    damage();
    const bool gone = !std::filesystem::exists(file);
    Restart();
    const LoadReport report = loader_->Restore()[0];
    EXPECT_THAT(report.status, IsOk());
    EXPECT_EQ(report.rebuilt.empty(), gone) << report.rebuilt;
    EXPECT_EQ(Score(), 300);
    EXPECT_EQ(ReadFile(file), whole);  // the next restart finds it
  }
}

TEST_F(LoaderRestoreTest, ATableThatCannotBeKeptIsLiveAllTheSame) {
  fail_point_ = [&](LoadPhase phase) {
    if (phase == LoadPhase::kRetire) std::filesystem::create_directory(KeptDir("s4") / "table.tmp");
    return absl::OkStatus();
  };
  const LoadReport report = Load(Make({.id = "s4", .score = 400}));
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished);
  EXPECT_THAT(report.status.message(),
              AllOf(HasSubstr("could not be kept"), HasSubstr("s4/table.tmp")));
  EXPECT_EQ(Score(), 400);
}

}  // namespace
}  // namespace oasis::testing
