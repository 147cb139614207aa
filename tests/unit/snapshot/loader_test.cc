#include "oasis/loader.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <new>
#include <thread>

#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LoaderTest : public LoaderFixture {};

TEST_F(LoaderTest, PublishesASnapshot) {
  const LoadReport report = Load(Make({.id = "s1", .items = 10, .score = 500}));
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished);
  EXPECT_THAT(report.status, IsOk());
  EXPECT_EQ(report.action, "load");
  EXPECT_EQ(report.actor, "alice");
  EXPECT_EQ(report.source, (temp_ / "discovery-mode-control-s1").string());
  EXPECT_EQ(report.table, kTable);
  EXPECT_EQ(report.snapshot_id, "s1");
  EXPECT_EQ(report.replaced, "");
  EXPECT_EQ(report.items, 10);
  EXPECT_EQ(report.rows, 20);
  EXPECT_EQ(Score(), 500);
  EXPECT_EQ(Live(), "s1");
}

TEST_F(LoaderTest, ReplacesTheLiveSnapshot) {
  MustLoad({.id = "s1", .score = 500});
  const LoadReport report = Load(Make({.id = "s2", .score = 600}));
  EXPECT_EQ(report.replaced, "s1");
  EXPECT_EQ(Score(), 600);
  EXPECT_EQ(Live(), "s2");
}

TEST_F(LoaderTest, GoesThroughThePhasesInOrder) {
  std::vector<LoadPhase> seen;
  const LoadProgressFn progress = [&](const LoadProgress& step) {
    if (seen.empty() || seen.back() != step.phase) seen.push_back(step.phase);
    EXPECT_LE(step.done, step.total);
    return absl::OkStatus();
  };
  const LoadReport report = loader_->Load(Make({}), kAlice, progress);
  EXPECT_THAT(seen, ElementsAre(LoadPhase::kWaiting, LoadPhase::kVerify, LoadPhase::kIngest,
                                LoadPhase::kBuild, LoadPhase::kWarm, LoadPhase::kPublish,
                                LoadPhase::kRetire, LoadPhase::kDone));
  std::vector<LoadPhase> timed;
  for (const auto& [phase, took] : report.phases) {
    timed.push_back(phase);
    EXPECT_GE(took, absl::ZeroDuration());
  }
  seen.pop_back();
  EXPECT_EQ(timed, seen);
}

TEST_F(LoaderTest, KeepsSeveralTablesAtOnce) {
  MustLoad({.id = "s1", .score = 1});
  MustLoad({.id = "s1", .variant = "arm", .score = 2});
  MustLoad({.id = "s1", .score_set = "other", .score = 3});
  EXPECT_EQ(Score(), 1);
  EXPECT_EQ(LiveScore(*tables_, {"discovery-mode", "arm"}), 2);
  EXPECT_EQ(LiveScore(*tables_, {"other", "control"}), 3);
}

TEST_F(LoaderTest, LeavesTheLiveSnapshotAlone) {
  const SnapshotSpec spec = {.id = "s1"};
  MustLoad(spec);
  FlipByte(temp_ / "discovery-mode-control-s1" / "scores-00000.sst", 20);  // nobody looks
  const LoadReport report = Load(temp_ / "discovery-mode-control-s1");
  EXPECT_EQ(report.outcome, LoadOutcome::kUnchanged) << report.status;
  EXPECT_EQ(report.items, spec.items);
  EXPECT_EQ(LastEntry().outcome, "unchanged");
}

TEST_F(LoaderTest, TakesAKeptSnapshotFromTheStore) {
  MustLoad({.id = "s1", .score = 500});
  MustLoad({.id = "s2"});
  const LoadReport report = Load(temp_ / "discovery-mode-control-s1");
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  EXPECT_EQ(Score(), 500);
  EXPECT_THAT(Kept(), ElementsAre("s2", "s1"));
}

TEST_F(LoaderTest, ReplacesADamagedKeptSnapshotByItsSource) {
  MustLoad({.id = "s1", .score = 500});
  MustLoad({.id = "s2"});
  Damage("s1");
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s1").outcome, LoadOutcome::kPublished);
  EXPECT_EQ(Score(), 500);
  EXPECT_THAT(told_.back().status, IsOk());
}

TEST_F(LoaderTest, ReplacesAKeptSnapshotWhoseManifestIsDamaged) {
  MustLoad({.id = "s1", .score = 500});
  MustLoad({.id = "s2"});
  FlipByte(KeptDir("s1") / "MANIFEST.json", 40);
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s1").outcome, LoadOutcome::kPublished);
  EXPECT_THAT(store_->GetManifest(kTable, "s1"), IsOk());
}

TEST_F(LoaderTest, PublishesAKeptSnapshotWithoutItsSource) {
  MustLoad({.id = "s1", .score = 500});
  MustLoad({.id = "s2", .score = 600});
  std::filesystem::remove_all(temp_ / "discovery-mode-control-s1");
  const LoadReport report = loader_->Publish(kTable, "s1", kAlice, NoLoadProgress());
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  EXPECT_EQ(report.phases[1].first, LoadPhase::kBuild);
  EXPECT_EQ(Score(), 500);
  EXPECT_EQ(loader_->Publish(kTable, "s1", kAlice, NoLoadProgress()).outcome,
            LoadOutcome::kUnchanged);
}

TEST_F(LoaderTest, RollsBackToWhatWasLiveBefore) {
  for (const char* id : {"s1", "s2", "s3"}) MustLoad({.id = id});
  EXPECT_EQ(loader_->Publish(kTable, "s1", kAlice, NoLoadProgress()).outcome,
            LoadOutcome::kPublished);
  const LoadReport back = loader_->Rollback(kTable, "", kAlice, NoLoadProgress());
  EXPECT_EQ(back.action, "rollback");
  EXPECT_EQ(back.snapshot_id, "s3");
  EXPECT_EQ(back.replaced, "s1");
  // Once more goes further back, never to what was rolled back from, unless it is asked for.
  EXPECT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).snapshot_id, "s2");
  EXPECT_EQ(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).outcome, LoadOutcome::kFailed);
  EXPECT_EQ(loader_->Rollback(kTable, "s1", kAlice, NoLoadProgress()).snapshot_id, "s1");
  EXPECT_EQ(Live(), "s1");
}

TEST_F(LoaderTest, KeepsTheNewestAndPrunesTheRest) {
  for (const char* id : {"s1", "s2", "s3", "s4"}) MustLoad({.id = id});
  EXPECT_THAT(Kept(), ElementsAre("s4", "s3", "s2"));
  EXPECT_FALSE(std::filesystem::exists(KeptDir("s1")));
  EXPECT_TRUE(std::filesystem::exists(KeptDir("s2")));
}

TEST_F(LoaderTest, YieldsToRequestsWhereATableAnswersThemButForARestart) {
  const int ours = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
  int nicer = -1;
  fail_point_ = [&](LoadPhase phase) {
    if (phase != LoadPhase::kWaiting) {
      nicer = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())) - ours;
    }
    return absl::OkStatus();
  };
  low_priority_ = true;
  Restart();
  MustLoad({.id = "s1"});
  EXPECT_EQ(nicer, 0);
  MustLoad({.id = "s2"});
  EXPECT_EQ(nicer, std::min(kLoadNiceness, 19 - ours));
  EXPECT_THAT(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).status, IsOk());
  EXPECT_EQ(nicer, std::min(kSwitchNiceness, 19 - ours));
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), ours);
  loader_->Restore();
  EXPECT_EQ(nicer, 0);
}

// Holds one load in its verify phase until told to go on.
class TwoLoadsTest : public LoaderFixture {
 protected:
  void SetUp() override {
    fail_point_ = [this](LoadPhase phase) {
      if (phase != LoadPhase::kVerify) return absl::OkStatus();
      std::unique_lock<std::mutex> lock(mutex_);
      ++entered_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return may_go_on_; });
      return absl::OkStatus();
    };
    const std::filesystem::path dir = Make({.id = "s1"});
    first_ = std::thread([this, dir] { Load(dir); });
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return entered_ == 1; });
  }
  void LetGoOn() {
    const std::lock_guard<std::mutex> lock(mutex_);
    may_go_on_ = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int entered_ = 0;
  bool may_go_on_ = false;
  std::thread first_;
};

TEST_F(TwoLoadsTest, TheSecondWaitsForTheFirst) {
  int waiting = 0;
  const LoadProgressFn progress = [&](const LoadProgress& step) {
    if (step.phase == LoadPhase::kWaiting && ++waiting == 2) {
      EXPECT_EQ(entered_, 1);
      LetGoOn();
    }
    return absl::OkStatus();
  };
  EXPECT_EQ(loader_->Load(Make({.id = "s2"}), kAlice, progress).outcome, LoadOutcome::kPublished);
  first_.join();
  EXPECT_GE(waiting, 2);
  EXPECT_THAT(told_, SizeIs(2));
  EXPECT_EQ(told_[0].snapshot_id, "s1");
  EXPECT_EQ(Live(), "s2");
}

TEST_F(TwoLoadsTest, ARollbackUndoesNothingThatItsCallerDidNotSee) {
  int waiting = 0;
  const LoadProgressFn progress = [&](const LoadProgress& step) {
    if (step.phase == LoadPhase::kWaiting && ++waiting == 2) LetGoOn();
    return absl::OkStatus();
  };
  const LoadReport report = loader_->Rollback(kTable, "", kAlice, progress);
  first_.join();
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("'s1' went live meanwhile")));
  EXPECT_EQ(Live(), "s1");
}

TEST_F(TwoLoadsTest, AWaitingOneCanBeCancelled) {
  int waiting = 0;
  const LoadProgressFn progress = [&](const LoadProgress&) {
    return ++waiting == 2 ? absl::CancelledError("enough") : absl::OkStatus();
  };
  const LoadReport report = loader_->Load(Make({.id = "s2"}), kAlice, progress);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_EQ(report.failed_in, LoadPhase::kWaiting);
  LetGoOn();
  first_.join();
  EXPECT_EQ(Live(), "s1");
}

TEST_F(TwoLoadsTest, CancelEndsAllOfThem) {
  absl::Status second;
  std::thread waiting([&] { second = Load(Make({.id = "s2"})).status; });
  loader_->Cancel();
  waiting.join();
  LetGoOn();
  first_.join();
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kCancelled, HasSubstr("shutting down")));
  EXPECT_EQ(Live(), "none");
  EXPECT_THAT(Load(temp_ / "discovery-mode-control-s1").status,
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("shutting down")));
}

TEST_F(LoaderTest, AnExceptionWhileTellingTheEndDoesNotKeepLaterLoadsWaiting) {
  const LoadProgressFn throws_at_the_end = [](const LoadProgress& progress) {
    if (progress.phase == LoadPhase::kDone) throw std::bad_alloc();
    return absl::OkStatus();
  };
  EXPECT_THROW(loader_->Load(Make({.id = "s2"}), kAlice, throws_at_the_end), std::bad_alloc);
  EXPECT_EQ(Load(Make({.id = "s3"})).outcome, LoadOutcome::kPublished);
}

}  // namespace
}  // namespace oasis::testing
