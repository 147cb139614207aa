#include "apps/allocate/sweep.h"

#include <utility>

#include "apps/allocate/report_json.h"
#include "oasis/allocation_report.h"
#include "oasis/status.h"

namespace oasis {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<Json> PointsOf(const Sweep& sweep, size_t term, std::vector<double> weights,
                              SolveOptions& options, AllocationProblem& problem) {
  Json points = Json::array();
  for (const double weight : sweep.weights) {
    weights[term] = weight;
    OASIS_RETURN_IF_ERROR(problem.Reweigh(weights));
    OASIS_ASSIGN_OR_RETURN(const Allocation allocation, Solve(problem, options));
    if (allocation.stop == StopReason::kCancelled) break;
    const PlanTotals totals = TotalsOf(problem, allocation, options.threads);
    points.push_back({{"weight", weight},
                      {"primal", allocation.certificate.limited_primal},
                      {"gap", allocation.certificate.gap},
                      {"objectives", PromotedTermsJson(problem, totals)}});
    options.warm_start = allocation.Prices(problem);
  }
  return points;
}

}  // namespace

absl::StatusOr<Json> RunSweep(const Sweep& sweep, SolveOptions options,
                              AllocationProblem& problem) {
  std::vector<double> weights;
  for (const ValueTerm& term : problem.terms) weights.push_back(term.weight);
  OASIS_ASSIGN_OR_RETURN(const size_t term, problem.FindTerm(sweep.term));
  absl::StatusOr<Json> points = PointsOf(sweep, term, weights, options, problem);
  OASIS_RETURN_IF_ERROR(problem.Reweigh(weights));
  if (!points.ok()) return points.status();
  return Json{{"over", sweep.term}, {"points", *std::move(points)}};
}

}  // namespace oasis
