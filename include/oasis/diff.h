// What changed from one snapshot to another.
#ifndef OASIS_DIFF_H_
#define OASIS_DIFF_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "oasis/context.h"
#include "oasis/gid.h"
#include "oasis/limits.h"
#include "oasis/snapshot.h"

namespace oasis {

// One of the two that are compared.
struct DiffSide {
  std::string score_set;
  std::string variant;
  std::string snapshot_id;
  absl::Time created;
  int64_t items = 0;
  int64_t rows = 0;
};

// Of items, or of rows: (item, context) pairs.
struct DiffCounts {
  int64_t added = 0;
  int64_t removed = 0;
  int64_t changed = 0;
  int64_t unchanged = 0;
};

// How the scores of one signal lie. The percentiles are exact to scale/1024 of the signal.
struct ScoreSummary {
  int64_t rows = 0;  // 0: all below is 0 as well
  double mean = 0;
  double min = 0;
  double max = 0;
  double p5 = 0;
  double p50 = 0;
  double p95 = 0;
};

struct SignalDiff {
  std::string signal;
  ScoreSummary before;
  ScoreSummary after;
};

// All cohorts of one surface and market, "*" being a market of its own.
struct SliceDiff {
  std::string surface;
  std::string market;
  DiffCounts rows;
  std::vector<SignalDiff> signals;  // of either snapshot, by name
};

// One score that is in both snapshots.
struct Mover {
  ItemKey key;
  Context context;
  std::string signal;
  float before = 0;
  float after = 0;
};

struct SnapshotDiff {
  DiffSide before;
  DiffSide after;
  std::vector<std::string> added_signals;  // by name, as all lists here
  std::vector<std::string> removed_signals;
  std::vector<Context> added_contexts;
  std::vector<Context> removed_contexts;
  DiffCounts items;
  DiffCounts rows;
  std::vector<SliceDiff> slices;
  std::vector<Mover> movers;  // largest move first
};

// Reads both snapshots once, side by side, in the order of their keys. Contexts, signals and
// campaigns are compared by name. A row is changed when its campaign or a score of a signal that
// both snapshots have is another; where the signal's scale is another too, a score has changed only
// if it moved by more than the two quantisation errors together. An item is changed when one of its
// rows is added, removed or changed. `movers` is how many of the largest moves to keep. `progress`
// is in items of both. DataLoss, naming file and place, for a damaged snapshot.
absl::StatusOr<SnapshotDiff> DiffSnapshots(const std::filesystem::path& before,
                                           const std::filesystem::path& after,
                                           const Progress& progress,
                                           int movers = kDefaultMoversShown);

}  // namespace oasis

#endif  // OASIS_DIFF_H_
