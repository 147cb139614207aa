// The batch lookup: a kernel answers most keys from one line of memory, the rest is done here.
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "oasis/table.h"
#include "score/campaign_rows.h"
#include "score/lookup_kernel.h"
#include "score/table_layout.h"

namespace oasis {

// One chunk of a batch at a time. The home lines of its keys are tried first. What they cannot
// answer is listed; the memory it needs is fetched for the whole list and the list worked off,
// until none is left.
class Table::ChunkLookup {
 public:
  ChunkLookup(const Rep& rep, const FallbackChain& chain, absl::Span<const int> signals,
              const CampaignRows* rows = nullptr)
      : rep_(rep),
        chain_(chain),
        lanes_(chain),
        signals_(signals),
        rows_(rows),
        kernel_(CurrentKernel()) {
    chunk_.lines = rep_.line(0);
    chunk_.line_count = rep_.lines;
    chunk_.chain = &lanes_;
  }

  // `keys` are at most kChunk.
  void LookUp(absl::Span<const ItemKey> keys, float* scores, int* statuses) {
    chunk_.keys = keys.data();
    chunk_.size = keys.size();
    kernel_.home(chunk_);
    if (rows_ != nullptr) FetchRows();
    for (uint64_t step = 1; chunk_.unfinished_size > 0; ++step) {
      FetchForUnfinished(step);
      kernel_.listed(chunk_);
    }
    if (signals_.size() == 1) {
      kernel_.finish(chunk_, rep_.units[0], scores, statuses);
    } else {
      FinishWide(scores, statuses);
    }
    for (const SpilledKey& spilled : absl::MakeSpan(spilled_.data(), spilled_size_)) {
      AnswerSpilled(spilled, scores, statuses);
    }
    spilled_size_ = 0;
  }

  // Those of the rows that LookUp found just now; the first of its keys is the batch's number
  // `begin`. The line at which a key was found holds its slot, and the slot's number finds its
  // campaign.
  void AddCampaigns(const int* statuses, uint32_t begin,
                    std::vector<CampaignOfKey>& campaigns) const {
    const CampaignColumn& column = rep_.campaign_column;
    if (column.empty()) return;
    std::array<uint32_t, kChunk> found;
    size_t found_size = 0;
    for (uint32_t i = 0; i < chunk_.size; ++i) {
      found[found_size] = i;
      found_size += static_cast<size_t>(statuses[i] == static_cast<int>(ItemStatus::kFound));
    }
    std::array<uint32_t, kChunk> asked;
    std::array<size_t, kChunk> numbers;
    size_t asked_size = 0;
    for (const uint32_t i : absl::MakeSpan(found.data(), found_size)) {
      asked[asked_size] = i;
      asked_size += rows_ == nullptr ? 1 : rows_->MayHave(LineNumber(i));
    }
    for (size_t a = 0; a < asked_size; ++a) {
      const uint32_t i = asked[a];
      const size_t slot = chunk_.at[i]->slots[0].Holds(chunk_.keys[i]) ? 0 : 1;
      numbers[a] = LineNumber(i) * kSlotsPerLine + slot;
      column.Prefetch(numbers[a]);
    }
    for (size_t a = 0; a < asked_size; ++a) {
      const CampaignId campaign = column.Get(numbers[a], [&] {
        const Slot& slot = rep_.line(numbers[a] / kSlotsPerLine)->slots[numbers[a] % kSlotsPerLine];
        return rep_.BestCell(slot, chain_, lanes_).cell;
      });
      if (campaign == kNoCampaign && rows_ == nullptr) continue;
      campaigns.push_back({begin + asked[a], campaign});
    }
  }

 private:
  struct SpilledKey {
    uint32_t key;
    SpillRef row;
  };

  // What AddCampaigns reads comes while the unfinished keys are looked for: of keys that were found
  // at home, and of those that may be in their other line, which has its bit in the same word. For
  // the rest it is what is there already: no branch, and no miss of the cache.
  void FetchRows() const {
    for (uint32_t i = 0; i < chunk_.size; ++i) {
      const bool found = chunk_.statuses[i] == static_cast<uint8_t>(ItemStatus::kFound);
      rows_->Prefetch(found ? LineNumber(i) : 0);
    }
    for (const uint32_t bits : absl::MakeSpan(chunk_.unfinished, chunk_.unfinished_size)) {
      rows_->Prefetch(LineNumber(Unfinished::Decode(bits).key));
    }
  }

  // Leaves those in the list that another line may answer.
  void FetchForUnfinished(uint64_t step) {
    size_t elsewhere = 0;
    for (size_t e = 0; e < chunk_.unfinished_size; ++e) {
      const Unfinished unfinished = Unfinished::Decode(chunk_.unfinished[e]);
      const ItemKey& key = chunk_.keys[unfinished.key];
      if (unfinished.slots == 0 && key.kind != ItemKind::kInvalid) {
        const Line* line = rep_.line(Path(key.gid, rep_.lines).At(step, rep_.lines));
        __builtin_prefetch(line);
        chunk_.at[unfinished.key] = line;
        chunk_.unfinished[elsewhere++] = chunk_.unfinished[e];
      } else {
        AnswerAlone(unfinished);
      }
    }
    chunk_.unfinished_size = elsewhere;
  }

  // A key that is none, or whose row is spilled, or that shares its 128 bits with one of another
  // kind.
  void AnswerAlone(const Unfinished& unfinished) {
    const uint32_t i = unfinished.key;
    const ItemKey& key = chunk_.keys[i];
    chunk_.scores[i] = 0;
    chunk_.statuses[i] = static_cast<uint8_t>(ItemStatus::kNotFound);
    if (key.kind == ItemKind::kInvalid) {
      chunk_.statuses[i] = static_cast<uint8_t>(ItemStatus::kInvalidId);
      return;
    }
    const Slot* slot = &chunk_.at[i]->slots[unfinished.slots >> 1];
    size_t number = 0;
    if (!slot->Holds(key)) {
      slot = rep_.Find(key, &number);
      if (slot == nullptr) return;
      chunk_.at[i] = rep_.line(number / kSlotsPerLine);
    }
    if (slot->spilled()) {
      spilled_[spilled_size_] = {i, rep_.Spilled(*slot)};
      __builtin_prefetch(rep_.SpilledContexts(spilled_[spilled_size_++].row));
    } else if (const uint32_t matches = lanes_.Match(slot->contexts & Slot::kContextBits)) {
      chunk_.scores[i] = slot->scores[std::countr_zero(matches) % int{kInlineCells}];
      chunk_.statuses[i] = static_cast<uint8_t>(ItemStatus::kFound);
    }
  }

  // Slots hold one signal, so a request for several of them names the same one again.
  void FinishWide(float* scores, int* statuses) const {
    std::array<float, kChunk> narrow;
    kernel_.finish(chunk_, rep_.units[0], narrow.data(), statuses);
    const size_t width = signals_.size();
    for (size_t i = 0; i < chunk_.size; ++i) std::fill_n(&scores[i * width], width, narrow[i]);
  }

  void AnswerSpilled(const SpilledKey& spilled, float* scores, int* statuses) const {
    const CellMatch match =
        BestSpilledCell(rep_.SpilledContexts(spilled.row), spilled.row.cells, chain_);
    if (match.level == MatchLevel::kNone) return;  // as finished
    statuses[spilled.key] = static_cast<int>(ItemStatus::kFound);
    const int16_t* row = rep_.SpilledScores(spilled.row) + match.cell * rep_.signals.size();
    for (size_t j = 0; j < signals_.size(); ++j) {
      const auto signal = static_cast<size_t>(signals_[j]);
      scores[spilled.key * signals_.size() + j] =
          static_cast<float>(row[signal]) * rep_.units[signal];
    }
  }

  size_t LineNumber(uint32_t key) const {
    return static_cast<size_t>(chunk_.at[key] - chunk_.lines);
  }

  const Rep& rep_;
  const FallbackChain& chain_;
  const ChainLanes lanes_;
  const absl::Span<const int> signals_;
  const CampaignRows* const rows_;  // null: all that name a campaign
  const LookupKernel& kernel_;

  LookupChunk chunk_;
  std::array<SpilledKey, kChunk> spilled_;
  size_t spilled_size_ = 0;
};

void Table::Lookup(absl::Span<const ItemKey> keys, const FallbackChain& chain,
                   absl::Span<const int> signals, absl::Span<float> scores,
                   absl::Span<int> statuses) const {
  ChunkLookup lookup(*rep_, chain, signals);
  for (size_t begin = 0; begin < keys.size(); begin += kChunk) {
    lookup.LookUp(keys.subspan(begin, kChunk), &scores[begin * signals.size()], &statuses[begin]);
  }
}

void Table::Lookup(absl::Span<const ItemKey> keys, const FallbackChain& chain,
                   absl::Span<const int> signals, absl::Span<float> scores,
                   absl::Span<int> statuses, const CampaignRows* rows,
                   std::vector<CampaignOfKey>& campaigns) const {
  ChunkLookup lookup(*rep_, chain, signals, rows);
  campaigns.clear();
  for (size_t begin = 0; begin < keys.size(); begin += kChunk) {
    lookup.LookUp(keys.subspan(begin, kChunk), &scores[begin * signals.size()], &statuses[begin]);
    lookup.AddCampaigns(&statuses[begin], static_cast<uint32_t>(begin), campaigns);
  }
}

std::shared_ptr<const CampaignRows> Table::RowsOf(const std::vector<bool>& marks) const {
  if (rep_->campaign_column.empty()) return nullptr;
  auto rows = CampaignRows::Create(rep_->lines, rep_->on_huge_pages);
  if (!rows.ok()) return nullptr;
  rows->AddCampaigns(rep_->campaign_column, rep_->lines, marks);
  return std::make_shared<const CampaignRows>(*std::move(rows));
}

std::shared_ptr<const CampaignRows> Table::RowsAndItems(const CampaignRows& rows,
                                                        absl::Span<const ItemKey> items) const {
  auto all = CampaignRows::Create(rep_->lines, rep_->on_huge_pages);
  if (!all.ok()) return nullptr;
  all->CopyFrom(rows);
  for (const ItemKey& item : items) {
    size_t slot = 0;
    if (rep_->Find(item, &slot) != nullptr) all->AddLine(slot / kSlotsPerLine);
  }
  return std::make_shared<const CampaignRows>(*std::move(all));
}

}  // namespace oasis
