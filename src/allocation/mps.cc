#include <cmath>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oasis/allocation_problem.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

// Rows: c0… contexts, k0… constraints, g0… guardrails. Columns: e0… edges, u0… shortfalls, t what
// max-min fairness is paid for.
class MpsWriter {
 public:
  explicit MpsWriter(const AllocationProblem& problem) : problem_(problem) {}

  std::string Write() {
    WriteRows();
    absl::StrAppend(&text_, "COLUMNS\n");
    for (uint32_t context = 0; context < problem_.context_count(); ++context) {
      WriteEdges(context);
    }
    WriteOtherColumns();
    WriteBounds();
    absl::StrAppend(&text_, "ENDATA\n");
    return std::move(text_);
  }

 private:
  bool Guarded(uint32_t zone) const {
    return std::isfinite(problem_.zones[zone].satisfaction_budget);
  }

  void WriteRows() {
    absl::StrAppend(&text_, "NAME allocation\nROWS\n N value\n");
    for (uint32_t c = 0; c < problem_.context_count(); ++c)
      absl::StrAppend(&text_, " L c", c, "\n");
    for (size_t i = 0; i < problem_.constraints.size(); ++i) {
      const bool cap = problem_.constraints[i].kind == ConstraintKind::kCap;
      absl::StrAppend(&text_, cap ? " L k" : " G k", i, "\n");
    }
    for (uint32_t z = 0; z < problem_.zones.size(); ++z) {
      if (Guarded(z)) absl::StrAppend(&text_, " L g", z, "\n");
    }
  }

  template <typename Column, typename Row>
  void Element(const Column& column, const Row& row, double value) {
    if (value != 0.0) absl::StrAppendFormat(&text_, " %s %s %.17g\n", column, row, value);
  }

  void WriteEdges(uint32_t context) {
    const uint32_t zone = problem_.contexts[context].zone;
    for (auto e = static_cast<size_t>(problem_.contexts[context].first_edge);
         e < static_cast<size_t>(problem_.contexts[context + 1].first_edge); ++e) {
      const std::string column = absl::StrCat("e", e);
      Element(column, "value", -static_cast<double>(problem_.edge_value[e]));
      Element(column, absl::StrCat("c", context), 1.0);
      const uint32_t offer = problem_.zone_ranges[zone].first_offer + problem_.edge_offer[e];
      for (uint32_t i = problem_.offer_first_entry[offer];
           i < problem_.offer_first_entry[offer + 1]; ++i) {
        const AllocationProblem::Entry& entry = problem_.entries[i];
        Element(column, absl::StrCat("k", entry.constraint),
                static_cast<double>(entry.coefficient));
      }
      if (!Guarded(zone)) continue;
      Element(
          column, absl::StrCat("g", zone),
          problem_.zones[zone].reference_satisfaction - problem_.edge_satisfaction[e] / 65535.0);
    }
  }

  void WriteOtherColumns() {
    bool max_min = false;
    for (size_t i = 0; i < problem_.constraints.size(); ++i) {
      const AllocationConstraint& row = problem_.constraints[i];
      max_min |= row.kind == ConstraintKind::kMaxMinFairness;
      if (row.kind != ConstraintKind::kCommitment) continue;
      Element(absl::StrCat("u", i), "value", row.price);
      Element(absl::StrCat("u", i), absl::StrCat("k", i), 1.0);
    }
    if (!max_min) return;
    Element("t", "value", -problem_.max_min_weight);
    for (size_t i = 0; i < problem_.constraints.size(); ++i) {
      if (problem_.constraints[i].kind == ConstraintKind::kMaxMinFairness) {
        Element("t", absl::StrCat("k", i), -1.0);
      }
    }
  }

  void WriteBounds() {
    absl::StrAppend(&text_, "RHS\n");
    for (uint32_t c = 0; c < problem_.context_count(); ++c) {
      Element("rhs", absl::StrCat("c", c),
              problem_.contexts[c].supply * problem_.contexts[c].load_limit);
    }
    for (size_t i = 0; i < problem_.constraints.size(); ++i) {
      const AllocationConstraint& row = problem_.constraints[i];
      const bool max_min = row.kind == ConstraintKind::kMaxMinFairness;
      Element("rhs", absl::StrCat("k", i), max_min ? 0.0 : row.bound);
    }
    for (uint32_t z = 0; z < problem_.zones.size(); ++z) {
      if (Guarded(z)) {
        Element("rhs", absl::StrCat("g", z), problem_.zones[z].satisfaction_budget);
      }
    }
    absl::StrAppend(&text_, "BOUNDS\n");
    for (size_t e = 0; e < static_cast<size_t>(problem_.edges()); ++e) {
      if (problem_.edge_organic[e] == 0.0F) absl::StrAppend(&text_, " FX bound e", e, " 0\n");
    }
  }

  const AllocationProblem& problem_;
  std::string text_;
};

}  // namespace

absl::StatusOr<std::string> ToMps(const AllocationProblem& problem) {
  if (problem.edges() > kMaxMpsEdges) {
    return absl::InvalidArgumentError(absl::StrCat("the problem has ", problem.edges(), " edges; ",
                                                   kMaxMpsEdges, " is the most for an MPS file"));
  }
  for (const AllocationConstraint& row : problem.constraints) {
    if (row.kind == ConstraintKind::kLogFairness) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", row.name, "' is logarithmic fairness, which no linear program can have"));
    }
  }
  return MpsWriter(problem).Write();
}

}  // namespace oasis
