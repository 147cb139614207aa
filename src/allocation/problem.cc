#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "allocation/offers.h"
#include "allocation/problem_layout.h"
#include "oasis/allocation_problem.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

// The places of `size` rows in ascending order.
template <typename Less>
std::vector<uint32_t> Ascending(size_t size, const Less& less) {
  std::vector<uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), less);
  return order;
}

// Where each row went that `order` has put in order.
std::vector<uint32_t> Inverse(const std::vector<uint32_t>& order) {
  std::vector<uint32_t> place(order.size());
  for (size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<uint32_t>(i);
  return place;
}

// Stable: `order` (of edges) by their column's value, which is below `values`.
std::vector<uint32_t> SortedBy(const std::vector<uint32_t>& column, size_t values,
                               const std::vector<uint32_t>& order) {
  std::vector<uint32_t> next(values + 1);
  for (const uint32_t value : column) ++next[value + 1];
  for (size_t i = 1; i <= values; ++i) next[i] += next[i - 1];
  std::vector<uint32_t> sorted(order.size());
  for (const uint32_t edge : order) sorted[next[column[edge]]++] = edge;
  return sorted;
}

template <typename T>
std::vector<T> Permuted(std::vector<T> rows, const std::vector<uint32_t>& order) {
  std::vector<T> permuted;
  permuted.reserve(rows.size());
  for (const uint32_t row : order) permuted.push_back(std::move(rows[row]));
  return permuted;
}

// What ZoneRange and Context say of supplies, and the cohorts' names.
void PlaceContexts(AllocationTables& tables, AllocationProblem& problem) {
  for (const AllocationContext& row : tables.contexts) problem.cohorts.push_back(row.cohort);
  std::sort(problem.cohorts.begin(), problem.cohorts.end());
  problem.cohorts.erase(std::unique(problem.cohorts.begin(), problem.cohorts.end()),
                        problem.cohorts.end());
  problem.zone_ranges.resize(problem.zones.size() + 1);
  problem.contexts.reserve(tables.contexts.size() + 1);
  for (const AllocationContext& row : tables.contexts) {
    AllocationProblem::Context context;
    context.zone = row.zone;
    const auto cohort =
        std::lower_bound(problem.cohorts.begin(), problem.cohorts.end(), row.cohort);
    context.cohort = static_cast<uint32_t>(cohort - problem.cohorts.begin());
    context.supply = row.supply;
    context.load_limit = row.load_limit;
    context.tau = row.tau;
    problem.contexts.push_back(context);
    AllocationProblem::ZoneRange& zone = problem.zone_ranges[row.zone];
    zone.supply += row.supply;
    zone.min_tau = zone.min_tau == 0.0 ? row.tau : std::min(zone.min_tau, row.tau);
  }
  problem.contexts.emplace_back();
  uint32_t next = 0;
  for (size_t z = 0; z < problem.zone_ranges.size(); ++z) {
    AllocationProblem::ZoneRange& zone = problem.zone_ranges[z];
    if (zone.min_tau == 0.0) zone.min_tau = 1.0;
    zone.first_context = next;
    while (next < tables.contexts.size() && tables.contexts[next].zone == z) ++next;
  }
}

// Fills a column of the problem in order and frees that of the tables.
template <typename To, typename From, typename Convert>
void MoveColumn(std::vector<From>& from, const std::vector<uint32_t>& order, std::vector<To>& to,
                const Convert& convert) {
  to.reserve(from.size() + kEdgePadding);
  for (const uint32_t edge : order) to.push_back(convert(from[edge]));
  to.resize(from.size() + kEdgePadding);
  from = {};
}

void PlaceEdges(AllocationTables& tables, AllocationProblem& problem) {
  AllocationEdges& edges = tables.edges;
  std::vector<uint32_t> order(edges.context.size());
  std::iota(order.begin(), order.end(), 0);
  const auto before = [&edges](uint32_t a, uint32_t b) {
    return std::tie(edges.context[a], edges.item[a]) < std::tie(edges.context[b], edges.item[b]);
  };
  if (!std::is_sorted(order.begin(), order.end(), before)) {
    order = SortedBy(edges.item, tables.items.size(), order);
    order = SortedBy(edges.context, tables.contexts.size(), order);
  }
  for (const uint32_t context : edges.context) ++problem.contexts[context + 1].first_edge;
  for (size_t c = 1; c < problem.contexts.size(); ++c) {
    problem.contexts[c].first_edge += problem.contexts[c - 1].first_edge;
  }
  edges.context = {};
  const auto same = [](auto value) { return value; };
  MoveColumn(edges.item, order, problem.edge_offer, same);  // items, until MakeOffers
  if (tables.terms.empty()) MoveColumn(edges.value, order, problem.edge_value, same);
  for (std::vector<float>& column : edges.terms) {
    MoveColumn(column, order, problem.edge_terms.emplace_back(), same);
  }
  MoveColumn(edges.organic, order, problem.edge_organic, same);
  // Down, so that a guardrail that is kept by these is kept by what they were.
  MoveColumn(edges.satisfaction, order, problem.edge_satisfaction,
             [](float satisfaction) { return static_cast<uint16_t>(satisfaction * 65535.0F); });
  for (size_t c = 0; c + 1 < problem.contexts.size(); ++c) {
    AllocationProblem::Context& context = problem.contexts[c];
    double organic = 0.0;
    for (int64_t e = context.first_edge; e < problem.contexts[c + 1].first_edge; ++e) {
      organic += static_cast<double>(problem.edge_organic[static_cast<size_t>(e)]);
    }
    context.rest = 1.0 - organic;
  }
}

absl::Status FaultsError(const AllocationFaults& faults) {
  std::string message = absl::StrCat(faults.count, " faults in the tables");
  for (const AllocationFault& fault : faults.first) {
    absl::StrAppend(&message, "; ", fault.table, " row ", fault.row, ": ", fault.rule);
  }
  return absl::InvalidArgumentError(message);
}

}  // namespace

absl::StatusOr<AllocationProblem> AllocationProblem::Create(AllocationTables tables) {
  if (const AllocationFaults faults = CheckTables(tables); faults.count > 0) {
    return FaultsError(faults);
  }
  const std::vector<uint32_t> zones = Ascending(tables.zones.size(), [&](uint32_t a, uint32_t b) {
    return std::tie(tables.zones[a].surface, tables.zones[a].market) <
           std::tie(tables.zones[b].surface, tables.zones[b].market);
  });
  const std::vector<uint32_t> zone_places = Inverse(zones);
  for (AllocationContext& context : tables.contexts) context.zone = zone_places[context.zone];
  const std::vector<uint32_t> contexts =
      Ascending(tables.contexts.size(), [&](uint32_t a, uint32_t b) {
        return std::tie(tables.contexts[a].zone, tables.contexts[a].cohort) <
               std::tie(tables.contexts[b].zone, tables.contexts[b].cohort);
      });
  const std::vector<uint32_t> context_places = Inverse(contexts);
  const std::vector<uint32_t> items = Ascending(tables.items.size(), [&](uint32_t a, uint32_t b) {
    return tables.items[a].key < tables.items[b].key;
  });
  const std::vector<uint32_t> item_places = Inverse(items);
  for (uint32_t& context : tables.edges.context) context = context_places[context];
  for (uint32_t& item : tables.edges.item) item = item_places[item];
  for (AllocationConstraint& constraint : tables.constraints) {
    if (constraint.scope == ConstraintScope::kItem) {
      constraint.subject = item_places[constraint.subject];
    }
  }
  tables.contexts = Permuted(std::move(tables.contexts), contexts);
  tables.items = Permuted(std::move(tables.items), items);
  std::sort(tables.constraints.begin(), tables.constraints.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });

  AllocationProblem problem;
  problem.zones = Permuted(std::move(tables.zones), zones);
  PlaceContexts(tables, problem);
  PlaceEdges(tables, problem);
  problem.artists = std::move(tables.artists);
  problem.licensors = std::move(tables.licensors);
  problem.campaigns = std::move(tables.campaigns);
  problem.pools = std::move(tables.pools);
  problem.items = std::move(tables.items);
  problem.terms = std::move(tables.terms);
  problem.constraints = std::move(tables.constraints);
  problem.max_min_weight = tables.max_min_weight;
  if (!problem.terms.empty()) {
    std::vector<double> weights;
    for (const ValueTerm& term : problem.terms) weights.push_back(term.weight);
    OASIS_RETURN_IF_ERROR(problem.Reweigh(weights));
  }
  OASIS_RETURN_IF_ERROR(MakeOffers(problem));
  return problem;
}

absl::StatusOr<size_t> AllocationProblem::FindTerm(absl::string_view name) const {
  std::string known;
  for (size_t t = 0; t < terms.size(); ++t) {
    if (terms[t].name == name) return t;
    absl::StrAppend(&known, t == 0 ? "" : ", ", terms[t].name);
  }
  return absl::NotFoundError(absl::StrCat("the problem has no value term '", name, "'; it has ",
                                          terms.empty() ? "a value that is made of none" : known));
}

absl::Status AllocationProblem::Reweigh(absl::Span<const double> weights) {
  const auto value_of = [&](size_t edge) {
    double value = 0.0;
    for (size_t t = 0; t < terms.size(); ++t) {
      value += weights[t] * static_cast<double>(edge_terms[t][edge]);
    }
    return value;
  };
  const auto size = static_cast<size_t>(edges());
  for (size_t edge = 0; edge < size; ++edge) {
    const double value = value_of(edge);
    if (std::abs(value) <= kMaxEdgeValue) continue;  // a NaN is not
    return absl::InvalidArgumentError(absl::StrCat("with these weights an edge has the value ",
                                                   value, "; it must be finite and at most ",
                                                   kMaxEdgeValue, ": make the weights smaller"));
  }
  edge_value.resize(size + kEdgePadding);
  for (size_t edge = 0; edge < size; ++edge) edge_value[edge] = static_cast<float>(value_of(edge));
  for (size_t t = 0; t < terms.size(); ++t) terms[t].weight = weights[t];
  return absl::OkStatus();
}

double AllocationProblem::supply() const {
  double sum = 0.0;
  for (size_t z = 0; z + 1 < zone_ranges.size(); ++z) sum += zone_ranges[z].supply;
  return sum;
}

int64_t AllocationProblem::resident_bytes() const {
  const auto bytes = [](const auto& column) {
    return static_cast<int64_t>(column.capacity() * sizeof(column[0]));
  };
  return bytes(edge_offer) + bytes(edge_value) + bytes(edge_organic) + bytes(edge_satisfaction) +
         bytes(offer_item) + bytes(offer_first_entry) + bytes(entries) + bytes(contexts);
}

}  // namespace oasis
