// A watcher on a directory and a loader of its own, with a clock that stands still.
#ifndef OASIS_TESTS_SUPPORT_WATCHER_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_WATCHER_SUPPORT_H_

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "oasis/watcher.h"
#include "support/loader_support.h"

namespace oasis::testing {

class WatcherTest : public LoaderFixture {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(watched_);
    Watch();
  }
  void Watch() {
    Watcher::Options options = {.dir = watched_, .poll_interval = absl::Hours(1)};
    options.clock = [this] {
      if (clock_throws_.exchange(false)) throw std::bad_alloc();
      return now_;
    };
    options.observer = [this](const absl::Status& status) {
      const std::lock_guard<std::mutex> lock(mutex_);
      observed_.push_back(status);
      changed_.notify_all();
    };
    OASIS_ASSERT_OK_AND_ASSIGN(watcher_, Watcher::Create(options, loader_));
  }

  void RestartAll() {
    watcher_.reset();
    Restart();
    Watch();
  }

  // Makes a snapshot in the watched directory.
  std::filesystem::path Put(const SnapshotSpec& spec) {
    std::filesystem::path dir = watched_ / spec.id;
    MakeSnapshot(dir, spec);
    return dir;
  }
  std::vector<std::string> Poll() {
    std::vector<std::string> loaded;
    for (const LoadReport& report : watcher_->PollOnce()) {
      const std::string name = report.snapshot_id.empty() ? "?" : report.snapshot_id;
      loaded.push_back(name + " " + std::string(LoadOutcomeName(report.outcome)));
    }
    return loaded;
  }

  const std::filesystem::path watched_ = temp_ / "watched";
  absl::Time now_ = TestTime(1000);
  std::atomic<bool> clock_throws_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<absl::Status> observed_;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_WATCHER_SUPPORT_H_
