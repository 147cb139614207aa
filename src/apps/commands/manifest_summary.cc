#include "apps/commands/manifest_summary.h"

#include "absl/strings/str_cat.h"
#include "apps/text.h"

namespace oasis {

int64_t BytesOf(const Manifest& manifest) {
  int64_t bytes = 0;
  for (const ScoreFile& file : manifest.files) bytes += static_cast<int64_t>(file.bytes);
  return bytes;
}

std::string SummaryText(const Manifest& manifest) {
  return absl::StrCat(manifest.score_set, "/", manifest.variant, " snapshot ", manifest.snapshot_id,
                      ": ", FormatCount(manifest.items), " items, ", FormatCount(manifest.rows),
                      " rows, ", manifest.files.size(),
                      manifest.files.size() == 1 ? " file of " : " files of ",
                      FormatBytes(BytesOf(manifest)));
}

nlohmann::ordered_json SummaryJson(const Manifest& manifest) {
  nlohmann::ordered_json json;
  json["snapshot_id"] = manifest.snapshot_id;
  json["score_set"] = manifest.score_set;
  json["variant"] = manifest.variant;
  json["created"] = FormatInstant(manifest.created);
  json["items"] = manifest.items;
  json["rows"] = manifest.rows;
  json["files"] = manifest.files.size();
  json["bytes"] = BytesOf(manifest);
  json["contexts"] = manifest.contexts.size();
  json["campaigns"] = manifest.campaigns.size();
  json["signals"] = nlohmann::ordered_json::array();
  for (const Signal& signal : manifest.signals) json["signals"].push_back(signal.name);
  return json;
}

}  // namespace oasis
