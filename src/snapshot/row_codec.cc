#include "snapshot/row_codec.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "snapshot/remedies.h"

namespace oasis {
namespace {

static_assert(std::endian::native == std::endian::little);  // as in the files

constexpr int16_t kNotAScore = std::numeric_limits<int16_t>::min();

// What every item begins with: its gid, how many cells it has and of what kind it is, its campaign.
constexpr size_t kCellsAt = kGidBytes;
constexpr size_t kCampaignAt = kCellsAt + sizeof(uint16_t);
constexpr size_t kHeadBytes = kCampaignAt + sizeof(uint32_t);

constexpr uint16_t kOtherKind = 0x8000;  // beside the number of cells
static_assert(kMaxContexts < kOtherKind);
constexpr uint32_t kOneACell = 0xFFFFFFFF;  // in place of the campaign

// A campaign is kept as its number + 1, so that 0 is kNoCampaign.
static_assert(kNoCampaign + 1 == 0 && kMaxCampaigns < kOneACell);

template <typename Number>
void Append(Number number, std::string* bytes) {
  char raw[sizeof(number)];
  std::memcpy(raw, &number, sizeof(number));
  bytes->append(raw, sizeof(number));
}

template <typename Number>
Number Load(const char* at) {
  Number number;
  std::memcpy(&number, at, sizeof(number));
  return number;
}

// Fills `column` from `at` on, and gives where it ended.
template <typename Number>
const char* LoadColumn(const char* at, size_t size, std::vector<Number>* column) {
  column->resize(size);
  std::memcpy(column->data(), at, size * sizeof(Number));
  return at + size * sizeof(Number);
}

template <typename Number>
void AppendColumn(const std::vector<Number>& column, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(column.data()), column.size() * sizeof(Number));
}

bool AllTheSame(const std::vector<CampaignId>& campaigns) {
  return std::count(campaigns.begin(), campaigns.end(), campaigns[0]) == std::ssize(campaigns);
}

}  // namespace

absl::Status ValidateRow(const ItemRow& row, const Manifest& manifest) {
  const size_t cells = row.contexts.size();
  const size_t contexts = manifest.contexts.size();  // once: a size is a division
  const size_t campaigns = manifest.campaigns.size();
  if (row.key.kind == ItemKind::kInvalid) return absl::InvalidArgumentError("the key is invalid");
  if (cells == 0) return absl::InvalidArgumentError("the row has no cells; leave the item out");
  if (row.campaigns.size() != cells || row.scores.size() != cells * manifest.signals.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the row has ", cells, " contexts, ", row.campaigns.size(), " campaigns and ",
                     row.scores.size(), " scores for ", manifest.signals.size(), " signals"));
  }
  for (size_t i = 0; i < cells; ++i) {
    if (row.contexts[i] >= contexts) {
      return absl::InvalidArgumentError(
          absl::StrCat("context ", row.contexts[i], " of only ", contexts));
    }
    if (i > 0 && row.contexts[i] <= row.contexts[i - 1]) {
      return absl::InvalidArgumentError(absl::StrCat("context ", row.contexts[i], " after ",
                                                     row.contexts[i - 1], "; they must ascend"));
    }
    if (row.campaigns[i] != kNoCampaign && row.campaigns[i] >= campaigns) {
      return absl::InvalidArgumentError(
          absl::StrCat("campaign ", row.campaigns[i], " of only ", campaigns));
    }
  }
  for (int16_t score : row.scores) {
    if (score == kNotAScore) {
      return absl::InvalidArgumentError(
          absl::StrCat("quantised score ", score, " is below -", kQuantisedMax));
    }
  }
  return absl::OkStatus();
}

void EncodeRow(const ItemRow& row, std::string* bytes) {
  char gid[kGidBytes];
  GidToBytes(row.key.gid, gid);
  bytes->assign(gid, kGidBytes);
  const uint16_t kind = row.key.kind == ItemKind::kOther ? kOtherKind : 0;
  Append(static_cast<uint16_t>(row.contexts.size() | kind), bytes);
  const bool one = AllTheSame(row.campaigns);
  Append(one ? row.campaigns[0] + 1 : kOneACell, bytes);
  AppendColumn(row.contexts, bytes);
  AppendColumn(row.scores, bytes);
  if (one) return;
  for (const CampaignId campaign : row.campaigns) Append(campaign + 1, bytes);
}

absl::Status TakeRow(absl::string_view* run, const Manifest& manifest, ItemRow* row) {
  if (run->size() < kHeadBytes) return Damaged("it ends within the head of an item");
  const char* at = run->data();
  const auto head = Load<uint16_t>(at + kCellsAt);
  const auto campaign = Load<uint32_t>(at + kCampaignAt);
  const size_t cells = head & (kOtherKind - 1);
  const size_t scores = cells * manifest.signals.size();
  row->key = {GidFromBytes(at), (head & kOtherKind) != 0 ? ItemKind::kOther : ItemKind::kTrack};
  if (cells == 0) return Damaged(FormatKey(row->key), ": the item has no cells");
  const size_t bytes = kHeadBytes + cells * sizeof(ContextId) + scores * sizeof(int16_t) +
                       (campaign == kOneACell ? cells * sizeof(uint32_t) : 0);
  if (run->size() < bytes) {
    return Damaged(FormatKey(row->key), ": it ends within the ", cells, " cells of the item");
  }
  run->remove_prefix(bytes);
  at = LoadColumn(at + kHeadBytes, cells, &row->contexts);
  at = LoadColumn(at, scores, &row->scores);
  if (campaign == kOneACell) {
    LoadColumn(at, cells, &row->campaigns);
    for (CampaignId& each : row->campaigns) --each;
  } else {
    row->campaigns.assign(cells, campaign - 1);
  }
  if (const absl::Status valid = ValidateRow(*row, manifest); !valid.ok()) {
    return Damaged(FormatKey(row->key), ": ", valid.message());
  }
  if (campaign == kOneACell && AllTheSame(row->campaigns)) {
    return Damaged(FormatKey(row->key), ": the campaigns of its cells are all the same");
  }
  return absl::OkStatus();
}

}  // namespace oasis
