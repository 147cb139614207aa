#include "allocation/core_search.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

#include "allocation/price_search.h"

namespace oasis {
namespace {

constexpr int kMaxSteps = 10;   // on one core
constexpr double kFall = 0.01;  // of what is promised: then the core is worn out

}  // namespace

CoreSearch::CoreSearch(const AllocationProblem& problem, const DualTerms& terms,
                       Regulariser regulariser, const BlockKernel& kernel, Team& team,
                       std::vector<double> start)
    : problem_(problem),
      terms_(terms),
      regulariser_(regulariser),
      kernel_(kernel),
      team_(team),
      point_(std::move(start)) {
  terms_.Project(std::vector<double>(terms.size(), 1.0), point_);
}

double CoreSearch::Step(const DualPassResult& pass, const NotableEdges& notable, double tau_factor,
                        double dual, double enough) {
  Keep(pass, notable, tau_factor, dual);
  Core core(problem_, kernel_, team_, regulariser_, edges_,
            terms_.ToSlotPrices(best_point_, tau_factor), best_pass_);
  PriceSearch search(core.problem(), terms_, team_, tau_factor, best_point_);
  DualPassResult found;
  NotableEdges matter;
  double first = 0.0, promise = 0.0;
  int steps = 0;
  while (steps < kMaxSteps) {
    core.Run(terms_.ToSlotPrices(search.point(), tau_factor), found, matter);
    promise = search.Step(found, matter, terms_.Value(search.point(), found));
    if (++steps == 1) first = promise;
    if (promise <= std::max(enough, kFall * first)) break;
  }
  point_ = search.best();
  const double visited = (1 + steps) * static_cast<double>(edges_.size()) + search.model_edges();
  passes_ += visited / static_cast<double>(std::max<int64_t>(1, problem_.edges()));
  return promise;
}

void CoreSearch::Keep(const DualPassResult& pass, const NotableEdges& notable, double tau_factor,
                      double dual) {
  const bool anew = tau_factor != tau_factor_;
  const bool stayed = !anew && point_ == best_point_;  // no step was short enough
  const bool better = anew || dual <= best_dual_ + kDualNoise * std::abs(best_dual_);
  if (better) {
    tau_factor_ = tau_factor;
    best_point_ = point_;
    best_pass_ = pass;
    best_dual_ = anew ? dual : std::min(best_dual_, dual);
  }
  const std::vector<int64_t>& before = better && !stayed ? last_edges_ : edges_;
  std::vector<int64_t> both;
  if (anew) {
    both = notable.edge;
  } else {
    std::set_union(before.begin(), before.end(), notable.edge.begin(), notable.edge.end(),
                   std::back_inserter(both));
  }
  edges_ = std::move(both);
  last_edges_ = notable.edge;
}

int CoreSearch::TakePasses() {
  const int more = static_cast<int>(std::ceil(passes_)) - taken_;
  taken_ += more;
  return more;
}

}  // namespace oasis
