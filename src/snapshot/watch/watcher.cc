#include "oasis/watcher.h"

#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/load/low_priority.h"
#include "snapshot/watch/candidates.h"
#include "snapshot/watch/dir_events.h"

namespace oasis {

struct Watcher::Rep {
  Rep(Options watcher_options, std::shared_ptr<Loader> snapshot_loader)
      : options(std::move(watcher_options)), loader(std::move(snapshot_loader)) {}

  const Options options;
  const std::shared_ptr<Loader> loader;
  CandidateReader reader;
  std::map<std::filesystem::path, std::string> failed;       // directory to stamp
  std::map<std::filesystem::path, std::string> passed_over;  // told of: directory to stamp
  bool readable = true;                                      // the watched directory, last time

  std::unique_ptr<DirEvents> events;
  std::atomic<bool> stopping{false};
  std::thread thread;

  absl::StatusOr<std::vector<StampedDir>> List();
  std::map<TableName, TableState> TableStates(const std::vector<Candidate>& candidates);
  void LoadOne(const std::filesystem::path& dir, const std::string& stamp,
               std::vector<LoadReport>& reports);
  void Forget(const std::vector<StampedDir>& present);
};

absl::StatusOr<std::unique_ptr<Watcher>> Watcher::Create(Options options,
                                                         std::shared_ptr<Loader> loader) {
  const absl::Status listed = ListSnapshotDirs(options.dir).status();
  if (!listed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(listed.message(), "; give the directory that new snapshots are put into"));
  }
  return std::unique_ptr<Watcher>(
      new Watcher(std::make_unique<Rep>(std::move(options), std::move(loader))));
}

Watcher::Watcher(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Watcher::~Watcher() { Stop(); }

// Tells when the directory ceases to be readable, and when it is again.
absl::StatusOr<std::vector<StampedDir>> Watcher::Rep::List() {
  absl::StatusOr<std::vector<StampedDir>> dirs = ListSnapshotDirs(options.dir);
  if (dirs.ok() != readable) options.observer(dirs.status());
  readable = dirs.ok();
  return dirs;
}

std::map<TableName, TableState> Watcher::Rep::TableStates(
    const std::vector<Candidate>& candidates) {
  std::map<TableName, TableState> states;
  for (const Candidate& candidate : candidates) {
    if (states.contains(candidate.table)) continue;
    const auto newest = loader->store().NewestPublished(candidate.table);
    const auto pinned = loader->store().Pinned(candidate.table);
    TableState& state = states[candidate.table];
    state.newest_published = newest.ok() ? *newest : absl::InfiniteFuture();
    state.pinned = pinned.ok() && pinned->has_value();
    if (!newest.ok()) options.observer(newest.status());
  }
  for (const Candidate& candidate : candidates) {
    const TableState& state = states[candidate.table];
    if (!state.pinned || candidate.created <= state.newest_published) continue;
    std::string& told = passed_over[candidate.dir];
    if (std::exchange(told, candidate.stamp) == candidate.stamp) continue;
    options.observer(absl::FailedPreconditionError(
        absl::StrCat(candidate.dir.string(), ": not loaded, because ", candidate.table.score_set,
                     "/", candidate.table.variant, " is pinned; unpin it to let it come")));
  }
  return states;
}

void Watcher::Rep::LoadOne(const std::filesystem::path& dir, const std::string& stamp,
                           std::vector<LoadReport>& reports) {
  const Caller caller = {.actor = "watcher", .reason = ""};
  const LoadProgressFn progress = [this](const LoadProgress&) {
    return stopping ? absl::CancelledError("the watcher is stopping") : absl::OkStatus();
  };
  const LoadReport& report = reports.emplace_back(loader->Load(dir, caller, progress));
  if (report.outcome == LoadOutcome::kFailed && !absl::IsCancelled(report.status)) {
    failed[dir] = stamp;
  }
}

// Of directories that are gone.
void Watcher::Rep::Forget(const std::vector<StampedDir>& present) {
  std::map<std::filesystem::path, std::string> still_failed;
  std::map<std::filesystem::path, std::string> still_passed_over;
  for (const StampedDir& stamped : present) {
    if (const auto it = failed.find(stamped.dir); it != failed.end()) still_failed.insert(*it);
    if (const auto it = passed_over.find(stamped.dir); it != passed_over.end()) {
      still_passed_over.insert(*it);
    }
  }
  failed = std::move(still_failed);
  passed_over = std::move(still_passed_over);
}

std::vector<LoadReport> Watcher::PollOnce() {
  std::vector<LoadReport> reports;
  const absl::StatusOr<std::vector<StampedDir>> dirs = rep_->List();
  if (!dirs.ok()) return reports;
  rep_->Forget(*dirs);
  const CandidateReader::Result found = rep_->reader.Read(*dirs);
  for (const StampedDir& unreadable : found.unreadable) {
    if (rep_->failed[unreadable.dir] == unreadable.stamp) continue;
    rep_->LoadOne(unreadable.dir, unreadable.stamp, reports);  // says what is wrong with it
  }
  const std::map<TableName, TableState> states = rep_->TableStates(found.candidates);
  for (const Candidate& next : NextLoads(found.candidates, states, rep_->failed)) {
    rep_->LoadOne(next.dir, next.stamp, reports);
  }
  return reports;
}

absl::Status Watcher::Start() {
  OASIS_ASSIGN_OR_RETURN(rep_->events, DirEvents::Create(rep_->options.dir));
  if (!rep_->events->inotify().ok()) rep_->options.observer(rep_->events->inotify());
  rep_->stopping = false;
  try {
    rep_->thread = std::thread([this] {
      if (rep_->loader->low_priority()) LowerThreadPriority();  // reading manifests is work too
      while (!rep_->stopping) {
        rep_->events->Refresh();
        PollOnce();
        if (!rep_->stopping) rep_->events->Wait(rep_->options.poll_interval);
      }
    });
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot start the thread of the watcher: ", error.what()));
  }
  return absl::OkStatus();
}

void Watcher::Stop() {
  rep_->stopping = true;
  if (rep_->events != nullptr) rep_->events->Wake();
  if (rep_->thread.joinable()) rep_->thread.join();
}

}  // namespace oasis
