#include "support/watcher_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(WatcherTest, LoadsTheNewestOnly) {
  Put({.id = "old", .created = TestTime(1), .score = 1});
  Put({.id = "new", .created = TestTime(2), .score = 2});
  EXPECT_THAT(Poll(), ElementsAre("new published"));
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_EQ(Score(), 2);
  EXPECT_EQ(LastEntry().actor, "watcher");
}

TEST_F(WatcherTest, LoadsEachTable) {
  Put({.id = "a"});
  Put({.id = "b", .variant = "arm"});
  EXPECT_THAT(Poll(), ElementsAre("b published", "a published"));
}

TEST_F(WatcherTest, TakesWhatComesLater) {
  EXPECT_THAT(Poll(), IsEmpty());
  Put({.id = "a", .created = TestTime(1)});
  EXPECT_THAT(Poll(), ElementsAre("a published"));
  Put({.id = "b", .created = TestTime(2)});
  EXPECT_THAT(Poll(), ElementsAre("b published"));
}

TEST_F(WatcherTest, DoesNotTakeASnapshotAgainAfterARollbackFromIt) {
  Put({.id = "a", .created = TestTime(1), .score = 1});
  Poll();
  Put({.id = "b", .created = TestTime(2), .score = 2});
  Poll();
  ASSERT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).outcome,
            LoadOutcome::kPublished);
  EXPECT_THAT(Poll(), IsEmpty());
  RestartAll();
  loader_->Restore();
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_EQ(Score(), 1);
  Put({.id = "c", .created = TestTime(3)});
  EXPECT_THAT(Poll(), ElementsAre("c published"));
}

TEST_F(WatcherTest, TakesASnapshotAgainWhoseLoadWasCutOff) {
  const std::filesystem::path dir = Put({.id = "a", .created = TestTime(1)});
  // As after a kill between the ingest and the publish.
  ASSERT_THAT(store_->Accept(dir, *ReadManifest(dir), TestTime(2), NoProgress()), IsOk());
  RestartAll();
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, IgnoresWhatIsHiddenUnfinishedOrNoDirectory) {
  MakeSnapshot(watched_ / ".hidden", {.id = "a"});
  MakeSnapshot(watched_ / "coming.tmp", {.id = "b"});
  std::filesystem::remove(Put({.id = "unfinished"}) / "MANIFEST.json");
  WriteFile(watched_ / "README", "x");
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_THAT(observed_, IsEmpty());
  std::filesystem::rename(watched_ / "coming.tmp", watched_ / "coming");
  EXPECT_THAT(Poll(), ElementsAre("b published"));
}

TEST_F(WatcherTest, TriesAFailedSnapshotAgainOnlyWhenItsFilesChange) {
  const std::filesystem::path dir = Put({.id = "a"});
  const std::string good = ReadFile(dir / "scores-00000.sst");
  FlipByte(dir / "scores-00000.sst", 33);
  EXPECT_THAT(Poll(), ElementsAre("a failed"));
  EXPECT_THAT(told_.back().status.message(), HasSubstr("scores-00000.sst"));
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_THAT(told_, SizeIs(1));
  std::filesystem::remove(dir / "scores-00000.sst");
  WriteFile(dir / "scores-00000.sst", good);
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, TakesTheNextNewestWhenTheNewestFails) {
  Put({.id = "a", .created = TestTime(1), .score = 1});
  FlipByte(Put({.id = "b", .created = TestTime(2)}) / "scores-00000.sst", 33);
  EXPECT_THAT(Poll(), ElementsAre("b failed"));
  EXPECT_THAT(Poll(), ElementsAre("a published"));
  EXPECT_EQ(Score(), 1);
}

TEST_F(WatcherTest, ReportsAnUnreadableManifestOnce) {
  const std::filesystem::path dir = Put({.id = "a"});
  const std::string good = ReadFile(dir / "MANIFEST.json");
  WriteFile(dir / "MANIFEST.json", "rubbish");
  EXPECT_THAT(Poll(), ElementsAre("? failed"));
  EXPECT_EQ(told_.back().source, dir.string());
  EXPECT_EQ(told_.back().actor, "watcher");
  EXPECT_THAT(told_.back().status.message(), HasSubstr("MANIFEST.json"));
  EXPECT_THAT(Poll(), IsEmpty());
  WriteFile(dir / "MANIFEST.json", good);
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, DoesNotHoldACancelledLoadAgainstASnapshot) {
  Put({.id = "a"});
  fail_point_ = [](LoadPhase) { return absl::CancelledError("enough"); };
  EXPECT_THAT(Poll(), ElementsAre("? failed"));
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, TriesAgainAfterAFailureThatMayPass) {
  Put({.id = "a"});
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kIngest ? absl::ResourceExhaustedError("full") : absl::OkStatus();
  };
  EXPECT_THAT(Poll(), ElementsAre("a failed"));
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  EXPECT_THAT(Poll(), IsEmpty());
  now_ += absl::Seconds(kMinLoadRetrySeconds);
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, WaitsLongerAfterEachFailureUpToABound) {
  Put({.id = "a"});
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kVerify ? absl::UnavailableError("not now") : absl::OkStatus();
  };
  absl::Duration wait = absl::Seconds(kMinLoadRetrySeconds);
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(Poll(), ElementsAre("? failed"));
    now_ += wait - absl::Seconds(1);
    EXPECT_THAT(Poll(), IsEmpty());
    now_ += absl::Seconds(1);
    wait = std::min(2 * wait, absl::Seconds(kMaxLoadRetrySeconds));
  }
}

TEST_F(WatcherTest, HealsATableThatCouldNotBeRestored) {
  Put({.id = "a", .created = TestTime(1), .score = 1});
  Poll();
  Damage("a");
  RestartAll();
  loader_->Restore();
  ASSERT_EQ(Score(), std::nullopt);
  EXPECT_THAT(Poll(), ElementsAre("a published"));
  EXPECT_EQ(Score(), 1);
}

TEST_F(WatcherTest, HealsATableThatFellBackOnAnOlderSnapshot) {
  Put({.id = "a", .created = TestTime(1), .score = 1});
  Poll();
  Put({.id = "b", .created = TestTime(2), .score = 2});
  Poll();
  Damage("b");
  RestartAll();
  loader_->Restore();
  ASSERT_EQ(Score(), 1);
  EXPECT_THAT(Poll(), ElementsAre("b published"));
  EXPECT_EQ(Score(), 2);
  EXPECT_THAT(Poll(), IsEmpty());
}

TEST_F(WatcherTest, ASnapshotFromTheFutureDoesNotKeepLaterOnesFromComing) {
  const std::filesystem::path dir = Put({.id = "future", .created = TestTime(1'000'000)});
  EXPECT_THAT(Poll(), ElementsAre("future failed"));
  EXPECT_THAT(told_.back().status,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(dir.string())));
  Put({.id = "a", .created = TestTime(1)});
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, TakesNoOlderSnapshotAfterANewerOneThatCameMeanwhile) {
  Put({.id = "b", .created = TestTime(2), .score = 2});
  const std::filesystem::path newer = Make({.id = "c", .created = TestTime(3), .score = 3});
  bool once = true;
  fail_point_ = [&](LoadPhase phase) {  // while the watcher's load waits for its turn
    if (phase == LoadPhase::kWaiting && std::exchange(once, false)) {
      EXPECT_EQ(Load(newer).outcome, LoadOutcome::kPublished);
    }
    return absl::OkStatus();
  };
  EXPECT_THAT(Poll(), ElementsAre("b unchanged"));
  EXPECT_EQ(Score(), 3);
  EXPECT_THAT(Poll(), IsEmpty());
}

TEST_F(WatcherTest, TellsOnceOfADirectoryItMayNotLookInto) {
  const std::filesystem::path dir = Put({.id = "a"});
  std::filesystem::permissions(temp_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(dir, std::filesystem::perms::none);
  {
    const AsNobody nobody;
    EXPECT_THAT(Poll(), IsEmpty());
    EXPECT_THAT(Poll(), IsEmpty());
  }
  ASSERT_THAT(observed_, SizeIs(1));
  EXPECT_THAT(observed_[0], StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr(dir.string())));
  std::filesystem::permissions(dir, std::filesystem::perms(0755));
  EXPECT_THAT(Poll(), ElementsAre("a published"));
}

TEST_F(WatcherTest, TellsThatItMayNotReadItsDirectory) {
  std::filesystem::permissions(temp_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(watched_, std::filesystem::perms::none);
  {
    const AsNobody nobody;
    EXPECT_THAT(Poll(), IsEmpty());
  }
  ASSERT_THAT(observed_, SizeIs(1));
  EXPECT_THAT(observed_[0],
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr(watched_.string())));
}

TEST_F(WatcherTest, PassesOverAPinnedTableAndSaysSoOnce) {
  Put({.id = "a", .created = TestTime(1)});
  Poll();
  ASSERT_THAT(loader_->Pin(kTable, "a", kAlice), IsOk());
  const std::filesystem::path dir = Put({.id = "b", .created = TestTime(2)});
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_THAT(Poll(), IsEmpty());
  ASSERT_THAT(observed_, SizeIs(1));
  EXPECT_THAT(observed_[0], StatusIs(absl::StatusCode::kFailedPrecondition,
                                     AllOf(HasSubstr(dir.string()), HasSubstr("pinned"))));
  ASSERT_THAT(loader_->Unpin(kTable, kAlice), IsOk());
  EXPECT_THAT(Poll(), ElementsAre("b published"));
}

TEST_F(WatcherTest, TellsOfAnotherSnapshotInADirectoryWhoseLoadFailed) {
  guardrails_.emplace();
  RestartAll();
  Put({.id = "a", .created = TestTime(1), .items = 10});
  ASSERT_THAT(Poll(), ElementsAre("a published"));
  const std::filesystem::path dir = Put({.id = "b", .created = TestTime(2), .items = 4});
  ASSERT_THAT(Poll(), ElementsAre("b failed"));
  ASSERT_THAT(loader_->Pin(kTable, "a", kAlice), IsOk());
  std::filesystem::remove_all(dir);
  Put({.id = "b", .created = TestTime(3), .items = 10});
  EXPECT_THAT(Poll(), IsEmpty());
  ASSERT_THAT(observed_, SizeIs(1));
  EXPECT_THAT(observed_[0], StatusIs(absl::StatusCode::kFailedPrecondition,
                                     AllOf(HasSubstr(dir.string()), HasSubstr("pinned"))));
}

TEST_F(WatcherTest, SurvivesThatItsDirectoryGoesAndComes) {
  std::filesystem::remove_all(watched_);
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_THAT(Poll(), IsEmpty());
  ASSERT_THAT(observed_, SizeIs(1));
  EXPECT_THAT(observed_[0], StatusIs(absl::StatusCode::kNotFound, HasSubstr(watched_.string())));
  std::filesystem::create_directory(watched_);
  Put({.id = "a"});
  EXPECT_THAT(Poll(), ElementsAre("a published"));
  ASSERT_THAT(observed_, SizeIs(2));
  EXPECT_THAT(observed_[1], IsOk());
}

TEST_F(WatcherTest, RefusesADirectoryThatIsNone) {
  EXPECT_THAT(Watcher::Create({.dir = temp_ / "nowhere"}, loader_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nowhere")));
  WriteFile(temp_ / "file", "x");
  EXPECT_THAT(Watcher::Create({.dir = temp_ / "file"}, loader_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("file")));
}

TEST_F(WatcherTest, DoesNotTryABlockedSnapshotAgainUntilItsBytesChange) {
  guardrails_.emplace();
  RestartAll();
  Put({.id = "a", .created = TestTime(1), .items = 10});
  EXPECT_THAT(Poll(), ElementsAre("a published"));
  const std::filesystem::path dir = Put({.id = "b", .created = TestTime(2), .items = 4});
  EXPECT_THAT(Poll(), ElementsAre("b failed"));
  now_ += absl::Hours(24);
  EXPECT_THAT(Poll(), IsEmpty());
  std::filesystem::remove_all(dir);
  Put({.id = "b", .created = TestTime(2), .items = 9});
  EXPECT_THAT(Poll(), ElementsAre("b published"));
}

}  // namespace
}  // namespace oasis::testing
