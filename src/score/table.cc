#include "oasis/table.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "score/table_layout.h"

namespace oasis {

int16_t Quantise(float score, const Signal& signal) {
  const double steps = static_cast<double>(score) * kQuantisedMax / signal.scale;
  return static_cast<int16_t>(
      std::lround(std::clamp(steps, -double{kQuantisedMax}, double{kQuantisedMax})));
}

float Dequantise(int16_t quantised, const Signal& signal) {
  return static_cast<float>(quantised) * (signal.scale / kQuantisedMax);
}

Table::Table(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Table::~Table() = default;

const TableInfo& Table::info() const { return rep_->info; }
const std::vector<Signal>& Table::signals() const { return rep_->signals; }
const ContextIndex& Table::contexts() const { return rep_->contexts; }
const std::vector<Campaign>& Table::campaigns() const { return *rep_->campaigns; }
int64_t Table::items() const { return rep_->items; }
int64_t Table::cells() const { return rep_->cells; }
bool Table::huge_pages() const { return rep_->on_huge_pages; }

int64_t Table::resident_bytes() const {
  return static_cast<int64_t>(rep_->line_memory.bytes() + rep_->spill.bytes()) +
         rep_->campaign_column.bytes();
}

std::optional<int> Table::FindSignal(absl::string_view name) const {
  for (size_t i = 0; i < rep_->signals.size(); ++i) {
    if (rep_->signals[i].name == name) return static_cast<int>(i);
  }
  return std::nullopt;
}

void Table::Warm() const {
  rep_->line_memory.Touch();
  rep_->spill.Touch();
}

CellMatch Table::Rep::BestCell(const Slot& slot, const FallbackChain& chain,
                               const ChainLanes& lanes) const {
  if (slot.spilled()) {
    const SpillRef ref = Spilled(slot);
    return BestSpilledCell(SpilledContexts(ref), ref.cells, chain);
  }
  const uint32_t matches = lanes.Match(slot.contexts & Slot::kContextBits);
  if (matches == 0) return {};
  const auto lowest = static_cast<size_t>(std::countr_zero(matches));
  return {static_cast<MatchLevel>(lowest / kInlineCells), lowest % kInlineCells};
}

Explanation Table::Explain(const ItemKey& key, const FallbackChain& chain, int signal) const {
  const Rep& rep = *rep_;
  Explanation explanation;
  if (key.kind == ItemKind::kInvalid) {
    explanation.status = ItemStatus::kInvalidId;
    return explanation;
  }
  size_t number = 0;
  const Slot* slot = rep.Find(key, &number);
  if (slot == nullptr) return explanation;

  const CellMatch match = rep.BestCell(*slot, chain, ChainLanes(chain));
  if (match.level == MatchLevel::kNone) return explanation;
  const auto column = static_cast<size_t>(signal);
  if (slot->spilled()) {
    const SpillRef ref = rep.Spilled(*slot);
    explanation.context = rep.SpilledContexts(ref)[match.cell];
    explanation.quantised = rep.SpilledScores(ref)[match.cell * rep.signals.size() + column];
  } else {
    explanation.context = static_cast<ContextId>(
        ((slot->contexts & Slot::kContextBits) >> (16 * match.cell) & 0x7FFF) - 1);
    explanation.quantised = slot->scores[match.cell];
  }
  explanation.status = ItemStatus::kFound;
  explanation.level = match.level;
  explanation.score = static_cast<float>(explanation.quantised) * rep.units[column];
  if (!rep.campaign_column.empty()) {
    explanation.campaign = rep.campaign_column.Get(number, [&] { return match.cell; });
  }
  return explanation;
}

}  // namespace oasis
