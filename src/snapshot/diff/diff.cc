#include "oasis/diff.h"

#include "oasis/status.h"
#include "snapshot/diff/joint_names.h"
#include "snapshot/diff/row_compare.h"
#include "snapshot/snapshot_cursor.h"

namespace oasis {
namespace {

DiffSide SideOf(const Manifest& manifest) {
  return {.score_set = manifest.score_set,
          .variant = manifest.variant,
          .snapshot_id = manifest.snapshot_id,
          .created = manifest.created,
          .items = manifest.items,
          .rows = manifest.rows};
}

}  // namespace

absl::StatusOr<SnapshotDiff> DiffSnapshots(const std::filesystem::path& before,
                                           const std::filesystem::path& after,
                                           const Progress& progress, int movers) {
  OASIS_ASSIGN_OR_RETURN(const Manifest old_manifest, ReadManifest(before));
  OASIS_ASSIGN_OR_RETURN(const Manifest new_manifest, ReadManifest(after));
  SnapshotCursor old_rows(before, old_manifest);
  SnapshotCursor new_rows(after, new_manifest);
  OASIS_RETURN_IF_ERROR(old_rows.Next());
  OASIS_RETURN_IF_ERROR(new_rows.Next());
  const JointNames names(old_manifest, new_manifest);
  SnapshotDiff diff;
  diff.before = SideOf(old_manifest);
  diff.after = SideOf(new_manifest);
  diff.added_signals = names.signals.OnlyOn(kAfter);
  diff.removed_signals = names.signals.OnlyOn(kBefore);
  diff.added_contexts = names.contexts.OnlyOn(kAfter);
  diff.removed_contexts = names.contexts.OnlyOn(kBefore);

  RowCompare compare(old_manifest, new_manifest, names, movers);
  const int64_t total = old_manifest.items + new_manifest.items;
  int64_t told = 0;
  while (old_rows.row() != nullptr || new_rows.row() != nullptr) {
    const ItemRow* old_row = old_rows.row();
    const ItemRow* new_row = new_rows.row();
    if (old_row != nullptr && new_row != nullptr) {
      if (old_row->key < new_row->key) {
        new_row = nullptr;
      } else if (new_row->key < old_row->key) {
        old_row = nullptr;
      }
    }
    compare.Compare(old_row, new_row);
    if (old_row != nullptr) OASIS_RETURN_IF_ERROR(old_rows.Next());
    if (new_row != nullptr) OASIS_RETURN_IF_ERROR(new_rows.Next());
    const int64_t done = old_rows.items_read() + new_rows.items_read();
    if (progress && (done - told >= kProgressEveryRows || done == total)) {
      told = done;
      OASIS_RETURN_IF_ERROR(progress(done, total));
    }
  }
  compare.Finish(&diff);
  return diff;
}

}  // namespace oasis
