// The kernel for x86-64 with AVX2 and BMI: four keys at a time. Only this source is compiled for
// them, so it calls nothing that another source could get its copy of: all is inlined or its own.
#include <immintrin.h>

#include <cstring>

#include "score/lanes_avx2.h"
#include "score/lookup_kernel.h"

namespace oasis {
namespace {

constexpr size_t kAhead = 5 * kLanes;  // lines on their way from memory

// What four lines have for four keys, a lane each.
struct LaneAnswers {
  __m256i cell;   // the score of the best one, at its place in the slot; else 0
  __m256i none;   // all bits where there is none
  __m256i slots;  // as Unfinished has them
  uint32_t more;  // a bit for each key that is unfinished
};

class Avx2Chunk {
 public:
  static void Home(LookupChunk& chunk) { Avx2Chunk(chunk).AnswerAll(); }
  static void Listed(LookupChunk& chunk) { Avx2Chunk(chunk).AnswerListed(); }

 private:
  explicit Avx2Chunk(LookupChunk& chunk)
      : chunk_(chunk), lines_(chunk.lines), line_count_(chunk.line_count), keys_(chunk.keys) {
    for (size_t level = 0; level < kMatchLevels; ++level) {
      chain_[level] = EachLane(chunk.chain->lanes()[level]);
    }
  }

  [[gnu::always_inline]] void AnswerAll() {
    const size_t size = chunk_.size;
    size_t unfinished = 0;
    for (size_t i = 0; i < kAhead && i < size; ++i) Fetch(i);
    size_t i = 0;
    for (; i + kAhead + kLanes <= size; i += kLanes) {
      Fetch(i + kAhead);  // written out, which compilers do not do
      Fetch(i + kAhead + 1);
      Fetch(i + kAhead + 2);
      Fetch(i + kAhead + 3);
      unfinished = AnswerFrom(i, KeyLanes(&keys_[i]), kAll, unfinished);
    }
    for (size_t j = i + kAhead; j < size; ++j) Fetch(j);
    for (; i + kLanes <= size; i += kLanes)
      unfinished = AnswerFrom(i, KeyLanes(&keys_[i]), kAll, unfinished);
    if (i < size) {
      // The chunk has room for whole groups: what stands in the lanes left over is never read.
      for (size_t j = size; j < i + kLanes; ++j) chunk_.at[j] = lines_;
      const ItemKey& last = keys_[size - 1];
      const KeyLanes keys(keys_[i], i + 1 < size ? keys_[i + 1] : last, last, last);
      unfinished = AnswerFrom(i, keys, (1U << (size - i)) - 1, unfinished);
    }
    chunk_.unfinished_size = unfinished;
  }

  [[gnu::always_inline]] size_t AnswerFrom(size_t i, const KeyLanes& keys, uint32_t valid,
                                           size_t unfinished) {
    const LaneAnswers answers = Answer(keys, &chunk_.at[i]);
    WriteScores(answers, &chunk_.scores[i]);
    const uint32_t found = ~HighBits(answers.none) & kAll;
    const uint32_t statuses = found * 0x0020'4081 & 0x0101'0101;  // a byte a bit
    std::memcpy(&chunk_.statuses[i], &statuses, sizeof(statuses));
    static_assert(static_cast<int>(ItemStatus::kNotFound) == 0 &&
                  static_cast<int>(ItemStatus::kFound) == 1);
    const __m256i numbers = _mm256_add_epi64(EachLane(i), _mm256_setr_epi64x(0, 1, 2, 3));
    return List(answers, numbers, valid, unfinished);
  }

  [[gnu::always_inline]] void AnswerListed() {
    const size_t listed = chunk_.unfinished_size;
    size_t unfinished = 0;
    for (size_t e = 0; e < listed; e += kLanes) {
      size_t number[kLanes];
      const Line* at[kLanes];
      for (size_t j = 0; j < kLanes; ++j) {
        const size_t entry = e + j < listed ? e + j : e;
        number[j] = Unfinished::Decode(chunk_.unfinished[entry]).key;
        at[j] = chunk_.at[number[j]];
      }
      const KeyLanes keys(keys_[number[0]], keys_[number[1]], keys_[number[2]], keys_[number[3]]);
      const LaneAnswers answers = Answer(keys, at);
      int16_t scores[kLanes];
      WriteScores(answers, scores);
      const uint32_t none = HighBits(answers.none);
      const size_t rest = listed - e;
      for (size_t j = 0; j < kLanes && j < rest; ++j) {
        chunk_.scores[number[j]] = scores[j];
        chunk_.statuses[number[j]] = static_cast<uint8_t>(~none >> j & 1);
      }
      const __m256i numbers =
          _mm256_setr_epi64x(static_cast<int64_t>(number[0]), static_cast<int64_t>(number[1]),
                             static_cast<int64_t>(number[2]), static_cast<int64_t>(number[3]));
      unfinished = List(answers, numbers, rest < kLanes ? (1U << rest) - 1 : kAll, unfinished);
    }
    chunk_.unfinished_size = unfinished;
  }

  [[gnu::always_inline]] void Fetch(size_t i) {
    const Line* line = lines_ + Path(keys_[i].gid, line_count_).home;
    chunk_.at[i] = line;
    __builtin_prefetch(line);
  }

  // As that of the portable kernel.
  [[gnu::always_inline]] LaneAnswers Answer(const KeyLanes& keys, const Line* const* at) const {
    const SlotLanes one(at, 0);
    const SlotLanes two(at, 1);
    const __m256i first = one.Has(keys);
    const __m256i second = _mm256_andnot_si256(first, two.Has(keys));
    const __m256i contexts = _mm256_or_si256(_mm256_and_si256(first, one.contexts),
                                             _mm256_and_si256(second, two.contexts));
    LaneAnswers answers;
    answers.slots = _mm256_or_si256(_mm256_and_si256(first, EachLane(1)),
                                    _mm256_and_si256(second, EachLane(2)));

    // All bits of the cell of the most specific level.
    const __m256i ids = _mm256_and_si256(contexts, EachLane(Slot::kContextBits));
    __m256i best = CellsOf(3, ids);
    best = Choose(CellsOf(2, ids), best, Missing(CellsOf(2, ids)));
    best = Choose(CellsOf(1, ids), best, Missing(CellsOf(1, ids)));
    best = Choose(CellsOf(0, ids), best, Missing(CellsOf(0, ids)));
    static_assert(kMatchLevels == 4);
    answers.none = Missing(best);
    answers.cell = _mm256_and_si256(best, Choose(two.scores, one.scores, first));

    // In the highest bit of each lane.
    const __m256i other_kind = _mm256_slli_epi64(keys.kind, 63);
    const __m256i no_id = _mm256_slli_epi64(keys.kind, 62);
    const __m256i row_is_elsewhere = _mm256_or_si256(
        _mm256_slli_epi64(contexts, 63 - Slot::kSpilledBit),
        _mm256_xor_si256(_mm256_slli_epi64(contexts, 63 - 31), other_kind));  // Slot::kOther
    // As Line::WentOn.
    const __m256i of_line = Choose(one.contexts, two.contexts, _mm256_slli_epi64(keys.lo, 63 - 5));
    const __m256i key_is_elsewhere =
        Choose(_mm256_slli_epi64(of_line, 63 - 47), of_line, _mm256_slli_epi64(keys.lo, 63 - 4));
    const __m256i held = _mm256_or_si256(first, second);
    answers.more =
        HighBits(_mm256_or_si256(no_id, Choose(key_is_elsewhere, row_is_elsewhere, held)));
    return answers;
  }

  // All bits of the cells that have the context of a level; and of the lanes that have no such
  // cell.
  [[gnu::always_inline]] __m256i CellsOf(size_t level, __m256i ids) const {
    return _mm256_cmpeq_epi16(ids, chain_[level]);
  }
  [[gnu::always_inline]] static __m256i Missing(__m256i cells) {
    return _mm256_cmpeq_epi64(cells, _mm256_setzero_si256());
  }

  [[gnu::always_inline]] static void WriteScores(const LaneAnswers& answers, int16_t* scores) {
    const __m256i half = _mm256_or_si256(answers.cell, _mm256_srli_epi64(answers.cell, 32));
    const __m256i low = _mm256_or_si256(half, _mm256_srli_epi64(half, 16));
    // The low 16 bits of both lanes of a half beside each other; then those of both halves.
    const __m256i pairs = _mm256_shuffle_epi8(low, _mm256_set1_epi64x(0x0908'0100));
    const __m128i four =
        _mm_unpacklo_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(scores), four);
  }

  // Adds those that are unfinished, of keys with these numbers, to the list. It grows by four that
  // are written in any case.
  [[gnu::always_inline]] size_t List(const LaneAnswers& answers, __m256i numbers, uint32_t valid,
                                     size_t unfinished) {
    const uint32_t more = answers.more & valid;
    const __m256i bits = _mm256_or_si256(_mm256_slli_epi64(numbers, 2), answers.slots);
    const __m256i packed = _mm256_permutevar8x32_epi32(
        bits,
        _mm256_castsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(kPacked[more]))));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(&chunk_.unfinished[unfinished]),
                     _mm256_castsi256_si128(packed));
    return unfinished + static_cast<size_t>(__builtin_popcount(more));
  }

  static constexpr uint32_t kAll = (1U << kLanes) - 1;
  // The 32-bit words of the lanes that a number's bits name.
  alignas(16) static constexpr uint32_t kPacked[1 << kLanes][kLanes] = {
      {0, 0, 0, 0}, {0, 0, 0, 0}, {2, 0, 0, 0}, {0, 2, 0, 0}, {4, 0, 0, 0}, {0, 4, 0, 0},
      {2, 4, 0, 0}, {0, 2, 4, 0}, {6, 0, 0, 0}, {0, 6, 0, 0}, {2, 6, 0, 0}, {0, 2, 6, 0},
      {4, 6, 0, 0}, {0, 4, 6, 0}, {2, 4, 6, 0}, {0, 2, 4, 6}};

  LookupChunk& chunk_;
  const Line* const lines_;
  const uint64_t line_count_;
  const ItemKey* const keys_;
  __m256i chain_[kMatchLevels];
};

constexpr size_t kFloats = 8;  // of a register

// Eight keys at a time; the chunk has room for as many where it says something of less.
void Finish(const LookupChunk& chunk, float unit, float* scores, int* statuses) {
  const __m256 units = _mm256_set1_ps(unit);
  const __m256i found = _mm256_set1_epi32(static_cast<int>(ItemStatus::kFound));
  alignas(32) float last_scores[kFloats];
  alignas(32) int last_statuses[kFloats];
  for (size_t i = 0; i < chunk.size; i += kFloats) {
    const __m256i status =
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(&chunk.statuses[i])));
    const __m256 score = _mm256_cvtepi32_ps(
        _mm256_cvtepi16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(&chunk.scores[i]))));
    const __m256 answer = _mm256_and_ps(_mm256_mul_ps(score, units),
                                        _mm256_castsi256_ps(_mm256_cmpeq_epi32(status, found)));
    if (chunk.size - i >= kFloats) {
      _mm256_storeu_ps(&scores[i], answer);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(&statuses[i]), status);
      continue;
    }
    _mm256_store_ps(last_scores, answer);
    _mm256_store_si256(reinterpret_cast<__m256i*>(last_statuses), status);
    for (size_t j = i; j < chunk.size; ++j) {
      scores[j] = last_scores[j - i];
      statuses[j] = last_statuses[j - i];
    }
  }
}

}  // namespace

const LookupKernel kAvx2Kernel = {"avx2", Avx2Chunk::Home, Avx2Chunk::Listed, Finish};

}  // namespace oasis
