#include "apps/allocate/report_json.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "allocation/constraint_names.h"
#include "apps/allocate/words.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

using Json = nlohmann::ordered_json;

Json ProblemJson(const std::string& path, const AllocationProblem& problem) {
  return {{"path", path},
          {"edges", problem.edges()},
          {"contexts", problem.context_count()},
          {"items", problem.items.size()},
          {"offers", problem.offers()},
          {"constraints", problem.constraints.size()},
          {"supply", problem.supply()}};
}

Json SolveJson(const SolveOptions& options, const Allocation& allocation) {
  return {{"stop", StopWord(allocation.stop)},
          {"passes", allocation.passes},
          {"seconds", absl::ToDoubleSeconds(allocation.elapsed)},
          {"threads", options.threads},
          {"regulariser", RegulariserWord(allocation.regulariser)},
          {"score_limit", allocation.score_limit},
          {"gap_asked", options.gap}};
}

Json CertificateJson(const Certificate& certificate, const PlanTotals& totals) {
  return {{"primal", certificate.primal},
          {"dual", certificate.dual},
          {"gap", certificate.gap},
          {"lp_primal", certificate.lp_primal},
          {"lp_dual", certificate.lp_dual},
          {"limited_primal", certificate.limited_primal},
          {"limited_value", certificate.limited_value},
          {"worst_violation", certificate.worst_violation},
          {"worst_violation_after_repair", totals.worst_violation}};
}

Json ObjectivesJson(const AllocationProblem& problem, const PlanTotals& totals) {
  Json objectives = Json::array();
  const auto add = [&](const std::string& term, double weight, const TermTotal& total) {
    objectives.push_back({{"term", term},
                          {"weight", weight},
                          {"organic", total.organic},
                          {"promoted", total.promoted}});
  };
  for (size_t t = 0; t < problem.terms.size(); ++t) {
    add(problem.terms[t].name, problem.terms[t].weight, totals.terms[t]);
  }
  if (problem.terms.empty()) add("value", 1.0, totals.value);
  return objectives;
}

Json ConstraintsJson(const AllocationProblem& problem, const Allocation& allocation) {
  Json constraints = Json::array();
  for (size_t i = 0; i < problem.constraints.size(); ++i) {
    const AllocationConstraint& row = problem.constraints[i];
    const ConstraintResult& result = allocation.constraints[i];
    constraints.push_back({{"name", row.name},
                           {"kind", NameOf(row.kind)},
                           {"scope", NameOf(row.scope)},
                           {"subject", SubjectName(problem, row)},
                           {"surface", row.surface},
                           {"market", row.market},
                           {"unit", NameOf(row.unit)},
                           {"bound", row.bound},
                           {"activity", result.activity},
                           {"price", result.price},
                           {"shortfall", result.shortfall},
                           {"binding", result.price > 0.0}});
  }
  return constraints;
}

Json GuardrailsJson(const AllocationProblem& problem, const Allocation& allocation) {
  Json guardrails = Json::array();
  for (size_t z = 0; z < problem.zones.size(); ++z) {
    const Zone& zone = problem.zones[z];
    if (!std::isfinite(zone.satisfaction_budget)) continue;
    guardrails.push_back({{"surface", zone.surface},
                          {"market", zone.market},
                          {"budget", zone.satisfaction_budget},
                          {"loss", allocation.guards[z].loss},
                          {"price", allocation.guards[z].price},
                          {"binding", allocation.guards[z].price > 0.0}});
  }
  return guardrails;
}

// Points of the Lorenz curve, kCurvePoints apart at most.
Json CurveJson(const std::vector<double>& ascending) {
  const double sum = std::accumulate(ascending.begin(), ascending.end(), 0.0);
  Json curve = Json::array({Json::array({0.0, 0.0})});
  if (sum <= 0.0) return curve;
  const size_t step = (ascending.size() + kCurvePoints - 1) / kCurvePoints;
  double so_far = 0.0;
  for (size_t i = 0; i < ascending.size(); ++i) {
    so_far += ascending[i];
    if ((i + 1) % step != 0 && i + 1 != ascending.size()) continue;
    const double groups = static_cast<double>(i + 1) / static_cast<double>(ascending.size());
    curve.push_back(Json::array({groups, so_far / sum}));
  }
  return curve;
}

Json DeliveryJson(const AllocationProblem& problem, const Allocation& allocation) {
  const std::vector<double> organic_slots = OrganicSlots(problem);
  Json deliveries = Json::array();
  const auto add = [&](const char* by, uint32_t AllocationItem::*member,
                       const std::vector<std::string>& names) {
    const GroupDelivery plan = DeliveryBy(problem, allocation.offer_slots, member, names.size());
    if (plan.ascending.empty()) return;
    const GroupDelivery organic = DeliveryBy(problem, organic_slots, member, names.size());
    std::vector<size_t> order(names.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return std::pair(-plan.slots[a], a) < std::pair(-plan.slots[b], b);
    });
    order.resize(std::min(order.size(), kReportedGroups));
    Json groups = Json::array();
    for (const size_t group : order) {
      groups.push_back({{"name", names[group]},
                        {"slots", plan.slots[group]},
                        {"organic", organic.slots[group]}});
    }
    deliveries.push_back({{"by", by},
                          {"gini", plan.gini},
                          {"least", plan.least},
                          {"count", plan.ascending.size()},
                          {"groups", std::move(groups)},
                          {"curve", CurveJson(plan.ascending)}});
  };
  add("licensor", &AllocationItem::licensor, problem.licensors);
  add("artist", &AllocationItem::artist, problem.artists);
  add("campaign", &AllocationItem::campaign, problem.campaigns);
  add("pool", &AllocationItem::pool, problem.pools);
  return deliveries;
}

Json HistoryJson(const std::vector<SolveProgress>& history) {
  Json passes = Json::array();
  for (const SolveProgress& pass : history) {
    passes.push_back({{"pass", pass.passes},
                      {"tau_factor", pass.tau_factor},
                      {"dual", pass.dual},
                      {"primal", pass.primal},
                      {"gap", pass.gap},
                      {"residual", pass.residual},
                      {"shortfall", pass.shortfall},
                      {"seconds", absl::ToDoubleSeconds(pass.elapsed)}});
  }
  return passes;
}

}  // namespace

nlohmann::ordered_json AllocationReportJson(const std::string& path,
                                            const AllocationProblem& problem,
                                            const SolveOptions& options,
                                            const Allocation& allocation,
                                            const PlanTotals& totals) {
  return {{"problem", ProblemJson(path, problem)},
          {"solve", SolveJson(options, allocation)},
          {"certificate", CertificateJson(allocation.certificate, totals)},
          {"promoted_slots", totals.slots.promoted},
          {"organic_slots", totals.slots.organic},
          {"scores_at_limit", totals.at_limit},
          {"objectives", ObjectivesJson(problem, totals)},
          {"constraints", ConstraintsJson(problem, allocation)},
          {"guardrails", GuardrailsJson(problem, allocation)},
          {"delivery", DeliveryJson(problem, allocation)},
          {"history", HistoryJson(allocation.history)}};
}

nlohmann::ordered_json SnapshotReportJson(const std::string& directory, const WrittenScores& scores,
                                          const PlanTotals& totals) {
  return {{"id", scores.manifest.snapshot_id}, {"directory", directory},
          {"rows", scores.manifest.rows},      {"items", scores.manifest.items},
          {"at_limit", totals.at_limit},       {"floored", scores.floored}};
}

nlohmann::ordered_json PromotedTermsJson(const AllocationProblem& problem,
                                         const PlanTotals& totals) {
  Json terms = Json::object();
  for (size_t t = 0; t < problem.terms.size(); ++t) {
    terms[problem.terms[t].name] = totals.terms[t].promoted;
  }
  return terms;
}

}  // namespace oasis
