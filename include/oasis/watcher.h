// The watcher: finds new snapshots in a directory and gives them to the loader.
#ifndef OASIS_WATCHER_H_
#define OASIS_WATCHER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/loader.h"

namespace oasis {

// A complete snapshot seen in the watched directory.
struct Candidate {
  std::filesystem::path dir;
  TableName table;
  std::string snapshot_id;
  absl::Time created;
  std::string stamp;  // of its files' inodes, sizes and times: changes when one of them does
  uint64_t manifest_checksum = 0;  // of EncodeManifest
};

// A load that failed.
struct FailedLoad {
  std::string stamp = {};                      // of the directory then
  absl::Duration wait = absl::ZeroDuration();  // doubled each time
  absl::Time again = absl::InfiniteFuture();   // when to try it again as it is

  // A clock that was put back does not make the wait longer.
  bool Forbids(absl::string_view present_stamp, absl::Time now) const {
    const bool for_good = again == absl::InfiniteFuture();
    return stamp == present_stamp && (for_good || (now < again && again - now <= wait));
  }
};

// Which candidates to load, one a table at most: the newest of those that the table takes and whose
// load did not fail a short time ago, nor for good. A pure function. A table that is not in
// `tables` takes nothing.
std::vector<Candidate> NextLoads(const std::vector<Candidate>& candidates,
                                 const std::map<TableName, TableState>& tables,
                                 const std::map<std::filesystem::path, FailedLoad>& failed,
                                 absl::Time now);

// Watches the directories right below `dir` (a snapshot each) by inotify, with a poll as a
// backstop. The thread only calls PollOnce; tests call it themselves and start no thread.
class Watcher {
 public:
  struct Options {
    std::filesystem::path dir;
    absl::Duration poll_interval = absl::Seconds(kDefaultWatchPollSeconds);
    std::function<absl::Time()> clock = [] { return absl::Now(); };
    // Told when the directory cannot be read (OK when it can again), and of snapshots withheld
    // (TableState::Withholds), which the journal tells, too.
    std::function<void(const absl::Status&)> observer = [](const absl::Status&) {};
  };

  // InvalidArgument when `dir` is not a readable directory.
  static absl::StatusOr<std::unique_ptr<Watcher>> Create(Options options,
                                                         std::shared_ptr<Loader> loader);
  ~Watcher();  // stops
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Looks once and loads what NextLoads says. Returns the reports of the loads. What a snapshot is
  // refused for as it is (damage, a broken rule) is remembered until one of its files changes;
  // after any other failure it is tried again, each time later. Not to be called while the thread
  // runs.
  std::vector<LoadReport> PollOnce();

  absl::Status Start();
  void Stop();  // ends a load under way as cancelled; it is not remembered as failed

 private:
  struct Rep;
  explicit Watcher(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace oasis

#endif  // OASIS_WATCHER_H_
