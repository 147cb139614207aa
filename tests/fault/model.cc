#include "fault/model.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "snapshot/checksum.h"

namespace oasis::testing {
namespace {

const Signal kPromotion = {"promotion", 2.0F};

const std::vector<Context>& ModelContexts() {
  static const auto& contexts = *new std::vector<Context>{
      {"radio", "*", "*"},    {"radio", "SE", "*"},    {"radio", "DE", "*"},
      {"autoplay", "*", "*"}, {"autoplay", "SE", "*"}, {"mix", "DE", "teens"}};
  return contexts;
}

const std::vector<Campaign>& ModelCampaigns() {
  static const auto& campaigns =
      *new std::vector<Campaign>{{"spring", "acme"},
                                 {"tour", "acme", TestTime(0), ModelTourEnds()},
                                 {"debut", "umbrella", TestTime(0), TestTime(10'000'000)}};
  return campaigns;
}

uint64_t Mix(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t x = a * 0x9E37'79B9'7F4A'7C15 ^ b * 0xD1B5'4A32'D192'ED03 ^ c * 0x94D0'49BB'1331'11EB;
  x ^= x >> 29;
  x *= 0xBF58'476D'1CE4'E5B9;
  return x ^ x >> 32;
}

ItemRow RowOf(const ModelSnapshot& snapshot, int item) {
  std::vector<CellSpec> cells;
  const auto contexts = static_cast<ContextId>(ModelContexts().size());
  for (ContextId context = 0; context < contexts; ++context) {
    const uint64_t chance = Mix(static_cast<uint64_t>(snapshot.seed), item, context);
    const bool has = context == item % contexts || item % 5 == 4 || chance % 3 == 0;
    if (!has) continue;
    const auto campaign = static_cast<CampaignId>(chance >> 8 & 3);
    cells.push_back({context,
                     {static_cast<int16_t>(chance >> 16 & 0x7FFF)},
                     campaign == 3 ? kNoCampaign : campaign});
  }
  return MakeRow(TestKey(item), cells);
}

bool Holds(const Override& override, const ModelSnapshot& snapshot, const ModelRequest& request,
           const std::string& uri, const Campaign* campaign, absl::Time now) {
  const auto is_or_any = [](const std::string& wanted, const std::string& there) {
    return wanted.empty() || wanted == there;
  };
  if (now >= override.expires || !is_or_any(override.score_set, snapshot.table.score_set) ||
      !is_or_any(override.surface, request.surface) ||
      !is_or_any(override.market, request.market)) {
    return false;
  }
  if (!override.item_uri.empty()) return override.item_uri == uri;
  if (campaign == nullptr) return false;
  return override.campaign.empty() ? override.licensor == campaign->licensor
                                   : override.campaign == campaign->name;
}

bool Stronger(const Override& a, const Override& b) {
  const auto rank = [](const Override& override) {
    const int about = !override.item_uri.empty() ? 0 : !override.campaign.empty() ? 1 : 2;
    const int narrowed = (override.surface.empty() ? 0 : 1) + (override.market.empty() ? 0 : 1);
    return std::make_tuple(about, -narrowed, absl::UnixEpoch() - override.created, override.id);
  };
  return rank(a) < rank(b);
}

// The place of the row that answers, or nothing.
std::optional<size_t> MatchingCell(const ItemRow& row, const ModelRequest& request) {
  static const std::string any = "*";
  for (const auto& [market, cohort] :
       {std::pair(request.market, request.cohort), std::pair(request.market, any),
        std::pair(any, request.cohort), std::pair(any, any)}) {
    for (size_t cell = 0; cell < row.contexts.size(); ++cell) {
      const Context& context = ModelContexts()[row.contexts[cell]];
      if (context.surface == request.surface && context.market == market &&
          context.cohort == cohort) {
        return cell;
      }
    }
  }
  return std::nullopt;
}

// `overrides`: the strongest first.
Answer ExpectedAnswer(const ModelSnapshot& snapshot, int item, const ItemRow& row,
                      const ModelRequest& request, const std::vector<Override>& overrides,
                      absl::Time now) {
  const std::optional<size_t> cell = MatchingCell(row, request);
  const bool paid = cell.has_value() && row.campaigns[*cell] != kNoCampaign;
  const Campaign* campaign = paid ? &ModelCampaigns()[row.campaigns[*cell]] : nullptr;
  const std::string uri = FormatTrackUri(TestKey(item).gid);
  bool suppressed = false;
  const Override* set = nullptr;
  float cap = std::numeric_limits<float>::infinity();
  for (const Override& override : overrides) {
    if (!Holds(override, snapshot, request, uri, campaign, now)) continue;
    if (override.action == OverrideAction::kSuppress) suppressed = true;
    if (override.action == OverrideAction::kSet && set == nullptr) set = &override;
    if (override.action == OverrideAction::kCap) cap = std::min(cap, override.score);
  }
  if (!cell.has_value() && (set == nullptr || suppressed)) return {};
  if (suppressed) return {static_cast<int>(ItemStatus::kSuppressed), 0};
  if (campaign != nullptr && (now < campaign->starts_at || now >= campaign->ends_at)) {
    return {static_cast<int>(ItemStatus::kExpired), 0};
  }
  const float score = set != nullptr ? set->score : Dequantise(row.scores[*cell], kPromotion);
  return {static_cast<int>(ItemStatus::kFound), std::min(score, cap)};
}

}  // namespace

absl::Time ModelTourEnds() { return TestTime(5'000); }

void WriteModelSnapshot(const std::filesystem::path& dir, const ModelSnapshot& snapshot) {
  Manifest manifest;
  manifest.snapshot_id = snapshot.id;
  manifest.score_set = snapshot.table.score_set;
  manifest.variant = snapshot.table.variant;
  manifest.created = snapshot.created;
  manifest.producer = "oasis test";
  manifest.signals = {kPromotion};
  manifest.contexts = ModelContexts();
  manifest.campaigns = ModelCampaigns();
  if (snapshot.blocked) manifest.gates = {{"violation", 100, 1}};
  auto writer = SnapshotWriter::Create(dir, manifest, /*rows_per_file=*/16);
  ASSERT_THAT(writer, IsOk());
  for (int item = 0; item < kModelItems; ++item) {
    ASSERT_THAT(writer->Add(RowOf(snapshot, item)), IsOk());
  }
  ASSERT_THAT(writer->Finish(), IsOk());
}

uint64_t ManifestChecksum(const std::filesystem::path& dir) {
  const auto manifest = ReadManifest(dir);
  EXPECT_THAT(manifest, IsOk());
  return manifest.ok() ? Checksum(EncodeManifest(*manifest)) : 0;
}

const std::vector<ModelRequest>& ModelRequests() {
  static const auto& requests = *new std::vector<ModelRequest>{
      {"radio", "", ""},      {"radio", "SE", ""},    {"radio", "DE", "teens"},
      {"autoplay", "SE", ""}, {"mix", "DE", "teens"}, {"mix", "DE", ""}};
  return requests;
}

std::vector<ItemKey> ModelKeys() {
  std::vector<ItemKey> keys;
  for (int item = 0; item <= kModelItems; ++item) keys.push_back(TestKey(item));
  return keys;
}

Answers ExpectedAnswers(const ModelSnapshot& snapshot, std::vector<Override> overrides,
                        absl::Time now) {
  std::sort(overrides.begin(), overrides.end(), Stronger);
  std::vector<ItemRow> rows;
  for (int item = 0; item < kModelItems; ++item) rows.push_back(RowOf(snapshot, item));
  rows.emplace_back();  // of the item that has none
  Answers answers;
  for (const ModelRequest& request : ModelRequests()) {
    for (int item = 0; item <= kModelItems; ++item) {
      const ItemRow& row = rows[static_cast<size_t>(item)];
      answers.push_back(ExpectedAnswer(snapshot, item, row, request, overrides, now));
    }
  }
  return answers;
}

}  // namespace oasis::testing
