#include "snapshot/row_codec.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/snapshot.h"

namespace oasis {
namespace {

constexpr int16_t kNotAScore = std::numeric_limits<int16_t>::min();

void AppendVarint(uint32_t number, std::string* out) {
  while (number >= 0x80) {
    out->push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out->push_back(static_cast<char>(number));
}

bool ReadAnyVarint(const char** at, const char* end, uint32_t* number) {
  uint64_t value = 0;
  for (int shift = 0; shift < 35 && *at < end; shift += 7) {
    const auto byte = static_cast<uint8_t>(*(*at)++);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      *number = static_cast<uint32_t>(value);
      return value <= std::numeric_limits<uint32_t>::max() && (byte != 0 || shift == 0);
    }
  }
  return false;
}

// The next varint of [*at, end); only the shortest form of a number is taken. Nearly all have up to
// three bytes, and more bytes come after.
inline bool ReadVarint(const char** at, const char* end, uint32_t* number) {
  if (end - *at < 3) return ReadAnyVarint(at, end, number);
  const auto* bytes = reinterpret_cast<const uint8_t*>(*at);
  if (bytes[0] < 0x80) {
    *number = bytes[0];
    *at += 1;
    return true;
  }
  *number = (bytes[0] & 0x7F) | uint32_t{bytes[1]} << 7;
  if (bytes[1] < 0x80) {
    *at += 2;
    return bytes[1] != 0;
  }
  *number = (*number & 0x3FFF) | uint32_t{bytes[2]} << 14;
  if (bytes[2] < 0x80) {
    *at += 3;
    return bytes[2] != 0;
  }
  return ReadAnyVarint(at, end, number);
}

absl::Status DamagedAt(const char* begin, const char* at, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("byte ", at - begin, " of the value: ", what));
}

}  // namespace

absl::Status ValidateRow(const ItemRow& row, const Manifest& manifest) {
  const size_t cells = row.contexts.size();
  if (row.key.kind == ItemKind::kInvalid) return absl::InvalidArgumentError("the key is invalid");
  if (cells == 0) return absl::InvalidArgumentError("the row has no cells; leave the item out");
  if (row.campaigns.size() != cells || row.scores.size() != cells * manifest.signals.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the row has ", cells, " contexts, ", row.campaigns.size(), " campaigns and ",
                     row.scores.size(), " scores for ", manifest.signals.size(), " signals"));
  }
  for (size_t i = 0; i < cells; ++i) {
    if (row.contexts[i] >= manifest.contexts.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("context ", row.contexts[i], " of only ", manifest.contexts.size()));
    }
    if (i > 0 && row.contexts[i] <= row.contexts[i - 1]) {
      return absl::InvalidArgumentError(absl::StrCat("context ", row.contexts[i], " after ",
                                                     row.contexts[i - 1], "; they must ascend"));
    }
    if (row.campaigns[i] != kNoCampaign && row.campaigns[i] >= manifest.campaigns.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("campaign ", row.campaigns[i], " of only ", manifest.campaigns.size()));
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

void EncodeRow(const ItemRow& row, int signals, std::string* value) {
  value->clear();
  const int16_t* score = row.scores.data();
  for (size_t i = 0; i < row.contexts.size(); ++i) {
    AppendVarint(row.contexts[i], value);
    AppendVarint(row.campaigns[i] + 1, value);  // kNoCampaign + 1 is 0
    for (int j = 0; j < signals; ++j) {
      const auto bits = static_cast<uint16_t>(*score++);
      value->push_back(static_cast<char>(bits & 0xFF));
      value->push_back(static_cast<char>(bits >> 8));
    }
  }
}

absl::Status DecodeRow(absl::string_view value, const Manifest& manifest, ItemRow* row) {
  row->Clear();
  const char* const begin = value.data();
  const char* const end = begin + value.size();
  const auto score_bytes = static_cast<ptrdiff_t>(2 * manifest.signals.size());
  const auto contexts = static_cast<uint32_t>(manifest.contexts.size());
  const auto campaigns = static_cast<uint32_t>(manifest.campaigns.size());
  int64_t previous = -1;
  const char* at = begin;
  if (at == end) return DamagedAt(begin, at, "it is empty");
  while (at < end) {
    const char* const cell = at;
    uint32_t context = 0;
    uint32_t campaign = 0;
    if (!ReadVarint(&at, end, &context)) return DamagedAt(begin, cell, "no context number");
    if (context >= contexts) {
      return DamagedAt(begin, cell, absl::StrCat("context ", context, " of only ", contexts));
    }
    if (context <= previous) {
      return DamagedAt(begin, cell, absl::StrCat("context ", context, " after ", previous));
    }
    if (!ReadVarint(&at, end, &campaign)) return DamagedAt(begin, cell, "no campaign number");
    if (campaign > campaigns) {
      return DamagedAt(begin, cell,
                       absl::StrCat("campaign ", campaign - 1, " of only ", campaigns));
    }
    if (end - at < score_bytes) return DamagedAt(begin, at, "it ends within the scores");
    row->contexts.push_back(static_cast<ContextId>(context));
    row->campaigns.push_back(campaign - 1);  // 0 - 1 is kNoCampaign
    for (const char* const scores_end = at + score_bytes; at < scores_end; at += 2) {
      const auto low = static_cast<uint8_t>(at[0]);
      const auto high = static_cast<uint8_t>(at[1]);
      const auto score = static_cast<int16_t>(static_cast<uint16_t>(high << 8 | low));
      if (score == kNotAScore) return DamagedAt(begin, at, "the quantised score is -32768");
      row->scores.push_back(score);
    }
    previous = context;
  }
  return absl::OkStatus();
}

}  // namespace oasis
