#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/problem_files.h"
#include "oasis/status.h"
#include "problem_files/constraint_table.h"
#include "problem_files/context_tables.h"
#include "problem_files/edge_table.h"
#include "problem_files/item_tables.h"
#include "problem_files/table_files.h"

namespace oasis {
namespace {

using problem_files::ConstraintTable;
using problem_files::ContextTables;
using problem_files::EdgeTable;
using problem_files::ItemTables;
using problem_files::Reading;
using problem_files::RowLines;
using problem_files::TableFiles;

// One reading, table by table: what a row names must have been read before.
class ProblemReader {
 public:
  ProblemReader(const std::filesystem::path& dir, const ProblemProgress& progress)
      : dir_(dir), reading_{progress} {}

  absl::StatusOr<ProblemFiles> Read() {
    OASIS_ASSIGN_OR_RETURN(const TableFiles files,
                           problem_files::FindTableFiles(dir_, &reading_.faults));
    reading_.bytes_total = files.bytes;
    OASIS_RETURN_IF_ERROR(ReadTable(contexts_, &ContextTables::ReadZones, files.zones));
    OASIS_RETURN_IF_ERROR(ReadTable(contexts_, &ContextTables::ReadContexts, files.contexts));
    OASIS_RETURN_IF_ERROR(ReadTable(items_, &ItemTables::ReadCampaigns, files.campaigns));
    OASIS_RETURN_IF_ERROR(ReadTable(items_, &ItemTables::ReadItems, files.items));
    OASIS_RETURN_IF_ERROR(ReadTable(edges_, &EdgeTable::ReadTerms, files.terms));
    OASIS_RETURN_IF_ERROR(edges_.ReadEdges(files.edges));
    OASIS_RETURN_IF_ERROR(ReadTable(constraints_, &ConstraintTable::Read, files.constraints));
    Check();
    if (reading_.faults.count() > 0) return Error();
    return std::move(problem_);
  }

 private:
  // A table that is none is a fault like others; one that cannot be read on ends it all.
  template <typename Table>
  absl::Status ReadTable(Table& table, absl::Status (Table::*read)(const std::string&),
                         const std::string& path) {
    if (path.empty()) return absl::OkStatus();
    absl::Status status = (table.*read)(path);
    if (!absl::IsInvalidArgument(status)) return status;
    reading_.faults.Add(status.message());
    return absl::OkStatus();
  }

  void Check() {
    const AllocationFaults faults = CheckTables(problem_.tables);
    for (const AllocationFault& fault : faults.first) {
      reading_.faults.Add(
          absl::StrCat(LinesOf(fault.table).PlaceOf(fault.row), ": ", RuleOf(fault)));
    }
    reading_.faults.AddUnseen(faults.count - static_cast<int64_t>(faults.first.size()));
  }

  const RowLines& LinesOf(absl::string_view table) const {
    if (table == "zones") return contexts_.zone_lines();
    if (table == "contexts") return contexts_.context_lines();
    if (table == "items") return items_.lines();
    if (table == "terms") return edges_.term_lines();
    if (table == "constraints") return constraints_.lines();
    return edges_.edge_lines();
  }

  // CheckTables knows places only; who looks for an edge wants to see which it is.
  std::string RuleOf(const AllocationFault& fault) const {
    const AllocationTables& tables = problem_.tables;
    const auto row = static_cast<size_t>(fault.row);
    if (absl::string_view(fault.table) != "edges" || row >= tables.edges.context.size()) {
      return fault.rule;
    }
    const AllocationContext& context = tables.contexts[tables.edges.context[row]];
    const Zone& zone = tables.zones[context.zone];
    const std::string edge =
        absl::StrCat(FormatKey(tables.items[tables.edges.item[row]].key), " in ", zone.surface, "/",
                     zone.market, "/", context.cohort);
    if (absl::StrContains(fault.rule, "is there twice"))
      return absl::StrCat(edge, " is there twice");
    return absl::StrCat(edge, ": ", fault.rule);
  }

  absl::Status Error() const {
    const records::BadRows& faults = reading_.faults;
    const int64_t hidden = faults.count() - static_cast<int64_t>(faults.first().size());
    return absl::InvalidArgumentError(absl::StrCat(
        dir_.string(), ": the tables have ", faults.count(),
        faults.count() == 1 ? " fault:\n  " : " faults:\n  ", absl::StrJoin(faults.first(), "\n  "),
        hidden > 0 ? absl::StrCat("\n  and ", hidden, " more") : "",
        "\ndocs/allocation_problem.md says what each table must have"));
  }

  const std::filesystem::path& dir_;
  Reading reading_;
  ProblemFiles problem_;
  ContextTables contexts_{&problem_.tables, &reading_};
  ItemTables items_{&problem_, &reading_};
  EdgeTable edges_{&problem_.tables, &contexts_, &items_, &reading_};
  ConstraintTable constraints_{&problem_.tables, &contexts_, &items_, &reading_};
};

}  // namespace

absl::StatusOr<ProblemFiles> ReadProblem(const std::filesystem::path& dir,
                                         const ProblemProgress& progress) {
  return ProblemReader(dir, progress).Read();
}

}  // namespace oasis
