#include "guardrails/compare_tables.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>
#include <vector>

#include "machine/parallel.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

size_t PartsOf(const Table* table) {
  return table == nullptr ? 0 : static_cast<size_t>(table->items() / kGuardrailItemsPerPart + 1);
}

// Finds the rows of one table in the other. One a thread.
class RowMatcher {
 public:
  RowMatcher(const Table& candidate, const Table& live, const JointNumbers& joint, double bound)
      : live_(live),
        contexts_(joint.live_contexts()),
        candidate_signals_(candidate.signals().size()),
        live_signals_(live.signals().size()),
        candidate_promotion_(joint.candidate().promotion),
        live_promotion_(joint.live().promotion),
        bound_(bound) {
    if (!scored()) return;
    candidate_unit_ = UnitOf(candidate.signals()[*candidate_promotion_]);
    live_unit_ = UnitOf(live.signals()[*live_promotion_]);
  }

  void Match(const ItemRow& row, Overlap* overlap) {
    if (!live_.FindRow(row.key, &found_)) return;
    ++overlap->items;
    size_t place = 0;
    for (size_t cell = 0; cell < row.contexts.size(); ++cell) {
      if (!FindContext(contexts_[row.contexts[cell]], &place)) continue;
      ++overlap->rows;
      if (scored() && std::abs(Score(row, cell) - LiveScore(place)) >= bound_) {
        ++overlap->moved_rows;
      }
    }
  }

 private:
  static double UnitOf(const Signal& signal) {
    return static_cast<double>(signal.scale) / kQuantisedMax;
  }
  bool scored() const { return candidate_promotion_.has_value() && live_promotion_.has_value(); }

  // The row found last. Contexts mostly come in the same order on both sides, so it looks first at
  // where the one before was, and after it.
  bool FindContext(ContextId context, size_t* place) const {
    const std::vector<ContextId>& contexts = found_.contexts;
    for (size_t i = *place; i < std::min(*place + 2, contexts.size()); ++i) {
      if (contexts[i] != context) continue;
      *place = i;
      return true;
    }
    const auto at = std::lower_bound(contexts.begin(), contexts.end(), context);
    if (at == contexts.end() || *at != context) return false;
    *place = static_cast<size_t>(at - contexts.begin());
    return true;
  }

  double Score(const ItemRow& row, size_t cell) const {
    return row.scores[cell * candidate_signals_ + *candidate_promotion_] * candidate_unit_;
  }
  double LiveScore(size_t place) const {
    return found_.scores[place * live_signals_ + *live_promotion_] * live_unit_;
  }

  const Table& live_;
  const std::vector<ContextId>& contexts_;
  const size_t candidate_signals_;
  const size_t live_signals_;
  const std::optional<size_t> candidate_promotion_;
  const std::optional<size_t> live_promotion_;
  const double bound_;
  double candidate_unit_ = 0;
  double live_unit_ = 0;
  ItemRow found_;
};

// Tells how many parts are done. Thread-safe.
class PartProgress {
 public:
  PartProgress(const GuardrailRun& run, size_t parts)
      : run_(run), parts_(static_cast<int64_t>(parts)) {}

  absl::Status Advance() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++done_;
    return run_.progress ? run_.progress(done_, parts_) : absl::OkStatus();
  }

 private:
  const GuardrailRun& run_;
  const int64_t parts_;
  std::mutex mutex_;
  int64_t done_ = 0;
};

}  // namespace

absl::StatusOr<ComparedTables> CompareTables(const Table& candidate, const Table* live,
                                             const JointNumbers& joint, double move_bound,
                                             const GuardrailRun& run) {
  const ComparedTables nothing = {Tally(joint, joint.candidate()), Tally(joint, joint.live()), {}};
  const int threads = std::max(run.threads, 1);
  std::vector<ComparedTables> counted(static_cast<size_t>(threads), nothing);
  const size_t parts = PartsOf(&candidate);
  const size_t live_parts = PartsOf(live);
  PartProgress progress(run, parts + live_parts);
  const absl::Status status = InParallel(parts + live_parts, threads, [&](size_t job, int thread) {
    ComparedTables& mine = counted[static_cast<size_t>(thread)];
    if (job >= parts) {
      live->VisitRows(job - parts, live_parts, [&](const ItemRow& row) { mine.live.Add(row); });
    } else if (live == nullptr) {
      candidate.VisitRows(job, parts, [&](const ItemRow& row) { mine.candidate.Add(row); });
    } else {
      RowMatcher matcher(candidate, *live, joint, move_bound);
      candidate.VisitRows(job, parts, [&](const ItemRow& row) {
        mine.candidate.Add(row);
        matcher.Match(row, &mine.overlap);
      });
    }
    return progress.Advance();
  });
  if (!status.ok()) return status;
  for (size_t i = 1; i < counted.size(); ++i) {
    counted[0].candidate.Merge(counted[i].candidate);
    counted[0].live.Merge(counted[i].live);
    counted[0].overlap.Merge(counted[i].overlap);
  }
  return std::move(counted[0]);
}

}  // namespace oasis
