#include "oasis/watcher.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "machine/catching.h"
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
  std::map<std::filesystem::path, FailedLoad> failed;
  std::map<std::filesystem::path, std::string> told_before;  // in the poll before: what of which
  std::map<std::filesystem::path, std::string> told;         // in this one
  bool readable = true;                                      // the watched directory, last time

  std::unique_ptr<DirEvents> events;
  std::atomic<bool> stopping{false};
  std::thread thread;

  absl::StatusOr<SnapshotDirListing> List();
  std::map<TableName, TableState> TableStates(const std::vector<Candidate>& candidates);
  void TellOfWithheld(const std::vector<Candidate>& candidates,
                      const std::map<TableName, TableState>& states);
  bool TellOnce(const std::filesystem::path& dir, absl::string_view stamp,
                const absl::Status& status);
  LoadReport LoadOne(const std::filesystem::path& dir, const std::string& stamp);
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
absl::StatusOr<SnapshotDirListing> Watcher::Rep::List() {
  absl::StatusOr<SnapshotDirListing> listing = ListSnapshotDirs(options.dir);
  if (listing.ok() != readable) options.observer(listing.status());
  readable = listing.ok();
  return listing;
}

// As long as it is so in every poll. Whether it was told now.
bool Watcher::Rep::TellOnce(const std::filesystem::path& dir, absl::string_view stamp,
                            const absl::Status& status) {
  const std::string& text = told[dir] = absl::StrCat(stamp, " ", status.message());
  const auto before = told_before.find(dir);
  if (before != told_before.end() && before->second == text) return false;
  options.observer(status);
  return true;
}

std::map<TableName, TableState> Watcher::Rep::TableStates(
    const std::vector<Candidate>& candidates) {
  std::map<TableName, TableState> states;
  for (const Candidate& candidate : candidates) {
    if (states.contains(candidate.table)) continue;
    absl::StatusOr<TableState> state = loader->StateOf(candidate.table);
    if (state.ok()) {
      states[candidate.table] = *std::move(state);
    } else {
      TellOnce(candidate.dir, candidate.stamp, Annotate(state.status(), "nothing is loaded"));
    }
  }
  return states;
}

void Watcher::Rep::TellOfWithheld(const std::vector<Candidate>& candidates,
                                  const std::map<TableName, TableState>& states) {
  for (const Candidate& candidate : candidates) {
    const auto state = states.find(candidate.table);
    if (state == states.end() || !state->second.Newer(candidate.created)) continue;
    const absl::string_view why =
        state->second.Withholds(candidate.snapshot_id, candidate.manifest_checksum);
    // What this process saw blocked was told then.
    const auto failure = failed.find(candidate.dir);
    const bool was_told = failure != failed.end() && failure->second.stamp == candidate.stamp;
    if (why.empty() || was_told) continue;
    const std::string text = absl::StrCat(candidate.dir.string(), ": not loaded, because ", why);
    if (!TellOnce(candidate.dir, candidate.stamp, absl::FailedPreconditionError(text))) continue;
    const absl::Status journaled = loader->JournalWithheld(
        candidate.table, candidate.snapshot_id, {.actor = "watcher", .reason = ""}, text);
    if (!journaled.ok()) options.observer(Annotate(journaled, "the journal"));
  }
}

LoadReport Watcher::Rep::LoadOne(const std::filesystem::path& dir, const std::string& stamp) {
  const Caller caller = {.actor = "watcher", .reason = ""};
  const LoadProgressFn progress = [this](const LoadProgress&) {
    return stopping ? absl::CancelledError("the watcher is stopping") : absl::OkStatus();
  };
  LoadReport report = loader->LoadUnasked(dir, caller, progress);
  if (absl::IsCancelled(report.status)) return report;
  if (report.outcome != LoadOutcome::kFailed) {
    failed.erase(dir);
    return report;
  }
  FailedLoad& failure = failed[dir];
  const bool again = failure.stamp == stamp;
  failure.stamp = stamp;
  failure.wait = again ? std::min(2 * failure.wait, absl::Seconds(kMaxLoadRetrySeconds))
                       : absl::Seconds(kMinLoadRetrySeconds);
  // What guardrails block is looked at by people; another live table does not bring it back.
  const bool refused = report.blocked() || IsRefusal(report.status);
  failure.again = refused ? absl::InfiniteFuture() : options.clock() + failure.wait;
  return report;
}

// Failures of directories that are gone.
void Watcher::Rep::Forget(const std::vector<StampedDir>& present) {
  std::map<std::filesystem::path, FailedLoad> still_there;
  for (const StampedDir& stamped : present) {
    if (const auto it = failed.find(stamped.dir); it != failed.end()) still_there.insert(*it);
  }
  failed = std::move(still_there);
}

std::vector<LoadReport> Watcher::PollOnce() {
  Rep& rep = *rep_;
  std::vector<LoadReport> reports;
  const absl::StatusOr<SnapshotDirListing> listing = rep.List();
  if (!listing.ok()) return reports;
  rep.told_before = std::exchange(rep.told, {});
  for (const auto& [dir, why] : listing->closed) rep.TellOnce(dir, "", why);
  rep.Forget(listing->dirs);
  const CandidateReader::Result found = rep.reader.Read(listing->dirs);
  for (const StampedDir& unreadable : found.unreadable) {
    if (rep.failed[unreadable.dir].Forbids(unreadable.stamp, rep.options.clock())) continue;
    reports.push_back(rep.LoadOne(unreadable.dir, unreadable.stamp));  // says what is wrong with it
  }
  const std::map<TableName, TableState> states = rep.TableStates(found.candidates);
  rep.TellOfWithheld(found.candidates, states);
  for (const Candidate& next :
       NextLoads(found.candidates, states, rep.failed, rep.options.clock())) {
    reports.push_back(rep.LoadOne(next.dir, next.stamp));
  }
  return reports;
}

absl::Status Watcher::Start() {
  OASIS_ASSIGN_OR_RETURN(rep_->events, DirEvents::Create(rep_->options.dir));
  if (!rep_->events->inotify().ok()) rep_->options.observer(rep_->events->inotify());
  rep_->stopping = false;
  try {
    rep_->thread = std::thread([this] {
      // Reading manifests is work, too.
      if (rep_->loader->low_priority()) LowerThreadPriority(kLoadNiceness);
      while (!rep_->stopping) {
        rep_->events->Refresh();
        const absl::Status polled = Catching([this] {
          PollOnce();
          return absl::OkStatus();
        });
        if (!polled.ok()) rep_->options.observer(Annotate(polled, "the watcher"));
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
