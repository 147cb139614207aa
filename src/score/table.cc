#include "oasis/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "score/table_layout.h"

namespace oasis {
namespace {

// Keys are looked up in chunks; this many lines are on their way from memory at a time.
constexpr size_t kChunk = 256;
constexpr size_t kLookAhead = 20;

// The level and place of the most specific cell of a spilled row.
struct CellMatch {
  MatchLevel level = MatchLevel::kNone;
  size_t cell = 0;
};

CellMatch BestSpilledCell(const ContextId* contexts, size_t cells, const FallbackChain& chain) {
  CellMatch best;
  for (size_t cell = 0; cell < cells; ++cell) {
    for (size_t level = 0; level < static_cast<size_t>(best.level); ++level) {
      if (contexts[cell] == chain.contexts[level]) best = {static_cast<MatchLevel>(level), cell};
    }
  }
  return best;
}

// A key on its way through the lines.
struct Probe {
  uint32_t key;         // its place in the batch
  uint32_t step;        // lines tried before
  uint64_t line;        // to try next
  const Slot* spilled;  // found, but its row is still on its way
};

}  // namespace

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
const std::vector<Campaign>& Table::campaigns() const { return rep_->campaigns; }
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

void Table::Lookup(absl::Span<const ItemKey> keys, const FallbackChain& chain,
                   absl::Span<const int> signals, absl::Span<float> scores,
                   absl::Span<int> statuses) const {
  const Rep& rep = *rep_;
  const size_t width = signals.size();

  const auto miss = [&](size_t i) {
    statuses[i] = static_cast<int>(keys[i].kind == ItemKind::kInvalid ? ItemStatus::kInvalidId
                                                                      : ItemStatus::kNotFound);
    std::fill_n(&scores[i * width], width, 0.0F);
  };
  // Inline cells hold one signal, so a request for several of them names the same one again.
  const auto answer_inline = [&](size_t i, const Slot& slot) {
    const size_t cell = slot.BestCell(chain);
    if (cell == kInlineCells) return miss(i);
    statuses[i] = static_cast<int>(ItemStatus::kFound);
    std::fill_n(&scores[i * width], width, static_cast<float>(slot.scores[cell]) * rep.units[0]);
  };
  const auto answer_spilled = [&](size_t i, const Slot& slot) {
    const SpillRef ref = rep.Spilled(slot);
    const CellMatch match = BestSpilledCell(rep.SpilledContexts(ref), ref.cells, chain);
    if (match.level == MatchLevel::kNone) return miss(i);
    statuses[i] = static_cast<int>(ItemStatus::kFound);
    const int16_t* row = rep.SpilledScores(ref) + match.cell * rep.signals.size();
    for (size_t j = 0; j < width; ++j) {
      const auto signal = static_cast<size_t>(signals[j]);
      scores[i * width + j] = static_cast<float>(row[signal]) * rep.units[signal];
    }
  };

  // Answers from one line, if it can; else says what to fetch before the next try.
  const auto probe = [&](Probe& p) {
    const Line& line = *rep.line(p.line);
    const ItemKey& key = keys[p.key];
    const bool first = line.slots[0].Holds(key);
    const bool second = line.slots[1].Holds(key);
    // The first slot is filled first, so where it does not match, an empty second one is a miss
    // with no cells, and where it does, an empty second one that looks like key 0 is passed over.
    const Slot& slot = line.slots[first ? 0 : 1];
    if (first | second) {
      if (!slot.spilled()) {
        answer_inline(p.key, slot);
        return true;
      }
      p.spilled = &slot;
      __builtin_prefetch(rep.SpilledContexts(rep.Spilled(slot)));
      return false;
    }
    if (!line.went_on()) {
      miss(p.key);
      return true;
    }
    p.line = rep.Next(p.line, p.step++);
    __builtin_prefetch(rep.line(p.line));
    return false;
  };

  std::array<uint64_t, kChunk> homes;
  std::array<Probe, kChunk> waiting;  // what the home line could not answer
  for (size_t begin = 0; begin < keys.size(); begin += kChunk) {
    const size_t count = std::min(kChunk, keys.size() - begin);
    const auto fetch = [&](size_t i) {
      homes[i] = rep.Home(keys[begin + i].gid);
      __builtin_prefetch(rep.line(homes[i]));
    };
    for (size_t i = 0; i < std::min(kLookAhead, count); ++i) fetch(i);
    size_t waits = 0;
    for (size_t i = 0; i < count; ++i) {
      if (i + kLookAhead < count) fetch(i + kLookAhead);
      Probe p = {static_cast<uint32_t>(begin + i), 0, homes[i], nullptr};
      if (!probe(p)) waiting[waits++] = p;
    }
    while (waits > 0) {
      size_t left = 0;
      for (size_t w = 0; w < waits; ++w) {
        Probe& p = waiting[w];
        if (p.spilled != nullptr) {
          answer_spilled(p.key, *p.spilled);
        } else if (!probe(p)) {
          waiting[left++] = p;
        }
      }
      waits = left;
    }
  }
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

  CellMatch match;
  const auto column = static_cast<size_t>(signal);
  if (slot->spilled()) {
    const SpillRef ref = rep.Spilled(*slot);
    match = BestSpilledCell(rep.SpilledContexts(ref), ref.cells, chain);
    if (match.level == MatchLevel::kNone) return explanation;
    explanation.context = rep.SpilledContexts(ref)[match.cell];
    explanation.quantised = rep.SpilledScores(ref)[match.cell * rep.signals.size() + column];
  } else {
    match.cell = slot->BestCell(chain);
    if (match.cell == kInlineCells) return explanation;
    explanation.context = static_cast<ContextId>(
        ((slot->contexts & Slot::kContextBits) >> (16 * match.cell) & 0x7FFF) - 1);
    explanation.quantised = slot->scores[match.cell];
    const auto level = std::find(chain.contexts.begin(), chain.contexts.end(), explanation.context);
    match.level = static_cast<MatchLevel>(level - chain.contexts.begin());
  }
  explanation.status = ItemStatus::kFound;
  explanation.level = match.level;
  explanation.score = static_cast<float>(explanation.quantised) * rep.units[column];
  explanation.campaign = rep.campaign_column.Get(number, match.cell);
  return explanation;
}

}  // namespace oasis
