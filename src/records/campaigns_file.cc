#include "records/campaigns_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/bad_rows.h"
#include "records/field_values.h"
#include "records/record_reader.h"
#include "records/text_rules.h"

namespace oasis::records {
namespace {

enum Column : size_t { kCampaign, kLicensor, kStartsAt, kEndsAt, kColumns };
constexpr std::array<absl::string_view, kColumns> kNames = {"campaign", "licensor", "starts_at",
                                                            "ends_at"};
using Places = std::array<int, kColumns>;

// Where each of our columns is; -1 where it is not.
absl::StatusOr<Places> Bind(const std::vector<std::string>& columns) {
  Places places;
  places.fill(-1);
  std::vector<absl::string_view> unknown;
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto* name = std::find(kNames.begin(), kNames.end(), columns[i]);
    if (name == kNames.end()) {
      unknown.emplace_back(columns[i]);
    } else {
      places[static_cast<size_t>(name - kNames.begin())] = static_cast<int>(i);
    }
  }
  if (!unknown.empty() || places[kCampaign] < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        unknown.empty() ? "" : absl::StrCat("unknown column ", absl::StrJoin(unknown, ", "), "; "),
        places[kCampaign] < 0 ? "missing column campaign; " : "", "found ",
        absl::StrJoin(columns, ", "),
        ". Required: campaign. Optional: licensor, starts_at, ends_at"));
  }
  return places;
}

std::string Interpret(const Record& record, const Places& places, Campaign* campaign) {
  const auto field = [&](Column column) {
    const int place = places[column];
    return place < 0 ? Field() : record.fields[static_cast<size_t>(place)];
  };
  absl::string_view name;
  absl::string_view licensor;
  std::string fault = ReadText(kNames[kCampaign], field(kCampaign), &name);
  if (fault.empty()) fault = NameFault(kNames[kCampaign], name);
  if (fault.empty()) fault = ReadOptionalText(kNames[kLicensor], field(kLicensor), &licensor);
  if (fault.empty()) fault = NameFault(kNames[kLicensor], licensor);
  if (fault.empty()) fault = ReadTime(kNames[kStartsAt], field(kStartsAt), &campaign->starts_at);
  if (fault.empty()) fault = ReadTime(kNames[kEndsAt], field(kEndsAt), &campaign->ends_at);
  if (!fault.empty()) return fault;
  if (campaign->ends_at <= campaign->starts_at) {
    return absl::StrCat("ends_at of campaign ", Shown(name), " is not after its starts_at");
  }
  campaign->name = std::string(name);
  campaign->licensor = std::string(licensor);
  return {};
}

}  // namespace

absl::StatusOr<std::vector<Campaign>> ReadCampaigns(const std::string& path) {
  BadRows bad_rows(0);
  OASIS_ASSIGN_OR_RETURN(auto campaigns, ReadCampaigns(path, &bad_rows));
  if (!bad_rows.TooMany()) return campaigns;
  return bad_rows.Error(static_cast<int64_t>(campaigns.size()) + bad_rows.count(),
                        "Fix the campaigns file");
}

absl::StatusOr<std::vector<Campaign>> ReadCampaigns(const std::string& path, BadRows* bad_rows) {
  OASIS_ASSIGN_OR_RETURN(auto reader, RecordReader::Open(path, kNames));
  absl::StatusOr<Places> places = Bind(reader->columns());
  if (!places.ok()) {
    return Annotate(places.status(), absl::StrCat(path, ":", reader->header_line()));
  }
  std::vector<Campaign> campaigns;
  absl::flat_hash_map<std::string, int64_t> lines;
  Record record;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const Outcome outcome, reader->Next(&record));
    if (outcome == Outcome::kEnd) break;
    Campaign campaign;
    std::string fault =
        outcome == Outcome::kBad ? std::move(record.fault) : Interpret(record, *places, &campaign);
    if (fault.empty()) {
      const auto [first, added] = lines.emplace(campaign.name, record.line);
      if (!added) {
        fault =
            absl::StrCat("campaign ", Shown(campaign.name), " is already in line ", first->second);
      } else if (campaigns.size() == kMaxCampaigns) {
        return absl::ResourceExhaustedError(
            absl::StrCat(path, ": more than ", kMaxCampaigns, " campaigns"));
      }
    }
    if (fault.empty()) {
      campaigns.push_back(std::move(campaign));
    } else {
      bad_rows->Add(path, record.line, fault);
    }
  }
  return campaigns;
}

}  // namespace oasis::records
