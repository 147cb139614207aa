#include "snapshot/diff/row_compare.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace oasis {

RowCompare::RowCompare(const Manifest& before, const Manifest& after, const JointNames& names,
                       int movers)
    : manifests_{&before, &after},
      names_(names),
      movers_(static_cast<size_t>(std::max(movers, 0))),
      slices_(names.slices.size()) {
  for (Slice& slice : slices_) slice.signals.resize(names.signals.names.size());
}

RowCompare::Slice& RowCompare::SliceOf(int context) {
  return slices_[names_.slice_of[static_cast<size_t>(context)]];
}

void RowCompare::Take(size_t side, const ItemRow* row) {
  std::vector<Cell>& cells = cells_[side];
  cells.clear();
  if (row == nullptr) return;
  const std::vector<int>& signals = names_.signals.joint[side];
  for (size_t i = 0; i < row->contexts.size(); ++i) {
    const int context = names_.contexts.joint[side][row->contexts[i]];
    cells.push_back({context, i});
    Slice& slice = SliceOf(context);
    for (size_t j = 0; j < signals.size(); ++j) {
      slice.signals[static_cast<size_t>(signals[j])][side].Add(row->scores[i * signals.size() + j]);
    }
  }
  const auto by_context = [](const Cell& a, const Cell& b) { return a.context < b.context; };
  if (!std::is_sorted(cells.begin(), cells.end(), by_context)) {
    std::sort(cells.begin(), cells.end(), by_context);
  }
}

void RowCompare::Compare(const ItemRow* before, const ItemRow* after) {
  Take(kBefore, before);
  Take(kAfter, after);
  bool item_differs = false;
  auto old_cell = cells_[kBefore].begin();
  auto new_cell = cells_[kAfter].begin();
  const auto old_end = cells_[kBefore].end();
  const auto new_end = cells_[kAfter].end();
  while (old_cell != old_end || new_cell != new_end) {
    if (new_cell == new_end || (old_cell != old_end && old_cell->context < new_cell->context)) {
      ++SliceOf(old_cell++->context).rows.removed;
      item_differs = true;
    } else if (old_cell == old_end || new_cell->context < old_cell->context) {
      ++SliceOf(new_cell++->context).rows.added;
      item_differs = true;
    } else {
      const int context = old_cell->context;
      const bool differs =
          CellsDiffer(*before, old_cell++->index, *after, new_cell++->index, context);
      ++(differs ? SliceOf(context).rows.changed : SliceOf(context).rows.unchanged);
      item_differs |= differs;
    }
  }
  if (before == nullptr) {
    ++items_.added;
  } else if (after == nullptr) {
    ++items_.removed;
  } else {
    ++(item_differs ? items_.changed : items_.unchanged);
  }
}

int RowCompare::JointCampaign(size_t side, CampaignId campaign) const {
  return campaign == kNoCampaign ? -1 : names_.campaigns.joint[side][campaign];
}

bool RowCompare::CellsDiffer(const ItemRow& before, size_t before_cell, const ItemRow& after,
                             size_t after_cell, int context) {
  bool differ = JointCampaign(kBefore, before.campaigns[before_cell]) !=
                JointCampaign(kAfter, after.campaigns[after_cell]);
  const std::vector<Signal>& old_signals = manifests_[kBefore]->signals;
  const std::vector<Signal>& new_signals = manifests_[kAfter]->signals;
  for (size_t joint = 0; joint < names_.signals.names.size(); ++joint) {
    const int old_place = names_.signals.place[kBefore][joint];
    const int new_place = names_.signals.place[kAfter][joint];
    if (old_place < 0 || new_place < 0) continue;
    const auto i = static_cast<size_t>(old_place);
    const auto j = static_cast<size_t>(new_place);
    const int16_t old_kept = before.scores[before_cell * old_signals.size() + i];
    const int16_t new_kept = after.scores[after_cell * new_signals.size() + j];
    const float old_scale = old_signals[i].scale;
    const float new_scale = new_signals[j].scale;
    if (old_scale == new_scale && old_kept == new_kept) continue;
    const float old_score = Dequantise(old_kept, old_signals[i]);
    const float new_score = Dequantise(new_kept, new_signals[j]);
    const float size = std::abs(new_score - old_score);
    // Half a step of either scale is what quantisation alone may have moved it by.
    if (old_scale != new_scale && size <= (old_scale + new_scale) / (2 * kQuantisedMax)) continue;
    differ = true;
    movers_.Add({size, before.key, context, static_cast<int>(joint), old_score, new_score});
  }
  return differ;
}

void RowCompare::Finish(SnapshotDiff* diff) {
  diff->items = items_;
  for (size_t i = 0; i < slices_.size(); ++i) {
    const Slice& slice = slices_[i];
    SliceDiff& out = diff->slices.emplace_back();
    std::tie(out.surface, out.market) = names_.slices[i];
    out.rows = slice.rows;
    diff->rows.added += slice.rows.added;
    diff->rows.removed += slice.rows.removed;
    diff->rows.changed += slice.rows.changed;
    diff->rows.unchanged += slice.rows.unchanged;
    for (size_t j = 0; j < slice.signals.size(); ++j) {
      SignalDiff& signal = out.signals.emplace_back();
      signal.signal = names_.signals.names[j];
      for (size_t side : {kBefore, kAfter}) {
        const int place = names_.signals.place[side][j];
        if (place < 0) continue;
        (side == kBefore ? signal.before : signal.after) =
            slice.signals[j][side].Summary(manifests_[side]->signals[static_cast<size_t>(place)]);
      }
    }
  }
  for (const Move& move : movers_.Take()) {
    diff->movers.push_back({move.key, names_.contexts.names[static_cast<size_t>(move.context)],
                            names_.signals.names[static_cast<size_t>(move.signal)], move.before,
                            move.after});
  }
}

}  // namespace oasis
