#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "allocation/constraint_names.h"
#include "oasis/limits.h"
#include "oasis/problem_files.h"
#include "oasis/status.h"
#include "problem_files/csv_table.h"
#include "records/field_values.h"
#include "records/output_file.h"
#include "score/utc.h"

namespace oasis {
namespace {

using problem_files::CsvTable;

std::string TimeText(absl::Time time) {
  const bool bound = time != absl::InfinitePast() && time != absl::InfiniteFuture();
  return bound ? FormatUtc(time) : std::string();
}

class ProblemWriter {
 public:
  ProblemWriter(const std::filesystem::path& dir, const ProblemFiles& problem)
      : dir_(dir), problem_(problem), tables_(problem.tables) {}

  absl::Status Write(Compression compression_of_edges, const ProblemProgress& progress) {
    OASIS_RETURN_IF_ERROR(CheckNames());
    OASIS_RETURN_IF_ERROR(WriteZones());
    OASIS_RETURN_IF_ERROR(WriteContexts());
    if (!problem_.campaigns.empty()) OASIS_RETURN_IF_ERROR(WriteCampaigns());
    OASIS_RETURN_IF_ERROR(WriteItems());
    if (!tables_.terms.empty()) OASIS_RETURN_IF_ERROR(WriteTerms());
    OASIS_RETURN_IF_ERROR(WriteConstraints());
    return WriteEdges(compression_of_edges, progress);
  }

 private:
  static absl::string_view NameAt(const std::vector<std::string>& names, uint32_t place) {
    return place == kNobody ? absl::string_view() : names[place];
  }

  // What could not be read again is not written.
  absl::Status CheckNames() const {
    for (const auto& [column, names] :
         {std::pair("artist", &tables_.artists), std::pair("licensor", &tables_.licensors),
          std::pair("campaign", &tables_.campaigns), std::pair("pool", &tables_.pools)}) {
      for (const std::string& name : *names) {
        const std::string fault = records::NameFault(column, name);
        if (!fault.empty()) return absl::InvalidArgumentError(fault);
      }
    }
    for (const AllocationConstraint& constraint : tables_.constraints) {
      const std::string fault = records::NameFault("constraint", constraint.name);
      if (!fault.empty()) return absl::InvalidArgumentError(fault);
    }
    for (size_t i = 0; i < tables_.items.size(); ++i) {
      if (tables_.items[i].key.kind == ItemKind::kTrack) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("item ", i, ", ", FormatKey(tables_.items[i].key),
                       ": its URI is not kept, so only problems of tracks can be written"));
    }
    return absl::OkStatus();
  }

  absl::Status WriteZones() const {
    OASIS_ASSIGN_OR_RETURN(
        auto table, CsvTable::Create(dir_ / "zones.csv",
                                     "surface,market,streams_per_slot,reference_satisfaction,"
                                     "satisfaction_budget"));
    for (const Zone& zone : tables_.zones) {
      table.Text(zone.surface).Text(zone.market).Number(zone.streams_per_slot);
      table.Number(zone.reference_satisfaction).Number(zone.satisfaction_budget);
      OASIS_RETURN_IF_ERROR(table.EndRow());
    }
    return table.Close();
  }

  absl::Status WriteContexts() const {
    OASIS_ASSIGN_OR_RETURN(
        auto table,
        CsvTable::Create(dir_ / "contexts.csv", "surface,market,cohort,supply,load_limit,tau"));
    for (const AllocationContext& context : tables_.contexts) {
      const Zone& zone = tables_.zones[context.zone];
      table.Text(zone.surface).Text(zone.market).Text(context.cohort);
      table.Number(context.supply).Number(context.load_limit).Number(context.tau);
      OASIS_RETURN_IF_ERROR(table.EndRow());
    }
    return table.Close();
  }

  absl::Status WriteCampaigns() const {
    OASIS_ASSIGN_OR_RETURN(auto table, CsvTable::Create(dir_ / "campaigns.csv",
                                                        "campaign,licensor,starts_at,ends_at"));
    for (const Campaign& campaign : problem_.campaigns) {
      table.Text(campaign.name).Text(campaign.licensor);
      table.Text(TimeText(campaign.starts_at)).Text(TimeText(campaign.ends_at));
      OASIS_RETURN_IF_ERROR(table.EndRow());
    }
    return table.Close();
  }

  absl::Status WriteItems() const {
    OASIS_ASSIGN_OR_RETURN(
        auto table, CsvTable::Create(dir_ / "items.csv",
                                     "item_uri,artist,licensor,campaign,pool,royalty_per_stream"));
    for (const AllocationItem& item : tables_.items) {
      table.Text(FormatTrackUri(item.key.gid)).Text(NameAt(tables_.artists, item.artist));
      table.Text(NameAt(tables_.licensors, item.licensor));
      table.Text(NameAt(tables_.campaigns, item.campaign)).Text(NameAt(tables_.pools, item.pool));
      OASIS_RETURN_IF_ERROR(table.Number(item.royalty_per_stream).EndRow());
    }
    return table.Close();
  }

  absl::Status WriteTerms() const {
    OASIS_ASSIGN_OR_RETURN(auto table, CsvTable::Create(dir_ / "terms.csv", "term,weight"));
    for (const ValueTerm& term : tables_.terms) {
      OASIS_RETURN_IF_ERROR(table.Text(term.name).Number(term.weight).EndRow());
    }
    return table.Close();
  }

  absl::Status WriteConstraints() const {
    OASIS_ASSIGN_OR_RETURN(
        auto table, CsvTable::Create(dir_ / "constraints.csv",
                                     "name,kind,scope,subject,surface,market,unit,bound,price"));
    for (const AllocationConstraint& row : tables_.constraints) {
      table.Text(row.name).Text(NameOf(row.kind));
      table.Text(NameOf(row.scope)).Text(SubjectName(tables_, row));
      table.Text(row.surface).Text(row.market);
      table.Text(NameOf(row.unit)).Number(row.bound);
      if (row.kind == ConstraintKind::kCap) {
        table.Text("");
      } else {
        table.Number(row.kind == ConstraintKind::kMaxMinFairness ? tables_.max_min_weight
                                                                 : row.price);
      }
      OASIS_RETURN_IF_ERROR(table.EndRow());
    }
    return table.Close();
  }

  absl::Status WriteEdges(Compression compression, const ProblemProgress& progress) const {
    std::string head = "item_uri,surface,market,cohort,organic,satisfaction";
    for (const ValueTerm& term : tables_.terms) absl::StrAppend(&head, ",", term.name);
    if (tables_.terms.empty()) absl::StrAppend(&head, ",value");
    OASIS_ASSIGN_OR_RETURN(
        auto table,
        CsvTable::Create(dir_ / absl::StrCat("edges.csv", CompressionSuffix(compression)), head,
                         compression));
    const AllocationEdges& edges = tables_.edges;
    const auto rows = static_cast<int64_t>(edges.item.size());
    for (size_t e = 0; e < edges.item.size(); ++e) {
      if (progress && e % kProgressEveryRows == 0) {
        OASIS_RETURN_IF_ERROR(progress(static_cast<int64_t>(e), rows));
      }
      const AllocationContext& context = tables_.contexts[edges.context[e]];
      const Zone& zone = tables_.zones[context.zone];
      table.Text(FormatTrackUri(tables_.items[edges.item[e]].key.gid)).Text(zone.surface);
      table.Text(zone.market).Text(context.cohort);
      table.Number(edges.organic[e]).Number(edges.satisfaction[e]);
      for (const std::vector<float>& term : edges.terms) table.Number(term[e]);
      if (tables_.terms.empty()) table.Number(edges.value[e]);
      OASIS_RETURN_IF_ERROR(table.EndRow());
    }
    OASIS_RETURN_IF_ERROR(table.Close());
    return progress ? progress(rows, rows) : absl::OkStatus();
  }

  const std::filesystem::path& dir_;
  const ProblemFiles& problem_;
  const AllocationTables& tables_;
};

}  // namespace

absl::Status WriteProblem(const std::filesystem::path& dir, const ProblemFiles& problem,
                          Compression compression_of_edges, const ProblemProgress& progress) {
  return ProblemWriter(dir, problem).Write(compression_of_edges, progress);
}

}  // namespace oasis
