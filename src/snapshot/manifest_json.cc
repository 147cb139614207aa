#include "snapshot/manifest_json.h"

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "score/utc.h"
#include "snapshot/checksum.h"

namespace oasis {
namespace {

std::string String(absl::string_view view) { return std::string(view.data(), view.size()); }

Json FileToJson(const ScoreFile& file) {
  return {{"name", file.name},
          {"bytes", file.bytes},
          {"items", static_cast<uint64_t>(file.items)},
          {"checksum", FormatChecksum(file.checksum)},
          {"first_key", FormatKey(file.first_key)},
          {"last_key", FormatKey(file.last_key)}};
}

Json StatisticsToJson(const ScoreStatistics& entry) {
  Json histogram = Json::array();
  for (size_t bin = 0; bin < entry.histogram.size(); ++bin) {
    if (entry.histogram[bin] == 0) continue;
    histogram.push_back(Json::array({bin, static_cast<uint64_t>(entry.histogram[bin])}));
  }
  return {{"context", entry.context},
          {"signal", static_cast<uint64_t>(entry.signal)},
          {"rows", static_cast<uint64_t>(entry.rows)},
          {"min", entry.min},
          {"max", entry.max},
          {"mean", entry.mean},
          {"histogram", std::move(histogram)}};
}

Json SentinelToJson(const Sentinel& sentinel) {
  Json scores = Json::array();
  for (float score : sentinel.scores) scores.push_back(ShortDouble(score));
  return {{"key", FormatKey(sentinel.key)},
          {"context", sentinel.context},
          {"scores", std::move(scores)}};
}

template <typename T, typename ToJson>
Json List(const std::vector<T>& items, const ToJson& to_json) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(to_json(item));
  return list;
}

}  // namespace

Json ManifestToJson(const Manifest& manifest) {
  Json json;
  json["format"] = String(kSnapshotFormat);
  json["format_version"] = static_cast<uint64_t>(kSnapshotFormatVersion);
  json["snapshot_id"] = manifest.snapshot_id;
  json["score_set"] = manifest.score_set;
  json["variant"] = manifest.variant;
  json["created"] = FormatUtc(manifest.created);
  json["producer"] = manifest.producer;
  json["parent"] = manifest.parent;
  json["items"] = static_cast<uint64_t>(manifest.items);
  json["rows"] = static_cast<uint64_t>(manifest.rows);
  json["signals"] = List(manifest.signals, [](const Signal& signal) -> Json {
    return {{"name", signal.name}, {"scale", ShortDouble(signal.scale)}};
  });
  json["contexts"] = List(manifest.contexts, FormatContext);
  json["campaigns"] = Json::array();
  json["files"] = List(manifest.files, FileToJson);
  json["statistics"] = List(manifest.statistics, StatisticsToJson);
  json["sentinels"] = List(manifest.sentinels, SentinelToJson);
  if (!manifest.gates.empty()) {
    json["gates"] = List(manifest.gates, [](const Gate& gate) -> Json {
      return {{"name", gate.name}, {"value", gate.value}, {"limit", gate.limit}};
    });
  }
  return json;
}

}  // namespace oasis
