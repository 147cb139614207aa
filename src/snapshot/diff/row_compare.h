// Compares the rows of one item after another, and sums up.
#ifndef OASIS_SNAPSHOT_DIFF_ROW_COMPARE_H_
#define OASIS_SNAPSHOT_DIFF_ROW_COMPARE_H_

#include <cstddef>
#include <vector>

#include "oasis/diff.h"
#include "oasis/manifest.h"
#include "oasis/table.h"
#include "snapshot/diff/joint_names.h"
#include "snapshot/diff/movers.h"
#include "snapshot/diff/score_stats.h"

namespace oasis {

// Not thread-safe.
class RowCompare {
 public:
  // All three must outlive it.
  RowCompare(const Manifest& before, const Manifest& after, const JointNames& names, int movers);

  // One item; null where a snapshot does not have it.
  void Compare(const ItemRow* before, const ItemRow* after);

  // Items, rows, slices and movers of the whole comparison.
  void Finish(SnapshotDiff* diff);

 private:
  struct Cell {
    int context;  // joint id
    size_t index;
  };
  struct Slice {
    DiffCounts rows;
    std::vector<BothSides<ScoreStats>> signals;  // by joint id
  };

  // The cells of one side in the order of the joint ids, counted in the statistics.
  void Take(size_t side, const ItemRow* row);
  bool CellsDiffer(const ItemRow& before, size_t before_cell, const ItemRow& after,
                   size_t after_cell, int context);
  int JointCampaign(size_t side, CampaignId campaign) const;
  Slice& SliceOf(int context);

  BothSides<const Manifest*> manifests_;
  const JointNames& names_;
  Movers movers_;
  DiffCounts items_;
  std::vector<Slice> slices_;
  BothSides<std::vector<Cell>> cells_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_DIFF_ROW_COMPARE_H_
