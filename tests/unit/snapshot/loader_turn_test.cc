// Who goes first when several want the loader.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

// Holds what runs when it enters its verify phase, until somebody else was seen to wait.
class LoaderTurnTest : public LoaderFixture {
 protected:
  void SetUp() override {
    MustLoad({.id = "s1", .created = TestTime(1), .score = 1});
    MustLoad({.id = "s2", .created = TestTime(2), .score = 2});
    next_ = Make({.id = "s3", .created = TestTime(3), .score = 3});
    fail_point_ = [this](LoadPhase phase) {
      if (phase != LoadPhase::kVerify) return absl::OkStatus();
      std::unique_lock<std::mutex> lock(mutex_);
      entered_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return may_go_on_; });
      return absl::OkStatus();
    };
  }
  // Rolls back while `work` is held.
  LoadReport RollbackDuring(const std::function<LoadReport()>& work, LoadReport* report) {
    std::thread thread([&] { *report = work(); });
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return entered_; });
    }
    int waiting = 0;
    const LoadReport back =
        loader_->Rollback(kTable, "", kAlice, [&](const LoadProgress& progress) {
          const std::lock_guard<std::mutex> lock(mutex_);
          may_go_on_ |= progress.phase == LoadPhase::kWaiting && ++waiting == 2;
          changed_.notify_all();
          return absl::OkStatus();
        });
    thread.join();
    return back;
  }

  std::filesystem::path next_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool entered_ = false;
  bool may_go_on_ = false;
};

TEST_F(LoaderTurnTest, ALoadThatNobodyAskedForMakesWayForARollback) {
  LoadReport unasked;
  const LoadReport back = RollbackDuring(
      [&] {
        return loader_->LoadUnasked(next_, {"watcher", ""}, NoLoadProgress());
      },
      &unasked);
  EXPECT_EQ(back.outcome, LoadOutcome::kPublished) << back.status;
  EXPECT_EQ(back.snapshot_id, "s1");
  EXPECT_THAT(unasked.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("made way")));
  EXPECT_EQ(Score(), 1);
}

TEST_F(LoaderTurnTest, ALoadThatSomebodyAskedForEndsFirst) {
  LoadReport asked;
  const LoadReport back = RollbackDuring([&] { return Load(next_); }, &asked);
  EXPECT_EQ(asked.outcome, LoadOutcome::kPublished) << asked.status;
  EXPECT_THAT(back.status,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("went live meanwhile")));
}

TEST_F(LoaderTurnTest, ACheckMakesWayForARollback) {
  guardrails_.emplace();
  Restart();
  loader_->Restore();
  LoadReport check;
  const LoadReport back =
      RollbackDuring([&] { return loader_->Check(next_, kAlice, NoLoadProgress()); }, &check);
  EXPECT_EQ(back.outcome, LoadOutcome::kPublished) << back.status;
  EXPECT_THAT(check.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("made way")));
}

}  // namespace
}  // namespace oasis::testing
