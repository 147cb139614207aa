#include "problem_files/constraint_table.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "allocation/constraint_names.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/text_rules.h"

namespace oasis::problem_files {
namespace {

using records::Shown;

struct ConstraintColumn {
  enum : size_t { kName, kKind, kScope, kSubject, kSurface, kMarket, kUnit, kBound, kPrice };
};
constexpr Column kConstraintColumns[] = {{"name", true}, {"kind", true},  {"scope", true},
                                         {"subject"},    {"surface"},     {"market"},
                                         {"unit"},       {"bound", true}, {"price"}};

// The words of a column and what they mean: those of all values up to the last one.
template <auto kLast, typename Value = decltype(kLast)>
absl::Span<const std::pair<absl::string_view, Value>> WordsTo() {
  static const auto& words = *new auto([] {
    std::vector<std::pair<absl::string_view, Value>> all;
    for (int i = 0; i <= static_cast<int>(kLast); ++i) {
      all.emplace_back(NameOf(static_cast<Value>(i)), static_cast<Value>(i));
    }
    return all;
  }());
  return words;
}

}  // namespace

absl::Status ConstraintTable::Read(const std::string& path) {
  OASIS_ASSIGN_OR_RETURN(TableReader row, TableReader::Open(path, kConstraintColumns, &reading_));
  lines_.StartFile(path);
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const bool more, row.Next());
    if (!more) return absl::OkStatus();
    ReadConstraint(&row);
  }
}

void ConstraintTable::ReadConstraint(TableReader* row) {
  AllocationConstraint constraint;
  row->Text(ConstraintColumn::kName);
  constraint.name = std::string(row->Name(ConstraintColumn::kName));
  row->ReadWord(ConstraintColumn::kKind, WordsTo<ConstraintKind::kMaxMinFairness>(),
                &constraint.kind);
  row->ReadWord(ConstraintColumn::kScope, WordsTo<ConstraintScope::kPool>(), &constraint.scope);
  row->ReadWord(ConstraintColumn::kUnit, WordsTo<ConstraintUnit::kRoyalty>(), &constraint.unit);
  row->ReadNumber(ConstraintColumn::kBound, &constraint.bound);
  const bool understood = row->good();
  ReadPlace(row, &constraint);
  if (understood) {  // else it is not known what subject and price should be
    ReadSubject(row, &constraint);
    ReadPrice(row, &constraint);
  }
  // One that is about what could not be read is missed as well.
  if (!row->good() ||
      (constraint.scope != ConstraintScope::kAll && constraint.subject == kNobody)) {
    return;
  }
  lines_.Add(row->line());
  tables_.constraints.push_back(std::move(constraint));
}

void ConstraintTable::ReadSubject(TableReader* row, AllocationConstraint* constraint) {
  const absl::string_view scope = NameOf(constraint->scope);
  const absl::string_view subject = row->OptionalText(ConstraintColumn::kSubject);
  if (constraint->scope == ConstraintScope::kAll) {
    if (!subject.empty()) {
      row->Fault(absl::StrCat("subject is ", Shown(subject), ", but the scope is all: leave the ",
                              "subject empty, or say what it is"));
    }
    return;
  }
  if (subject.empty()) {
    row->Fault(absl::StrCat("subject is empty: name the ", scope, " that it is about"));
    return;
  }
  constraint->subject = items_.FindSubject(constraint->scope, subject);
  if (constraint->subject == kNobody && items_.whole()) {
    row->Fault(absl::StrCat("there is no ", scope, " ", Shown(subject)));
  }
}

void ConstraintTable::ReadPlace(TableReader* row, AllocationConstraint* constraint) {
  constraint->surface = std::string(row->Any(ConstraintColumn::kSurface));
  constraint->market = std::string(row->Any(ConstraintColumn::kMarket));
  if (!contexts_.whole() || contexts_.HasZone(constraint->surface, constraint->market)) return;
  row->Fault(absl::StrCat("no context is in surface ", Shown(constraint->surface), ", market ",
                          Shown(constraint->market)));
}

void ConstraintTable::ReadPrice(TableReader* row, AllocationConstraint* constraint) {
  if (constraint->kind == ConstraintKind::kCap) {
    if (!row->IsEmpty(ConstraintColumn::kPrice)) {
      row->Fault("a cap has no price, as it is always kept: leave the price empty");
    }
    return;
  }
  double price = 0.0;
  row->ReadNumber(ConstraintColumn::kPrice, &price);
  if (constraint->kind != ConstraintKind::kMaxMinFairness) {
    constraint->price = price;
    return;
  }
  // The weight of all of them together.
  double& weight = tables_.max_min_weight;
  if (!row->good()) return;
  if (!(price > 0.0 && price <= kMaxAmount)) {
    row->Fault(absl::StrCat("the price, which is the weight of max-min fairness, is ", price,
                            "; it must be above 0"));
  } else if (weight > 0.0 && price != weight) {
    row->Fault(absl::StrCat("the price is ", price, ", but ", weight, " in an earlier row: it is ",
                            "the weight of max-min fairness, and the same in all its rows"));
  } else {
    weight = price;
  }
}

}  // namespace oasis::problem_files
