#include "snapshot/campaign_lines.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "machine/parallel.h"
#include "oasis/limits.h"
#include "score/utc.h"
#include "snapshot/json_fields.h"

namespace oasis {
namespace {

constexpr size_t kSecondBytes = 20;  // "2026-11-21T07:30:00Z"
constexpr absl::string_view kCommaLine = ",\n    ";
constexpr size_t kUsualLineBytes = 140;
// What one thread does before it takes the next.
constexpr size_t kCampaignsTogether = 8192;
constexpr size_t kBytesTogether = 1024 * 1024;

// Whether JSON has it as it is; what is not ASCII may not be UTF-8.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

void AppendField(absl::string_view before, absl::string_view value, std::string* out) {
  out->append(before.data(), before.size());
  if (IsPlain(value)) {
    out->push_back('"');
    out->append(value.data(), value.size());
    out->push_back('"');
  } else {
    *out += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

// The value of the next field, if `before` is what comes before it.
bool TakeField(absl::string_view before, absl::string_view* text, absl::string_view* value) {
  if (!absl::ConsumePrefix(text, before)) return false;
  const size_t end = text->find('"');
  if (end == absl::string_view::npos) return false;
  *value = text->substr(0, end);
  text->remove_prefix(end + 1);
  return value->find('\\') == absl::string_view::npos &&
         std::none_of(value->begin(), value->end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Whole seconds, which nearly all are, in the form of FormatUtc.
bool ParseSecond(absl::string_view text, absl::Time* time) {
  constexpr absl::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kSecondBytes) return false;
  int numbers[6] = {};  // the year, month…
  size_t number = 0;
  for (size_t i = 0; i < kSecondBytes; ++i) {
    if (kForm[i] != 'd') {
      if (text[i] != kForm[i]) return false;
      ++number;
    } else {
      if (text[i] < '0' || text[i] > '9') return false;
      numbers[number] = 10 * numbers[number] + (text[i] - '0');
    }
  }
  const auto [year, month, day, hour, minute, second] = numbers;
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  *time = absl::FromUnixSeconds(civil - absl::CivilSecond(1970));
  return civil.month() == month && civil.day() == day && civil.hour() == hour &&
         civil.minute() == minute && civil.second() == second;
}

bool TakeTime(absl::string_view before, absl::string_view* text, absl::Time* time) {
  absl::string_view value;
  if (text->substr(0, before.size()) != before) return true;
  return TakeField(before, text, &value) && ParseSecond(value, time);
}

bool TakeCampaign(absl::string_view* text, Campaign* campaign) {
  absl::string_view name;
  absl::string_view licensor;
  if (!TakeField("{\"name\":\"", text, &name) || !TakeField(",\"licensor\":\"", text, &licensor) ||
      !TakeTime(",\"starts_at\":\"", text, &campaign->starts_at) ||
      !TakeTime(",\"ends_at\":\"", text, &campaign->ends_at)) {
    return false;
  }
  campaign->name.assign(name.data(), name.size());
  campaign->licensor.assign(licensor.data(), licensor.size());
  return absl::ConsumePrefix(text, "}");
}

std::string WriteLines(absl::Span<const Campaign> campaigns) {
  std::string lines;
  lines.reserve(campaigns.size() * kUsualLineBytes);
  for (const Campaign& campaign : campaigns) {
    if (!lines.empty()) lines.append(kCommaLine.data(), kCommaLine.size());
    AppendField("{\"name\":", campaign.name, &lines);
    AppendField(",\"licensor\":", campaign.licensor, &lines);
    if (campaign.starts_at != absl::InfinitePast()) {
      AppendField(",\"starts_at\":", FormatUtc(campaign.starts_at), &lines);
    }
    if (campaign.ends_at != absl::InfiniteFuture()) {
      AppendField(",\"ends_at\":", FormatUtc(campaign.ends_at), &lines);
    }
    lines.push_back('}');
  }
  return lines;
}

// False when there is anything but lines.
bool ReadLines(absl::string_view lines, std::vector<Campaign>* campaigns) {
  campaigns->reserve(lines.size() / kUsualLineBytes + 1);
  while (TakeCampaign(&lines, &campaigns->emplace_back())) {
    if (lines.empty()) return true;
    if (!absl::ConsumePrefix(&lines, kCommaLine)) return false;
  }
  return false;
}

// Pieces of about so many bytes, each of whole lines; what was between two is in none.
std::vector<absl::string_view> CutBetweenLines(absl::string_view lines, size_t bytes) {
  std::vector<absl::string_view> pieces;
  while (true) {
    const size_t end = lines.find(kCommaLine, bytes);
    pieces.push_back(lines.substr(0, end));
    if (end == absl::string_view::npos) return pieces;
    lines.remove_prefix(end + kCommaLine.size());
  }
}

}  // namespace

std::string WriteCampaignLines(const std::vector<Campaign>& campaigns) {
  const absl::Span<const Campaign> all(campaigns);
  std::vector<std::string> pieces((all.size() + kCampaignsTogether - 1) / kCampaignsTogether);
  const auto write = [&](size_t i, int /*thread*/) {
    pieces[i] = WriteLines(all.subspan(i * kCampaignsTogether, kCampaignsTogether));
    return absl::OkStatus();
  };
  // An error can only be that memory ran out, which this then tells as it is.
  if (!InParallel(pieces.size(), LoadThreads(), write).ok()) return WriteLines(all);
  size_t bytes = 0;
  for (const std::string& piece : pieces) bytes += piece.size() + kCommaLine.size();
  std::string lines;  // StrJoin would first clear its room
  lines.reserve(bytes);
  for (const std::string& piece : pieces) {
    if (!lines.empty()) lines.append(kCommaLine.data(), kCommaLine.size());
    lines += piece;
  }
  return lines;
}

bool ReadCampaignLines(absl::string_view* text, std::vector<Campaign>* campaigns) {
  const size_t end = text->find(kAfterCampaigns);
  const std::vector<absl::string_view> pieces =
      CutBetweenLines(text->substr(0, end), kBytesTogether);
  std::vector<std::vector<Campaign>> lists(pieces.size());
  const auto read = [&](size_t i, int /*thread*/) {
    return ReadLines(pieces[i], &lists[i]) ? absl::OkStatus() : absl::UnknownError("no such line");
  };
  if (!InParallel(pieces.size(), LoadThreads(), read).ok()) return false;
  size_t size = 0;
  for (const std::vector<Campaign>& list : lists) size += list.size();
  // Copied, not moved: a table keeps them, and the names that the threads made lie between all else
  // that decoding took, which could then not be given back.
  campaigns->reserve(size);
  for (const std::vector<Campaign>& list : lists) {
    campaigns->insert(campaigns->end(), list.begin(), list.end());
  }
  text->remove_prefix(std::min(end, text->size()));
  return campaigns->size() <= kMaxCampaigns;
}

void UpdateWithoutSpaces(absl::string_view lines, StreamingChecksum* checksum) {
  constexpr size_t kTogether = 64 * 1024;  // lines are short, and a checksum likes long pieces
  std::string piece;
  while (true) {
    const size_t end = std::min(lines.find(kBetweenLines), lines.size());
    piece.append(lines.data(), end);
    lines.remove_prefix(std::min(end + kBetweenLines.size(), lines.size()));
    if (piece.size() < kTogether && !lines.empty()) continue;
    checksum->Update(piece);
    if (lines.empty()) return;
    piece.clear();
  }
}

}  // namespace oasis
