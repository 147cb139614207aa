#include "problem_files/item_tables.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "records/campaigns_file.h"
#include "records/text_rules.h"

namespace oasis::problem_files {
namespace {

struct ItemColumn {
  enum : size_t { kItem, kArtist, kLicensor, kCampaign, kPool, kRoyalty };
};
constexpr Column kItemColumns[] = {{"item_uri", true}, {"artist"}, {"licensor"},
                                   {"campaign"},       {"pool"},   {"royalty_per_stream"}};

}  // namespace

ItemTables::ItemTables(ProblemFiles* problem, Reading* reading)
    : problem_(*problem),
      reading_(*reading),
      artists_(&problem->tables.artists),
      licensors_(&problem->tables.licensors),
      campaigns_(&problem->tables.campaigns),
      pools_(&problem->tables.pools) {}

absl::Status ItemTables::ReadCampaigns(const std::string& path) {
  campaigns_path_ = path;
  const int64_t faults_before = reading_.faults.count();
  absl::StatusOr<std::vector<Campaign>> campaigns = records::ReadCampaigns(path, &reading_.faults);
  campaigns_whole_ = campaigns.ok() && reading_.faults.count() == faults_before;
  OASIS_RETURN_IF_ERROR(campaigns.status());
  problem_.campaigns = *std::move(campaigns);
  for (const Campaign& campaign : problem_.campaigns) campaigns_.FindOrAdd(campaign.name);
  std::error_code ignored;
  reading_.bytes_before += static_cast<int64_t>(std::filesystem::file_size(path, ignored));
  return absl::OkStatus();
}

absl::Status ItemTables::ReadItems(const std::string& path) {
  absl::StatusOr<TableReader> opened = TableReader::Open(path, kItemColumns, &reading_);
  items_whole_ = opened.ok();
  OASIS_ASSIGN_OR_RETURN(TableReader row, std::move(opened));
  lines_.StartFile(path);
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, row.Next());
    if (!more) break;
    ReadItem(&row);
  }
  items_whole_ = items_whole_ && !row.lost_rows();
  if (campaigns_path_.empty()) {
    for (const std::string& name : problem_.tables.campaigns) {
      problem_.campaigns.push_back({.name = name, .licensor = ""});
    }
  }
  return absl::OkStatus();
}

void ItemTables::ReadItem(TableReader* row) {
  const absl::string_view uri = row->Text(ItemColumn::kItem);
  AllocationItem item;
  item.key = KeyOfUri(uri);
  if (row->good() && item.key.kind == ItemKind::kInvalid) {
    row->Fault(ParseItemUri(uri).status().message());
  }
  if (!row->good()) {
    items_whole_ = false;
    return;
  }
  item.artist = artists_.FindOrAdd(row->Name(ItemColumn::kArtist));
  item.licensor = licensors_.FindOrAdd(row->Name(ItemColumn::kLicensor));
  item.campaign = CampaignOf(row);
  item.pool = pools_.FindOrAdd(row->Name(ItemColumn::kPool));
  row->ReadOptionalNumber(ItemColumn::kRoyalty, &item.royalty_per_stream);
  // Also with a fault, so that edges find it.
  items_.emplace(item.key, static_cast<uint32_t>(problem_.tables.items.size()));
  lines_.Add(row->line());
  problem_.tables.items.push_back(item);
}

uint32_t ItemTables::CampaignOf(TableReader* row) {
  const absl::string_view name = row->Name(ItemColumn::kCampaign);
  if (campaigns_path_.empty()) return campaigns_.FindOrAdd(name);
  const uint32_t found = campaigns_.Find(name);
  if (found == kNobody && !name.empty() && campaigns_whole_) {
    row->Fault(absl::StrCat("campaign ", records::Shown(name), " is not in ", campaigns_path_));
  }
  return found;
}

uint32_t ItemTables::FindSubject(ConstraintScope scope, absl::string_view name) const {
  switch (scope) {
    case ConstraintScope::kAll:
      break;
    case ConstraintScope::kItem:
      return Find(KeyOfUri(name));
    case ConstraintScope::kCampaign:
      return campaigns_.Find(name);
    case ConstraintScope::kArtist:
      return artists_.Find(name);
    case ConstraintScope::kLicensor:
      return licensors_.Find(name);
    case ConstraintScope::kPool:
      return pools_.Find(name);
  }
  return kNobody;
}

}  // namespace oasis::problem_files
