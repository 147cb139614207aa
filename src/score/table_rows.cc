// Whole rows out of a table, for those that compare or count and are in no hurry.
#include <cstddef>
#include <cstdint>

#include "oasis/table.h"
#include "score/table_layout.h"

namespace oasis {
namespace {

constexpr uint64_t kSpillLookAhead = 8;  // lines whose spilled rows are on their way from memory

ItemKey KeyOf(const Slot& slot) {
  return {slot.gid(), (slot.contexts & Slot::kOther) != 0 ? ItemKind::kOther : ItemKind::kTrack};
}

// Whole products, so that the shares differ by one line at most.
uint64_t ShareBegin(uint64_t lines, size_t part, size_t parts) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<uint64_t>(static_cast<Wide>(lines) * part / parts);
}

}  // namespace

// Turns slots into rows.
class Table::RowReader {
 public:
  explicit RowReader(const Rep& rep) : rep_(rep), signals_(rep.signals.size()) {}

  // Everything but the key. `number` is that of the slot.
  void Read(const Slot& slot, size_t number, ItemRow* row) const {
    row->Clear();
    if (slot.spilled()) {
      const SpillRef ref = rep_.Spilled(slot);
      const ContextId* contexts = rep_.SpilledContexts(ref);
      const int16_t* scores = rep_.SpilledScores(ref);
      row->contexts.assign(contexts, contexts + ref.cells);
      row->scores.assign(scores, scores + ref.cells * signals_);
    } else {
      uint64_t lanes = slot.contexts & Slot::kContextBits;
      for (size_t cell = 0; lanes != 0; ++cell, lanes >>= 16) {
        row->contexts.push_back(static_cast<ContextId>((lanes & 0x7FFF) - 1));
        row->scores.push_back(slot.scores[cell]);
      }
    }
    row->campaigns.assign(row->contexts.size(), kNoCampaign);
    if (rep_.campaign_column.empty()) return;
    for (size_t cell = 0; cell < row->campaigns.size(); ++cell) {
      row->campaigns[cell] = rep_.campaign_column.Get(number, [cell] { return cell; });
    }
  }

  void FetchSpilled(const Line& line) const {
    for (const Slot& slot : line.slots) {
      if (slot.spilled()) __builtin_prefetch(rep_.SpilledContexts(rep_.Spilled(slot)));
    }
  }

 private:
  const Rep& rep_;
  const size_t signals_;
};

void Table::VisitRows(size_t part, size_t parts,
                      absl::FunctionRef<void(const ItemRow&)> row) const {
  const uint64_t end = ShareBegin(rep_->lines, part + 1, parts);
  const RowReader reader(*rep_);
  ItemRow current;
  for (uint64_t at = ShareBegin(rep_->lines, part, parts); at < end; ++at) {
    if (at + kSpillLookAhead < rep_->lines) reader.FetchSpilled(*rep_->line(at + kSpillLookAhead));
    for (size_t i = 0; i < kSlotsPerLine; ++i) {
      const Slot& slot = rep_->line(at)->slots[i];
      if (!slot.used()) continue;
      current.key = KeyOf(slot);
      reader.Read(slot, at * kSlotsPerLine + i, &current);
      row(current);
    }
  }
}

bool Table::FindRow(const ItemKey& key, ItemRow* row) const {
  row->Clear();
  row->key = key;
  if (key.kind == ItemKind::kInvalid) return false;
  size_t number = 0;
  const Slot* slot = rep_->Find(key, &number);
  if (slot == nullptr) return false;
  RowReader(*rep_).Read(*slot, number, row);
  return true;
}

}  // namespace oasis
