#include "support/watcher_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

// With the thread; the poll interval of an hour leaves it to inotify.
class WatcherThreadTest : public WatcherTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(watched_);
    Loader::Options options;
    options.huge_pages = false;
    options.low_priority = false;
    options.observer = [this](const LoadReport& report) {
      const std::lock_guard<std::mutex> lock(mutex_);
      published_ += report.outcome == LoadOutcome::kPublished ? 1 : 0;
      changed_.notify_all();
    };
    loader_ = std::make_shared<Loader>(store_, tables_, options);
    Watch();
    ASSERT_THAT(watcher_->Start(), IsOk());
  }
  void TearDown() override { watcher_->Stop(); }

  void AwaitPublished(int count) {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(60), [&] { return published_ == count; }));
  }

  int published_ = 0;
};

TEST_F(WatcherThreadTest, WakesForASnapshotWrittenInPlace) {
  Put({.id = "a", .created = TestTime(1)});
  AwaitPublished(1);
  Put({.id = "b", .created = TestTime(2)});
  AwaitPublished(2);
}

TEST_F(WatcherThreadTest, WakesForASnapshotMovedIntoPlace) {
  MakeSnapshot(watched_ / ".a", {.id = "a"});
  std::filesystem::rename(watched_ / ".a", watched_ / "a");
  AwaitPublished(1);
}

TEST_F(WatcherThreadTest, OutlivesAnException) {
  clock_throws_ = true;
  Put({.id = "a", .created = TestTime(1)});
  {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(60), [&] { return !observed_.empty(); }));
    EXPECT_THAT(observed_.at(0),
                StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("memory")));
  }
  Put({.id = "b", .created = TestTime(2)});
  AwaitPublished(1);
}

TEST_F(WatcherThreadTest, StopsAtOnceAndStartsAgain) {
  watcher_->Stop();
  watcher_->Stop();
  Put({.id = "a"});
  ASSERT_THAT(watcher_->Start(), IsOk());
  AwaitPublished(1);
}

}  // namespace
}  // namespace oasis::testing
