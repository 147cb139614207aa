#include <cmath>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/allocation_problem.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

class Checker {
 public:
  explicit Checker(const AllocationTables& tables) : tables_(tables) {}

  AllocationFaults Check() {
    CheckZones();
    CheckContexts();
    CheckItems();
    if (CheckTerms()) CheckEdges();
    CheckConstraints();
    return std::move(faults_);
  }

 private:
  // Looks at one row after another; Require reports of the current one.
  void At(const char* table, size_t row) { table_ = table, row_ = row; }

  template <typename... Parts>
  void Require(bool right, const Parts&... parts) {
    if (right) return;
    ++faults_.count;
    if (faults_.first.size() < kMaxFaultsShown) {
      faults_.first.push_back({table_, static_cast<int64_t>(row_), absl::StrCat(parts...)});
    }
  }

  void RequireAmount(const char* what, double value) {
    Require(value >= 0.0 && value <= kMaxAmount, what, " is ", value, "; it must be 0 to ",
            kMaxAmount);
  }

  void RequireShare(const char* what, double value) {
    Require(value >= 0.0 && value <= 1.0, what, " is ", value, "; it must be 0 to 1");
  }

  void RequirePlace(const char* what, uint32_t place, size_t size) {
    Require(place == kNobody || place < size, what, " ", place, " is not there; there are ", size);
  }

  void CheckZones() {
    absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> seen;
    for (size_t i = 0; i < tables_.zones.size(); ++i) {
      const Zone& zone = tables_.zones[i];
      At("zones", i);
      Require(!zone.surface.empty(), "the surface is empty");
      Require(seen.emplace(zone.surface, zone.market).second, "surface '", zone.surface,
              "' in market '", zone.market, "' is there twice");
      Require(zone.streams_per_slot > 0.0 && zone.streams_per_slot <= kMaxAmount,
              "streams per slot is ", zone.streams_per_slot, "; it must be above 0");
      RequireShare("the reference satisfaction", zone.reference_satisfaction);
      // Promoting nothing must be allowed, so that there is always a plan.
      Require(zone.satisfaction_budget >= 0.0, "the satisfaction budget is ",
              zone.satisfaction_budget, "; it must be 0 or more, or infinite for no guardrail");
    }
  }

  void CheckContexts() {
    Require(tables_.contexts.size() < kNobody, "there are too many contexts");
    absl::flat_hash_set<std::pair<uint32_t, absl::string_view>> seen;
    for (size_t i = 0; i < tables_.contexts.size(); ++i) {
      const AllocationContext& context = tables_.contexts[i];
      At("contexts", i);
      Require(context.zone < tables_.zones.size(), "zone ", context.zone,
              " is not there; there are ", tables_.zones.size());
      Require(seen.emplace(context.zone, context.cohort).second, "cohort '", context.cohort,
              "' is there twice in this surface and market");
      RequireAmount("the supply", context.supply);
      RequireShare("the load limit", context.load_limit);
      Require(context.tau >= kMinTau && context.tau <= kMaxEdgeValue, "tau is ", context.tau,
              "; it must be ", kMinTau, " to ", kMaxEdgeValue);
    }
  }

  void CheckItems() {
    absl::flat_hash_set<ItemKey> seen;
    seen.reserve(tables_.items.size());
    for (size_t i = 0; i < tables_.items.size(); ++i) {
      const AllocationItem& item = tables_.items[i];
      At("items", i);
      Require(item.key.kind != ItemKind::kInvalid, "the item's id is not valid");
      if (!seen.insert(item.key).second) {
        Require(false, "item ", FormatKey(item.key), " is there twice");
      }
      RequirePlace("artist", item.artist, tables_.artists.size());
      RequirePlace("licensor", item.licensor, tables_.licensors.size());
      RequirePlace("campaign", item.campaign, tables_.campaigns.size());
      RequirePlace("pool", item.pool, tables_.pools.size());
      RequireAmount("the royalty per stream", static_cast<double>(item.royalty_per_stream));
    }
  }

  bool CheckTerms() {
    const int64_t faults_before = faults_.count;
    absl::flat_hash_set<absl::string_view> seen;
    for (size_t i = 0; i < tables_.terms.size(); ++i) {
      const ValueTerm& term = tables_.terms[i];
      At("terms", i);
      Require(!term.name.empty(), "the name is empty");
      Require(seen.insert(term.name).second, "'", term.name, "' is there twice");
      Require(std::abs(term.weight) <= kMaxAmount, "the weight is ", term.weight,
              "; it must be finite and at most ", kMaxAmount);
    }
    At("edges", 0);
    Require(tables_.edges.terms.size() == tables_.terms.size(), "there are ",
            tables_.edges.terms.size(), " columns of terms, and ", tables_.terms.size(), " terms");
    Require(tables_.terms.empty() || tables_.edges.value.empty(),
            "there is a value and there are terms; the value is made of the terms");
    return faults_.count == faults_before;
  }

  void CheckEdges() {
    const AllocationEdges& edges = tables_.edges;
    const size_t size = edges.context.size();
    At("edges", 0);
    Require(size <= kMaxEdges, size, " edges are too many; ", kMaxEdges, " is the most");
    std::vector<size_t> columns = {edges.item.size(), edges.organic.size(),
                                   edges.satisfaction.size()};
    if (tables_.terms.empty()) columns.push_back(edges.value.size());
    for (const std::vector<float>& term : edges.terms) columns.push_back(term.size());
    for (const size_t column : columns) {
      Require(column == size, "a column has ", column, " rows, the contexts have ", size);
      if (column != size) return;
    }
    const int64_t faults_before = faults_.count;
    std::vector<double> organic(tables_.contexts.size());
    for (size_t i = 0; i < size; ++i) {
      At("edges", i);
      const bool has_context = edges.context[i] < tables_.contexts.size();
      Require(has_context, "context ", edges.context[i], " is not there; there are ",
              tables_.contexts.size());
      Require(edges.item[i] < tables_.items.size(), "item ", edges.item[i],
              " is not there; there are ", tables_.items.size());
      const double share = static_cast<double>(edges.organic[i]);
      RequireShare("the organic share", share);
      Require(!(share > 0.0 && share < kMinOrganic), "the organic share is ", share,
              "; it must be 0 or at least ", kMinOrganic);
      const double value = ValueOf(i);
      Require(std::abs(value) <= kMaxEdgeValue, "the value is ", value,
              "; it must be finite and at most ", kMaxEdgeValue);
      RequireShare("the satisfaction", static_cast<double>(edges.satisfaction[i]));
      if (has_context && share > 0.0) organic[edges.context[i]] += share;
    }
    for (size_t i = 0; i < organic.size(); ++i) {
      At("contexts", i);
      Require(organic[i] <= 1.0 - kMinRestShare, "the organic shares of its edges sum up to ",
              organic[i], "; ", 1.0 - kMinRestShare, " is the most, the rest is other content");
    }
    if (faults_.count == faults_before) CheckForTwins();
  }

  double ValueOf(size_t edge) const {
    if (tables_.terms.empty()) return static_cast<double>(tables_.edges.value[edge]);
    double value = 0.0;
    for (size_t t = 0; t < tables_.terms.size(); ++t) {
      value += tables_.terms[t].weight * static_cast<double>(tables_.edges.terms[t][edge]);
    }
    return value;
  }

  // Looks at the edges item by item. REQUIRES: their contexts and items are there.
  void CheckForTwins() {
    const AllocationEdges& edges = tables_.edges;
    std::vector<uint32_t> end(tables_.items.size() + 1);
    for (const uint32_t item : edges.item) ++end[item + 1];
    for (size_t i = 1; i < end.size(); ++i) end[i] += end[i - 1];
    std::vector<uint32_t> order(edges.item.size());
    for (size_t i = 0; i < order.size(); ++i)
      order[end[edges.item[i]]++] = static_cast<uint32_t>(i);
    std::vector<uint32_t> last_item(tables_.contexts.size(), kNobody);
    for (const uint32_t edge : order) {
      const uint32_t item = edges.item[edge];
      uint32_t& last = last_item[edges.context[edge]];
      if (last == item) {
        At("edges", edge);
        Require(false, "item ", item, " is there twice in context ", edges.context[edge]);
      }
      last = item;
    }
  }

  size_t SubjectsOf(ConstraintScope scope) const {
    switch (scope) {
      case ConstraintScope::kAll:
        return 0;
      case ConstraintScope::kItem:
        return tables_.items.size();
      case ConstraintScope::kCampaign:
        return tables_.campaigns.size();
      case ConstraintScope::kArtist:
        return tables_.artists.size();
      case ConstraintScope::kLicensor:
        return tables_.licensors.size();
      case ConstraintScope::kPool:
        return tables_.pools.size();
    }
    return 0;
  }

  void CheckConstraints() {
    absl::flat_hash_set<absl::string_view> seen;
    bool max_min = false;
    for (size_t i = 0; i < tables_.constraints.size(); ++i) {
      const AllocationConstraint& constraint = tables_.constraints[i];
      At("constraints", i);
      Require(!constraint.name.empty(), "the name is empty");
      Require(seen.insert(constraint.name).second, "'", constraint.name, "' is there twice");
      Require(constraint.scope == ConstraintScope::kAll ||
                  constraint.subject < SubjectsOf(constraint.scope),
              "what it is about, number ", constraint.subject, ", is not there; there are ",
              SubjectsOf(constraint.scope));
      RequireAmount("the bound", constraint.bound);
      const bool fairness = constraint.kind == ConstraintKind::kLogFairness ||
                            constraint.kind == ConstraintKind::kMaxMinFairness;
      Require(!fairness || constraint.bound > 0.0, "the target of fairness must be above 0");
      const bool priced = constraint.kind == ConstraintKind::kCommitment ||
                          constraint.kind == ConstraintKind::kLogFairness;
      Require(!priced || (constraint.price > 0.0 && constraint.price <= kMaxAmount),
              "the price is ", constraint.price, "; it must be above 0");
      max_min |= constraint.kind == ConstraintKind::kMaxMinFairness;
    }
    At("constraints", 0);
    Require(!max_min || (tables_.max_min_weight > 0.0 && tables_.max_min_weight <= kMaxAmount),
            "the weight of max-min fairness is ", tables_.max_min_weight,
            "; it must be above 0 where a constraint is of that kind");
  }

  const AllocationTables& tables_;
  const char* table_ = "";
  size_t row_ = 0;
  AllocationFaults faults_;
};

}  // namespace

AllocationFaults CheckTables(const AllocationTables& tables) { return Checker(tables).Check(); }

}  // namespace oasis
