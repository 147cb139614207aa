// A row on its way through the sort: a fixed number of 64-bit words, the same in memory and on
// disk.
#ifndef OASIS_SNAPSHOT_BUILD_SORT_RECORD_H_
#define OASIS_SNAPSHOT_BUILD_SORT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/types/span.h"
#include "oasis/gid.h"
#include "oasis/table.h"

namespace oasis::build {

// Where a row was read.
struct SourcePlace {
  int file = 0;  // place in BuildOptions::score_files
  int64_t line = 0;
};

// The first three words are the order: all rows of an item together, by the place they were read
// at. No two rows are equal in them, so the order is total and the same for every sort.
//
//   gid.hi | gid.lo | kind:8 file:16 line:40 | context:32 campaign:32 | floats, two a word
class SortRecord {
 public:
  static constexpr int kFileBits = 16;
  static constexpr int kLineBits = 40;

  static size_t Words(int signals) { return 4 + (static_cast<size_t>(signals) + 1) / 2; }

  // `words` are those of one record, and outlive this.
  explicit SortRecord(const uint64_t* words) : words_(words) {}

  static void Write(const ItemKey& key, SourcePlace place, ContextId context, CampaignId campaign,
                    absl::Span<const float> scores, uint64_t* words) {
    words[0] = key.gid.hi;
    words[1] = key.gid.lo;
    words[2] = static_cast<uint64_t>(key.kind) << (kFileBits + kLineBits) |
               static_cast<uint64_t>(place.file) << kLineBits | static_cast<uint64_t>(place.line);
    words[3] = static_cast<uint64_t>(context) << 32 | campaign;
    if (scores.size() % 2 != 0) words[3 + (scores.size() + 1) / 2] = 0;
    memcpy(words + 4, scores.data(), scores.size() * sizeof(float));
  }

  ItemKey key() const {
    return {{words_[0], words_[1]}, static_cast<ItemKind>(words_[2] >> (kFileBits + kLineBits))};
  }
  SourcePlace place() const {
    return {static_cast<int>(words_[2] >> kLineBits & ((1U << kFileBits) - 1)),
            static_cast<int64_t>(words_[2] & ((uint64_t{1} << kLineBits) - 1))};
  }
  ContextId context() const { return static_cast<ContextId>(words_[3] >> 32); }
  CampaignId campaign() const { return static_cast<CampaignId>(words_[3]); }
  float score(size_t signal) const {
    float value = 0;
    memcpy(&value, reinterpret_cast<const char*>(words_ + 4) + signal * sizeof(float),
           sizeof(value));
    return value;
  }

 private:
  const uint64_t* words_;
};

inline bool ComesBefore(const uint64_t* a, const uint64_t* b) {
  if (a[0] != b[0]) return a[0] < b[0];
  if (a[1] != b[1]) return a[1] < b[1];
  return a[2] < b[2];
}

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_SORT_RECORD_H_
