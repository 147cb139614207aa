// The batch lookup. Most keys are answered from one line of memory, and everything about them is
// computed without a branch that depends on the key: one mispredicted for every third key would
// cost more than the memory does (docs/performance.md).
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "oasis/table.h"
#include "score/chain_lanes.h"
#include "score/spilled_row.h"
#include "score/table_layout.h"

namespace oasis {
namespace {

constexpr size_t kChunk = 512;     // keys at a time: their lists stay in the L1 cache
constexpr size_t kLookAhead = 20;  // lines on their way from memory

// All bits of an integer, or none: a condition that compilers do not turn into a branch.
template <typename T>
constexpr T AllBits(bool condition) {
  return static_cast<T>(-static_cast<T>(condition));
}

}  // namespace

// One chunk of a batch at a time. The home lines of its keys are tried first. What they cannot
// answer is listed: keys that may be in another line, and keys whose row is in the spill region.
// Both lists are fetched as a whole and worked off, until none is left.
class Table::ChunkLookup {
 public:
  ChunkLookup(const Rep& rep, const FallbackChain& chain, absl::Span<const int> signals)
      : rep_(rep),
        chain_(chain),
        lanes_(chain),
        signals_(signals),
        width_(signals.size()),
        unit_(rep.units[0]) {}

  // `keys` are at most kChunk. All but the first score of each key is only written where found.
  void LookUp(absl::Span<const ItemKey> keys, float* scores, int* statuses) {
    keys_ = keys.data();
    scores_ = scores;
    statuses_ = statuses;
    for (size_t i = 0; i < std::min(kLookAhead, keys.size()); ++i) FetchHome(i);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (i + kLookAhead < keys.size()) FetchHome(i + kLookAhead);
      Answer(static_cast<uint32_t>(i));
    }
    for (uint64_t step = 0; elsewhere_size_ + spilled_size_ > 0; ++step) {
      const size_t elsewhere = std::exchange(elsewhere_size_, 0);
      const size_t spilled = std::exchange(spilled_size_, 0);
      for (size_t e = 0; e < elsewhere; ++e) FetchNext(elsewhere_[e], step);
      for (size_t s = 0; s < spilled; ++s) FetchRow(spilled_[s]);
      for (size_t s = 0; s < spilled; ++s) AnswerSpilled(spilled_[s]);
      for (size_t e = 0; e < elsewhere; ++e) Answer(elsewhere_[e]);
    }
  }

 private:
  void FetchHome(size_t i) {
    lines_[i] = rep_.Home(keys_[i].gid);
    __builtin_prefetch(rep_.line(lines_[i]));
  }
  void FetchNext(uint32_t i, uint64_t step) {
    lines_[i] = rep_.Next(lines_[i], step);
    __builtin_prefetch(rep_.line(lines_[i]));
  }

  // Answers a key from the line it is at, and lists it where that is not the last word.
  [[gnu::always_inline]] void Answer(uint32_t i) {
    const Line& line = *rep_.line(lines_[i]);
    const ItemKey& key = keys_[i];
    const bool first = line.slots[0].Holds(key);
    const bool second = line.slots[1].Holds(key);
    // The first slot is filled first, so where it does not match, an empty second one is a miss
    // with no cells, and where it does, an empty second one that looks like key 0 is passed over.
    const uint32_t place = first ? 0 : 1;
    const Slot& slot = line.slots[place];
    const uint64_t contexts = slot.contexts & AllBits<uint64_t>(first | second);

    const uint32_t matches = lanes_.Match(contexts & Slot::kContextBits);
    const bool found = matches != 0;
    const auto cell = static_cast<size_t>(std::countr_zero(matches | 1U << 31)) % kInlineCells;
    const int quantised = slot.scores[cell] & AllBits<int>(found);
    scores_[i * width_] = static_cast<float>(quantised) * unit_;
    static_assert(static_cast<int>(ItemStatus::kFound) == 1 &&
                  static_cast<int>(ItemStatus::kInvalidId) == static_cast<int>(ItemKind::kInvalid)
                                                                  << 1);
    const int invalid = static_cast<int>(key.kind) & static_cast<int>(ItemKind::kInvalid);
    statuses_[i] = static_cast<int>(found) | invalid << 1;

    // A list grows by an element that is written in any case.
    elsewhere_[elsewhere_size_] = i;
    elsewhere_size_ += static_cast<size_t>(!(first | second) & line.went_on(key.gid));
    spilled_[spilled_size_] = i << 1 | place;
    spilled_size_ += static_cast<size_t>((contexts & Slot::kSpilled) != 0);
  }

  SpillRef RefOf(uint32_t spilled) const {
    return rep_.Spilled(rep_.line(lines_[spilled >> 1])->slots[spilled & 1]);
  }
  void FetchRow(uint32_t spilled) const {
    __builtin_prefetch(rep_.SpilledContexts(RefOf(spilled)));
  }
  void AnswerSpilled(uint32_t spilled) {
    const SpillRef ref = RefOf(spilled);
    const CellMatch match = BestSpilledCell(rep_.SpilledContexts(ref), ref.cells, chain_);
    if (match.level == MatchLevel::kNone) return;  // as Answer left it
    const size_t i = spilled >> 1;
    statuses_[i] = static_cast<int>(ItemStatus::kFound);
    const int16_t* row = rep_.SpilledScores(ref) + match.cell * rep_.signals.size();
    for (size_t j = 0; j < signals_.size(); ++j) {
      const auto signal = static_cast<size_t>(signals_[j]);
      scores_[i * signals_.size() + j] = static_cast<float>(row[signal]) * rep_.units[signal];
    }
  }

  const Rep& rep_;
  const FallbackChain& chain_;
  const ChainLanes lanes_;
  const absl::Span<const int> signals_;
  const size_t width_;
  const float unit_;
  const ItemKey* keys_ = nullptr;
  float* scores_ = nullptr;
  int* statuses_ = nullptr;

  std::array<uint64_t, kChunk> lines_;      // where each key is looked for
  std::array<uint32_t, kChunk> elsewhere_;  // keys that may be in another line
  std::array<uint32_t, kChunk> spilled_;    // keys found, twice, plus the slot in their line
  size_t elsewhere_size_ = 0;
  size_t spilled_size_ = 0;
};

void Table::Lookup(absl::Span<const ItemKey> keys, const FallbackChain& chain,
                   absl::Span<const int> signals, absl::Span<float> scores,
                   absl::Span<int> statuses) const {
  const size_t width = signals.size();
  if (width > 1) std::fill(scores.begin(), scores.end(), 0.0F);
  ChunkLookup lookup(*rep_, chain, signals);
  for (size_t begin = 0; begin < keys.size(); begin += kChunk) {
    lookup.LookUp(keys.subspan(begin, kChunk), &scores[begin * width], &statuses[begin]);
  }
  if (width == 1 || rep_->signals.size() > 1) return;
  // Slots hold one signal, so a request for several of them names the same one again.
  for (size_t i = 0; i < scores.size(); i += width) std::fill_n(&scores[i], width, scores[i]);
}

}  // namespace oasis
