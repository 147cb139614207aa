#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/manifest_json.h"

namespace oasis {
namespace {

// A count as a smaller type; what does not fit becomes the largest, which no list is as long as.
template <typename T>
T Clamped(int64_t value) {
  return static_cast<T>(std::min<int64_t>(value, std::numeric_limits<T>::max()));
}

absl::Status SignalFromJson(const Json& json, size_t index, Signal* signal) {
  JsonFields fields(json, "signals", index);
  signal->name = fields.String("name");
  signal->scale = fields.Float("scale");
  return fields.Finish();
}

absl::Status ContextFromJson(const Json& json, size_t index, Context* context) {
  const std::string text = json.is_string() ? json.get<std::string>() : std::string();
  std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("contexts[", index, "] is not a string like radio/SE/*"));
  }
  *context = {std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
  return absl::OkStatus();
}

absl::Status CampaignFromJson(const Json& json, size_t index, Campaign* campaign) {
  JsonFields fields(json, "campaigns", index);
  campaign->name = fields.String("name");
  campaign->licensor = fields.String("licensor");
  campaign->starts_at = fields.TimeOr("starts_at", absl::InfinitePast());
  campaign->ends_at = fields.TimeOr("ends_at", absl::InfiniteFuture());
  return fields.Finish();
}

absl::Status FileFromJson(const Json& json, size_t index, ScoreFile* file) {
  JsonFields fields(json, "files", index);
  file->name = fields.String("name");
  file->bytes = static_cast<uint64_t>(fields.Integer("bytes"));
  file->items = fields.Integer("items");
  file->checksum = fields.Checksum("checksum");
  file->first_key = fields.Key("first_key");
  file->last_key = fields.Key("last_key");
  return fields.Finish();
}

absl::Status StatisticsFromJson(const Json& json, size_t index, ScoreStatistics* entry) {
  JsonFields fields(json, "statistics", index);
  entry->context = Clamped<ContextId>(fields.Integer("context"));
  entry->signal = Clamped<int>(fields.Integer("signal"));
  entry->rows = fields.Integer("rows");
  entry->min = fields.Number("min");
  entry->max = fields.Number("max");
  entry->mean = fields.Number("mean");
  entry->histogram.assign(kHistogramBins, 0);
  int64_t previous = -1;
  for (const Json& pair : fields.Array("histogram")) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() ||
        !pair[1].is_number_unsigned() || pair[0].get<uint64_t>() >= kHistogramBins ||
        pair[1].get<uint64_t>() > std::numeric_limits<int64_t>::max() ||
        pair[0].get<int64_t>() <= previous) {
      return absl::InvalidArgumentError(
          absl::StrCat("statistics[", index,
                       "].histogram is not a list of [bin, rows] with bins "
                       "ascending from 0 to ",
                       kHistogramBins - 1));
    }
    previous = pair[0].get<int64_t>();
    entry->histogram[static_cast<size_t>(previous)] = pair[1].get<int64_t>();
  }
  return fields.Finish();
}

absl::Status SentinelFromJson(const Json& json, size_t index, Sentinel* sentinel) {
  JsonFields fields(json, "sentinels", index);
  sentinel->key = fields.Key("key");
  sentinel->context = Clamped<ContextId>(fields.Integer("context"));
  for (const Json& score : fields.Array("scores")) {
    if (!score.is_number()) {
      return absl::InvalidArgumentError(
          absl::StrCat("sentinels[", index, "].scores has something that is not a number"));
    }
    sentinel->scores.push_back(static_cast<float>(score.get<double>()));
  }
  return fields.Finish();
}

absl::Status GateFromJson(const Json& json, size_t index, Gate* gate) {
  JsonFields fields(json, "gates", index);
  gate->name = fields.String("name");
  gate->value = fields.Number("value");
  gate->limit = fields.Number("limit");
  return fields.Finish();
}

// Takes memory for no more elements than there may be, and for none after a bad one.
template <typename T>
absl::Status ListFromJson(const Json& json, absl::string_view name, size_t limit,
                          absl::Status (*from_json)(const Json&, size_t, T*),
                          std::vector<T>* list) {
  if (json.size() > limit) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has ", json.size(), " elements; the limit is ", limit));
  }
  for (size_t i = 0; i < json.size(); ++i) {
    OASIS_RETURN_IF_ERROR(from_json(json[i], i, &list->emplace_back()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Manifest> ManifestFromJson(const Json& json) {
  JsonFields fields(json, "");
  Manifest manifest;
  fields.String("format");
  fields.Integer("format_version");
  manifest.snapshot_id = fields.String("snapshot_id");
  manifest.score_set = fields.String("score_set");
  manifest.variant = fields.String("variant");
  manifest.created = fields.Time("created");
  manifest.producer = fields.String("producer");
  manifest.parent = fields.String("parent");
  manifest.items = fields.Integer("items");
  manifest.rows = fields.Integer("rows");
  const Json& signals = fields.Array("signals");
  const Json& contexts = fields.Array("contexts");
  const Json& campaigns = fields.Array("campaigns");
  const Json& files = fields.Array("files");
  const Json& statistics = fields.Array("statistics");
  const Json& sentinels = fields.Array("sentinels");
  const Json& gates = fields.ArrayOrEmpty("gates");
  OASIS_RETURN_IF_ERROR(fields.Finish());
  OASIS_RETURN_IF_ERROR(
      ListFromJson(signals, "signals", kMaxSignals, SignalFromJson, &manifest.signals));
  OASIS_RETURN_IF_ERROR(
      ListFromJson(contexts, "contexts", kMaxContexts, ContextFromJson, &manifest.contexts));
  OASIS_RETURN_IF_ERROR(ListFromJson(campaigns, "campaigns", kMaxCampaigns, CampaignFromJson,
                                     &manifest.campaigns.Own()));
  // A file holds one item at least.
  OASIS_RETURN_IF_ERROR(ListFromJson(files, "files", kMaxItems, FileFromJson, &manifest.files));
  OASIS_RETURN_IF_ERROR(ListFromJson(statistics, "statistics", size_t{kMaxContexts} * kMaxSignals,
                                     StatisticsFromJson, &manifest.statistics));
  OASIS_RETURN_IF_ERROR(
      ListFromJson(sentinels, "sentinels", kSentinels, SentinelFromJson, &manifest.sentinels));
  OASIS_RETURN_IF_ERROR(ListFromJson(gates, "gates", kMaxGates, GateFromJson, &manifest.gates));
  return manifest;
}

}  // namespace oasis
