#include "problem_files/edge_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/context.h"
#include "oasis/status.h"
#include "records/text_rules.h"
#include "score/nearest_name.h"

namespace oasis::problem_files {
namespace {

using records::Shown;

struct TermColumn {
  enum : size_t { kTerm, kWeight };
};
constexpr Column kTermColumns[] = {{"term", true}, {"weight"}};

struct EdgeColumn {
  enum : size_t { kItem, kSurface, kMarket, kCohort, kOrganic, kSatisfaction };
};
constexpr Column kEdgeColumns[] = {{"item_uri", true}, {"surface", true}, {"market"},
                                   {"cohort"},         {"organic", true}, {"satisfaction"}};
constexpr absl::string_view kValueColumn = "value";

// Of letters, from a column that is known: nearer than that a name is taken for a slip.
constexpr size_t kSlip = 2;

// Satisfaction is kept in steps of 1/65535, rounded down: what is as good as the reference must not
// come out below it, and count as harm.
float JustAbove(double reference) {
  return static_cast<float>(std::min(1.0, (std::ceil(reference * 65535.0) + 0.5) / 65535.0));
}

// The column that was meant by a name that is hardly a term's; empty when there is none.
absl::string_view MeantBy(absl::string_view name) {
  std::vector<absl::string_view> known = {kValueColumn};
  for (const Column& column : kEdgeColumns) known.push_back(column.name);
  const absl::string_view nearest = NearestName(name, known);
  return EditDistance(name, nearest) <= kSlip ? nearest : absl::string_view();
}

}  // namespace

absl::Status EdgeTable::ReadTerms(const std::string& path) {
  OASIS_ASSIGN_OR_RETURN(TableReader row, TableReader::Open(path, kTermColumns, &reading_));
  term_lines_.StartFile(path);
  terms_known_ = true;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, row.Next());
    if (!more) break;
    ValueTerm term;
    term.name = std::string(row.Text(TermColumn::kTerm));
    if (row.good()) {
      const absl::Status named = ValidateName("term", term.name);
      if (!named.ok()) row.Fault(named.message());
    }
    terms_known_ = terms_known_ && row.good();
    row.ReadOptionalNumber(TermColumn::kWeight, &term.weight);
    term_lines_.Add(row.line());
    tables_.terms.push_back(std::move(term));
  }
  if (terms_known_ && !row.lost_rows()) return absl::OkStatus();
  terms_known_ = false;  // the columns of the edges say which there are, as if there were no table
  tables_.terms.clear();
  term_lines_ = RowLines();
  return absl::OkStatus();
}

absl::Status EdgeTable::ReadEdges(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const absl::Status read = ReadFile(path);
    if (absl::IsInvalidArgument(read)) {
      reading_.faults.Add(read.message());
    } else {
      OASIS_RETURN_IF_ERROR(read);
    }
  }
  tables_.edges.terms.resize(tables_.terms.size());
  return absl::OkStatus();
}

absl::Status EdgeTable::ReadFile(const std::string& path) {
  TermColumns columns;
  OASIS_ASSIGN_OR_RETURN(TableReader row,
                         TableReader::Open(path, kEdgeColumns, &reading_, &columns));
  const std::string place = absl::StrCat(path, ":", row.header_line());
  OASIS_RETURN_IF_ERROR(Annotate(BindTerms(row, &columns), place));
  tables_.edges.terms.resize(tables_.terms.size());
  values_.resize(columns.size());
  edge_lines_.StartFile(path);
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, row.Next());
    if (!more) return absl::OkStatus();
    ReadEdge(columns, &row);
  }
}

absl::Status EdgeTable::BindTerms(const TableReader& file, TermColumns* columns) {
  if (!terms_known_) OASIS_RETURN_IF_ERROR(AddTerms(file, *columns));
  terms_known_ = true;
  std::vector<absl::string_view> wanted;
  for (const ValueTerm& term : tables_.terms) wanted.emplace_back(term.name);
  if (wanted.empty()) wanted.push_back(kValueColumn);
  TermColumns bound;
  std::vector<std::string> wrong;
  for (const absl::string_view name : wanted) {
    const auto found = std::find_if(columns->begin(), columns->end(),
                                    [&](const auto& column) { return column.name == name; });
    if (found != columns->end()) {
      bound.push_back(*found);
    } else {
      wrong.push_back(absl::StrCat("missing column ", name));
    }
  }
  std::vector<absl::string_view> known = wanted;
  for (const Column& column : kEdgeColumns) known.push_back(column.name);
  for (const TableReader::OtherColumn& column : *columns) {
    if (std::find(wanted.begin(), wanted.end(), column.name) != wanted.end()) continue;
    wrong.push_back(column.name == kValueColumn
                        ? "column value: the value is made of the terms, leave it out"
                        : absl::StrCat("unknown column ", Shown(column.name), "; was ",
                                       NearestName(column.name, known), " meant?"));
  }
  *columns = std::move(bound);
  if (wrong.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      absl::StrJoin(wrong, "; "), ". The value is in the columns ", absl::StrJoin(wanted, ", ")));
}

absl::Status EdgeTable::AddTerms(const TableReader& file, const TermColumns& columns) {
  if (columns.empty()) {
    return absl::InvalidArgumentError(
        "missing column value, or a column for each of the terms it is made of");
  }
  for (const TableReader::OtherColumn& column : columns) {
    if (column.name == kValueColumn) return absl::OkStatus();
  }
  for (const TableReader::OtherColumn& column : columns) {
    const absl::string_view meant = MeantBy(column.name);
    if (!meant.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown column ", Shown(column.name), "; was ", meant,
                       " meant? A term of the value that has this name must be in terms.csv"));
    }
    OASIS_RETURN_IF_ERROR(ValidateName("column (a term of the value)", column.name));
  }
  term_lines_.StartFile(file.path());
  for (const TableReader::OtherColumn& column : columns) {
    term_lines_.Add(file.header_line());
    tables_.terms.push_back({column.name, 1.0});
  }
  return absl::OkStatus();
}

void EdgeTable::ReadEdge(const TermColumns& terms, TableReader* row) {
  const absl::string_view uri = row->Text(EdgeColumn::kItem);
  const absl::string_view surface = row->Text(EdgeColumn::kSurface);
  const absl::string_view market = row->Any(EdgeColumn::kMarket);
  const absl::string_view cohort = row->Any(EdgeColumn::kCohort);
  const bool named = row->good();
  float organic = 0.0F;
  row->ReadNumber(EdgeColumn::kOrganic, &organic);
  for (size_t t = 0; t < terms.size(); ++t) row->ReadOtherNumber(terms[t], &values_[t]);
  float satisfaction = 0.0F;
  row->ReadOptionalNumber(EdgeColumn::kSatisfaction, &satisfaction);
  if (!named) return;

  const ItemKey key = KeyOfUri(uri);
  const uint32_t item = key.kind == ItemKind::kInvalid ? kNobody : items_.Find(key);
  const uint32_t context = contexts_.Find(surface, market, cohort);
  if (key.kind == ItemKind::kInvalid) {
    row->Fault(ParseItemUri(uri).status().message());
  } else if (item == kNobody && items_.whole()) {
    row->Fault(absl::StrCat("item ", Shown(uri), " is not in the table of items"));
  }
  if (context == kNobody && contexts_.whole()) {
    row->Fault(absl::StrCat("surface ", Shown(surface), ", market ", Shown(market), ", cohort ",
                            Shown(cohort), " is not in the table of contexts"));
  }
  if (!row->good() || item == kNobody || context == kNobody) return;

  AllocationEdges& edges = tables_.edges;
  if (row->IsEmpty(EdgeColumn::kSatisfaction)) {
    const Zone& zone = tables_.zones[tables_.contexts[context].zone];
    satisfaction = JustAbove(zone.reference_satisfaction);
  }
  edge_lines_.Add(row->line());
  edges.context.push_back(context);
  edges.item.push_back(item);
  edges.organic.push_back(organic);
  edges.satisfaction.push_back(satisfaction);
  if (tables_.terms.empty()) {
    edges.value.push_back(values_[0]);
  } else {
    for (size_t t = 0; t < terms.size(); ++t) edges.terms[t].push_back(values_[t]);
  }
}

}  // namespace oasis::problem_files
