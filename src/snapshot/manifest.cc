#include "oasis/manifest.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/campaign_lines.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/manifest_json.h"
#include "snapshot/manifest_rules.h"
#include "snapshot/remedies.h"

namespace oasis {
namespace {

constexpr const char* kChecksumField = "manifest_checksum";
constexpr absl::string_view kCampaignsField = "campaigns";
constexpr size_t kUsualRestBytes = 1024 * 1024;  // of a large manifest, beside its campaigns
// What comes before the lines of campaigns in Readable.
constexpr absl::string_view kBeforeCampaigns = "\n  \"campaigns\": [\n    ";

// The form that the checksum is taken of: no spaces, fields in their order. Never throws.
std::string Canonical(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The checksum of a manifest, of which the `campaigns` (see campaign_lines.h) are not in `json`.
uint64_t ContentChecksum(const Json& json, absl::string_view campaigns) {
  constexpr absl::string_view kEmptyList = "\"campaigns\":[]";  // in no string: quotes are escaped
  const std::string text = Canonical(json);
  const size_t list = text.find(kEmptyList.data(), 0, kEmptyList.size());
  if (campaigns.empty() || list == std::string::npos) return Checksum(text);
  const size_t cut = list + kEmptyList.size() - 1;
  StreamingChecksum checksum;
  checksum.Update(absl::string_view(text).substr(0, cut));
  UpdateWithoutSpaces(campaigns, &checksum);
  checksum.Update(absl::string_view(text).substr(cut));
  return checksum.Digest();
}

// For people and diffs: one line a field, and one a list's element.
std::string Readable(const Json& json, absl::string_view campaigns) {
  std::string text;
  text.reserve(campaigns.size() + kUsualRestBytes);
  text += '{';
  absl::string_view before_field = "\n";
  for (const auto& [name, value] : json.items()) {
    absl::StrAppend(&text, before_field, "  \"", name, "\": ");
    before_field = ",\n";
    if (name == kCampaignsField && !campaigns.empty()) {
      absl::StrAppend(&text, "[", kBetweenLines);
      text.append(campaigns.data(), campaigns.size());  // StrAppend would first clear its room
      absl::StrAppend(&text, kAfterCampaigns);
      continue;
    }
    if (!value.is_array() || value.empty()) {
      text += Canonical(value);
      continue;
    }
    absl::string_view before_element = "[\n    ";
    for (const Json& element : value) {
      absl::StrAppend(&text, before_element, Canonical(element));
      before_element = ",\n    ";
    }
    text += "\n  ]";
  }
  text += "\n}\n";
  return text;
}

// Looks at the brackets, colons and commas outside of strings. (nlohmann's parser could tell too,
// but its callbacks cost time by the square of a list's length.)
absl::Status CheckShape(absl::string_view text) {
  std::array<int, kMaxManifestDepth + 1> fields{};  // of the objects that are open, by depth
  size_t depth = 0;
  size_t values = 0;  // each comes after a bracket or a comma
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string) {
      if (c == '\\') ++i;  // whatever is escaped, it is no end of the string
      continue;
    }
    if ((c == ',' || c == '{' || c == '[') && ++values > kMaxManifestValues) {
      return absl::InvalidArgumentError(absl::StrCat("its JSON has more than ", kMaxManifestValues,
                                                     " values: use fewer contexts or campaigns"));
    }
    if (c == '{' || c == '[') {
      if (depth == kMaxManifestDepth) {
        return absl::InvalidArgumentError("its JSON nests deeper than a manifest does");
      }
      fields[++depth] = 0;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    } else if (c == ':' && ++fields[depth] > kMaxManifestFields) {
      return absl::InvalidArgumentError(
          absl::StrCat("an object of its JSON has more than ", kMaxManifestFields, " fields"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Json> Parse(absl::string_view text) {
  OASIS_RETURN_IF_ERROR(CheckShape(text));
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("it is cut off or not JSON: ", error.what()));
  }
}

// The first look at any manifest: one of another version must be told by that, not by its fields.
absl::Status CheckVersion(const Json& json) {
  if (!json.is_object()) return absl::InvalidArgumentError("it is not a JSON object");
  const auto format = json.find("format");
  if (format == json.end() || !format->is_string() ||
      absl::string_view(format->get_ref<const std::string&>()) != kSnapshotFormat) {
    return absl::InvalidArgumentError(
        absl::StrCat("format is not \"", kSnapshotFormat, "\": this is no snapshot's manifest"));
  }
  const auto version = json.find("format_version");
  if (version == json.end() || !version->is_number_integer()) {
    return absl::InvalidArgumentError("format_version is missing or not an integer");
  }
  if (*version != kSnapshotFormatVersion) {
    return absl::UnimplementedError(
        absl::StrCat("format_version is ", Canonical(*version), "; this program reads version ",
                     kSnapshotFormatVersion, ": use a program that knows the other one"));
  }
  return absl::OkStatus();
}

absl::Status CheckChecksum(Json* json, absl::string_view campaigns) {
  const auto field = json->find(kChecksumField);
  uint64_t given = 0;
  if (field == json->end() || !field->is_string() ||
      !ParseChecksum(field->get_ref<const std::string&>(), &given)) {
    return absl::InvalidArgumentError(
        absl::StrCat(kChecksumField, " is missing or not 16 lower-case hex digits"));
  }
  json->erase(field);
  const uint64_t found = ContentChecksum(*json, campaigns);
  if (found == given) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(kChecksumField, " says ", FormatChecksum(given),
                                          " but the content has ", FormatChecksum(found),
                                          ": the manifest was damaged or edited"));
}

// A manifest's text, cut in two.
struct ManifestText {
  std::string rest;             // with an empty list of campaigns
  absl::string_view campaigns;  // the lines, and what they hold
  std::vector<Campaign> list;
};

// Nothing when the campaigns are not in the form that EncodeManifest writes, or there are none.
std::optional<ManifestText> CutOutCampaigns(absl::string_view text) {
  const size_t before = text.find(kBeforeCampaigns);
  if (before == absl::string_view::npos) return std::nullopt;
  const size_t begin = before + kBeforeCampaigns.size();
  ManifestText cut;
  absl::string_view after = text.substr(begin);
  if (!ReadCampaignLines(&after, &cut.list)) return std::nullopt;
  cut.campaigns = text.substr(begin, text.size() - begin - after.size());
  if (!absl::ConsumePrefix(&after, kAfterCampaigns)) return std::nullopt;
  cut.rest = absl::StrCat(text.substr(0, begin - kBetweenLines.size()), "]", after);
  return cut;
}

absl::StatusOr<Manifest> DecodeFields(absl::string_view text, absl::string_view campaigns) {
  OASIS_ASSIGN_OR_RETURN(Json json, Parse(text));
  OASIS_RETURN_IF_ERROR(CheckVersion(json));
  OASIS_RETURN_IF_ERROR(CheckChecksum(&json, campaigns));
  return ManifestFromJson(json);
}

}  // namespace

std::string EncodeManifest(const Manifest& manifest) {
  Json json = ManifestToJson(manifest);
  const std::string campaigns = WriteCampaignLines(*manifest.campaigns);
  const uint64_t checksum = ContentChecksum(json, campaigns);
  json[kChecksumField] = FormatChecksum(checksum);
  return Readable(json, campaigns);
}

absl::StatusOr<Manifest> DecodeManifest(absl::string_view text) {
  if (text.size() > kMaxManifestBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", text.size(), " bytes; the limit is ", kMaxManifestBytes));
  }
  std::optional<ManifestText> cut = CutOutCampaigns(text);
  OASIS_ASSIGN_OR_RETURN(Manifest manifest, cut.has_value()
                                                ? DecodeFields(cut->rest, cut->campaigns)
                                                : DecodeFields(text, ""));
  if (cut.has_value()) manifest.campaigns = std::move(cut->list);
  OASIS_RETURN_IF_ERROR(ValidateName("snapshot_id", manifest.snapshot_id));
  OASIS_RETURN_IF_ERROR(ValidateDescription(manifest));
  OASIS_RETURN_IF_ERROR(ValidateContent(manifest));
  return manifest;
}

absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& dir) {
  const std::filesystem::path path = dir / std::string(kManifestFile);
  struct stat ignored;
  if (stat(dir.c_str(), &ignored) != 0) return FileError(errno, dir, kCannotOpenSnapshot);
  if (stat(path.c_str(), &ignored) != 0 && errno == ENOENT) {
    return absl::NotFoundError(absl::StrCat(path.string(), ": there is none: ", dir.string(),
                                            " is not a snapshot, or its writer has not finished",
                                            kGetAgain));
  }
  OASIS_ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(path, kMaxManifestBytes));
  absl::StatusOr<Manifest> manifest = DecodeManifest(bytes);
  if (manifest.ok()) return manifest;
  return WithRemedy(Annotate(manifest.status(), path.string()), kGetAgain);
}

absl::Status WriteManifest(const std::filesystem::path& dir, const Manifest& manifest) {
  const std::filesystem::path path = dir / std::string(kManifestFile);
  absl::Status valid = ValidateName("snapshot_id", manifest.snapshot_id);
  if (valid.ok()) valid = ValidateDescription(manifest);
  if (valid.ok()) valid = ValidateContent(manifest);
  if (!valid.ok()) return Annotate(valid, path.string());
  const std::string bytes = EncodeManifest(manifest);
  if (bytes.size() > kMaxManifestBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        path.string(), ": the manifest would have ", bytes.size(), " bytes, the limit is ",
        kMaxManifestBytes, ": use fewer contexts or campaigns"));
  }
  OASIS_RETURN_IF_ERROR(Annotate(CheckShape(bytes), path.string()));
  return WriteFileDurably(path, bytes);
}

}  // namespace oasis
