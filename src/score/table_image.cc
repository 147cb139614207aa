// A table as bytes, and back: the memory as it is, after a head with its sizes.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "oasis/status.h"
#include "oasis/table.h"
#include "score/table_layout.h"

namespace oasis {
namespace {

using Writer = absl::FunctionRef<absl::Status(absl::Span<const char>)>;
using Reader = absl::FunctionRef<absl::Status(absl::Span<char>)>;

constexpr uint64_t kImageVersion = 3;  // of Line, Slot, the hash and all that is written here

struct Head {
  uint64_t version;
  uint64_t lines;
  int64_t items;
  int64_t cells;
  uint64_t spill_bytes;
  uint64_t signals;
};

constexpr uint64_t kMostSpillBytes = uint64_t{std::numeric_limits<uint32_t>::max()} * kSpillUnit;
constexpr uint64_t kMostMixIds = uint64_t{1} << 32;

absl::Status NoImage() {
  return absl::DataLossError("it is no image of such a table, or one of another version");
}

template <typename T>
absl::Status Write(const std::vector<T>& values, Writer write) {
  const uint64_t size = values.size();
  OASIS_RETURN_IF_ERROR(write({reinterpret_cast<const char*>(&size), sizeof(size)}));
  return write({reinterpret_cast<const char*>(values.data()), size * sizeof(T)});
}

template <typename T>
absl::Status Read(Reader read, uint64_t most, std::vector<T>* values) {
  uint64_t size = 0;
  OASIS_RETURN_IF_ERROR(read({reinterpret_cast<char*>(&size), sizeof(size)}));
  if (size > most) return NoImage();
  // Piece by piece: a size that is damaged takes no more memory than the file has bytes.
  constexpr uint64_t kPiece = 1 << 18;
  while (values->size() < size) {
    const size_t before = values->size();
    values->resize(std::min(size, before + kPiece));
    OASIS_RETURN_IF_ERROR(read(
        {reinterpret_cast<char*>(values->data() + before), (values->size() - before) * sizeof(T)}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CampaignColumn::WriteImage(Writer write) const {
  std::vector<uint32_t> lengths;
  std::vector<CampaignId> ids;
  for (const std::vector<CampaignId>& mix : mixes_) {
    lengths.push_back(static_cast<uint32_t>(mix.size()));
    ids.insert(ids.end(), mix.begin(), mix.end());
  }
  OASIS_RETURN_IF_ERROR(Write(std::vector<uint64_t>{bits_}, write));
  OASIS_RETURN_IF_ERROR(write({memory_.data(), empty() ? 0 : PackedBytes(slots_, bits_)}));
  OASIS_RETURN_IF_ERROR(Write(lengths, write));
  return Write(ids, write);
}

absl::Status CampaignColumn::ReadImage(Reader read) {
  const size_t slots = campaigns_ == 0 ? 0 : slots_;
  std::vector<uint32_t> lengths;
  std::vector<CampaignId> ids;
  std::vector<uint64_t> bits;
  OASIS_RETURN_IF_ERROR(Read(read, 1, &bits));
  if (bits.size() != 1 || bits[0] > kWordBits || (bits[0] == 0) != (slots == 0)) return NoImage();
  bits_ = bits[0];
  if (slots > 0) {
    const size_t bytes = PackedBytes(slots, bits_);
    OASIS_ASSIGN_OR_RETURN(memory_, Region::Create(bytes, huge_pages_));
    OASIS_RETURN_IF_ERROR(read({memory_.data(), bytes}));
  }
  OASIS_RETURN_IF_ERROR(Read(read, slots, &lengths));
  OASIS_RETURN_IF_ERROR(Read(read, kMostMixIds, &ids));
  auto id = ids.begin();
  for (const uint32_t length : lengths) {
    if (length > ids.end() - id) return NoImage();
    mixes_.emplace_back(id, id + length);
    id += length;
  }
  return absl::OkStatus();
}

absl::Status Table::WriteImage(Writer write) const { return rep_->WriteImage(write); }

absl::Status Table::Rep::WriteImage(Writer write) const {
  const Head head = {kImageVersion, lines, items, cells, spill.bytes(), signals.size()};
  OASIS_RETURN_IF_ERROR(write({reinterpret_cast<const char*>(&head), sizeof(head)}));
  OASIS_RETURN_IF_ERROR(write({line_memory.data(), lines * sizeof(Line)}));
  OASIS_RETURN_IF_ERROR(write({spill.data(), spill.bytes()}));
  return campaign_column.WriteImage(write);
}

absl::Status Table::Rep::ReadImage(Reader read) {
  Head head = {};
  OASIS_RETURN_IF_ERROR(read({reinterpret_cast<char*>(&head), sizeof(head)}));
  if (head.version != kImageVersion || head.lines != lines || head.signals != signals.size() ||
      head.spill_bytes > kMostSpillBytes) {
    return NoImage();
  }
  items = head.items;
  cells = head.cells;
  OASIS_RETURN_IF_ERROR(read({line_memory.data(), lines * sizeof(Line)}));
  OASIS_RETURN_IF_ERROR(spill.Resize(head.spill_bytes));
  OASIS_RETURN_IF_ERROR(read({spill.data(), head.spill_bytes}));
  return campaign_column.ReadImage(read);
}

}  // namespace oasis
