#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "allocation/core_search.h"
#include "allocation/dual_pass.h"
#include "allocation/dual_terms.h"
#include "allocation/plan_pass.h"
#include "allocation/repair.h"
#include "allocation/team.h"
#include "oasis/allocation.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

// Early passes solve a smoother problem; each stage halves tau once its own solution is near.
constexpr double kFirstTauFactor = 4.0;
constexpr int kMaxStagePasses = 25;
constexpr double kStageResidual = 1e-3;
// A plan's gap is about the root of what the dual has left. Of the square of the gap, in the last
// stage: a core that promises less is as good as solved.
constexpr double kEnough = 0.01;

// A certificate takes two or three passes, each dearer than one of the dual, so one is made when
// the gap promises to be small enough, or after so many passes without.
constexpr int kPassesToCheck = 30;
// Of plans that differ by no more of the gap the last is kept: its prices are nearest to what is
// reported of them.
constexpr double kAsGood = 0.01;
// Without a better gap in so many passes there will be none.
constexpr int kStalledPasses = 300;
constexpr double kBetter = 0.95;

// Threads cost more than they bring below.
constexpr int64_t kMinEdgesForThreads = 1 << 16;

class Solver {
 public:
  Solver(const AllocationProblem& problem, const SolveOptions& options)
      : problem_(problem),
        options_(options),
        started_(absl::Now()),
        team_(problem.edges() < kMinEdgesForThreads ? 1 : options.threads),
        terms_(problem),
        dual_pass_(problem, options.regulariser, *BlockKernels().front(), team_),
        plan_pass_(problem, options.regulariser, *BlockKernels().front(), team_) {}

  Allocation Run() {
    bool warm = false;
    CoreSearch search(problem_, terms_, options_.regulariser, *BlockKernels().front(), team_,
                      StartPrices(warm));
    progress_.tau_factor = warm ? 1.0 : kFirstTauFactor;
    int stage_passes = 0;
    while (!stopped_) {
      point_ = search.point();
      const double dual = Look();
      ++stage_passes;
      const bool last_stage = progress_.tau_factor == 1.0;
      if (last_stage) {
        best_dual_ = std::min(best_dual_, dual);
        MaybeCertify();
      }
      Report();
      if (stopped_) break;
      const double scale = std::max(std::abs(dual), 1e-300);
      const double enough = last_stage ? kEnough * options_.gap * options_.gap : kStageResidual;
      progress_.residual =
          search.Step(pass_, notable_, progress_.tau_factor, dual, enough * scale) / scale;
      progress_.passes += search.TakePasses();
      if (last_stage) continue;
      if (progress_.residual <= kStageResidual || stage_passes >= kMaxStagePasses) {
        progress_.tau_factor *= 0.5;
        stage_passes = 0;
      }
    }
    return Finish();
  }

 private:
  std::vector<double> StartPrices(bool& warm) const {
    std::vector<double> prices = terms_.Start();
    absl::flat_hash_map<std::string, double> known;
    for (const NamedPrice& price : options_.warm_start) known[price.constraint] = price.price;
    const auto take = [&](const std::string& name, double& price) {
      const auto found = known.find(name);
      if (found == known.end()) return;
      price = found->second;
      warm = true;
    };
    const size_t constraints = problem_.constraints.size();
    for (size_t i = 0; i < constraints; ++i) take(problem_.constraints[i].name, prices[i]);
    for (size_t z = 0; z < problem_.zones.size(); ++z) {
      take(GuardName(problem_.zones[z]), prices[constraints + z]);
    }
    return prices;
  }

  // A pass at point_. Returns the dual there.
  double Look() {
    slot_prices_ = terms_.ToSlotPrices(point_, progress_.tau_factor);
    dual_pass_.Run(slot_prices_, false, pass_, &notable_);
    ++progress_.passes;
    ++since_check_;
    progress_.dual = terms_.Value(point_, pass_);
    return progress_.dual;
  }

  void MaybeCertify() {
    const double scale = std::max(std::abs(progress_.dual), 1e-300);
    const double slackness = terms_.Slackness(point_, pass_) / scale;
    const bool promising = slackness * gap_of_slackness_ <= options_.gap;
    if (has_plan_ && !promising && since_check_ < kPassesToCheck) return;
    const double gap = std::max(0.0, progress_.dual - Certify()) / scale;
    if (slackness > 0.0) gap_of_slackness_ = gap / slackness;
    if (progress_.gap <= options_.gap) {
      Stop(StopReason::kGap);
    } else if (progress_.gap < kBetter * stalled_gap_) {
      stalled_gap_ = progress_.gap;
      stalled_since_ = progress_.passes;
    } else if (progress_.passes - stalled_since_ > kStalledPasses) {
      Stop(StopReason::kStalled);
    }
  }

  // Makes a plan of point_'s prices and keeps it if it is the best. Returns its value, less the
  // regulariser.
  double Certify() {
    RepairedPlan plan = Repair(problem_, terms_, slot_prices_, kUnlimited, plan_pass_);
    const double primal = plan.primal;
    progress_.passes += plan.passes;
    since_check_ = 0;
    const double as_good = kAsGood * options_.gap * std::abs(plan_.primal);
    if (!has_plan_ || plan.primal > plan_.primal - as_good) {
      plan_ = std::move(plan);
      plan_prices_ = slot_prices_;
      plan_point_ = point_;
      has_plan_ = true;
      progress_.shortfall = PricedShortfall();
    }
    progress_.primal = plan_.primal;
    const double scale = std::max({std::abs(plan_.primal), std::abs(best_dual_), 1e-300});
    progress_.gap = std::max(0.0, best_dual_ - plan_.primal) / scale;
    return primal;
  }

  double PricedShortfall() const {
    double sum = 0.0;
    for (size_t i = 0; i < problem_.constraints.size(); ++i) {
      const AllocationConstraint& row = problem_.constraints[i];
      if (row.kind != ConstraintKind::kCommitment) continue;
      sum += row.price * std::max(0.0, row.bound - plan_.activity[i]);
    }
    return sum;
  }

  void Stop(StopReason reason) {
    if (stopped_) return;
    stopped_ = true;
    reason_ = reason;
  }

  void Report() {
    progress_.elapsed = absl::Now() - started_;
    history_.push_back(progress_);
    if (options_.progress && !options_.progress(progress_)) Stop(StopReason::kCancelled);
    if (progress_.passes >= options_.max_passes) Stop(StopReason::kPasses);
    if (progress_.elapsed >= options_.time_limit) Stop(StopReason::kTime);
  }

  Allocation Finish() {
    if (!has_plan_) {  // stopped early: of the smoother problem's prices
      progress_.tau_factor = 1.0;
      best_dual_ = Look();
      Certify();
    }
    Allocation result;
    result.stop = reason_;
    result.certificate.primal = plan_.primal;
    result.certificate.lp_primal = plan_.value;
    result.certificate.dual = best_dual_;
    result.certificate.gap = progress_.gap;
    result.certificate.worst_violation = plan_.worst_violation;
    pass_.blocks = plan_.sums.best_value;
    result.certificate.lp_dual = terms_.Value(plan_point_, pass_);
    if (std::isfinite(options_.score_limit)) {
      plan_ = Repair(problem_, terms_, plan_prices_, options_.score_limit, plan_pass_);
      progress_.passes += plan_.passes;
    }
    result.certificate.limited_primal = plan_.primal;
    result.certificate.limited_value = plan_.value;
    FillResults(result);
    result.passes = progress_.passes;
    result.history = std::move(history_);
    result.elapsed = absl::Now() - started_;
    return result;
  }

  void FillResults(Allocation& result) {
    const size_t constraints = problem_.constraints.size();
    result.constraints.resize(constraints);
    for (size_t i = 0; i < constraints; ++i) {
      const AllocationConstraint& row = problem_.constraints[i];
      ConstraintResult& constraint = result.constraints[i];
      constraint.price = plan_point_[i];
      constraint.activity = plan_.activity[i];
      if (row.kind == ConstraintKind::kCommitment) {
        constraint.shortfall = std::max(0.0, row.bound - constraint.activity);
      }
    }
    result.guards.resize(problem_.zones.size());
    for (size_t z = 0; z < result.guards.size(); ++z) {
      result.guards[z] = {plan_point_[constraints + z], plan_.sums.harm[z] - plan_.sums.benefit[z]};
    }
    result.offer_slots = std::move(plan_.sums.slots);
    result.offer_factor = std::move(plan_.terms.offer_factor);
    result.harm_factor = std::move(plan_.terms.harm_factor);
    result.regulariser = options_.regulariser;
    result.score_limit = options_.score_limit;
  }

  const AllocationProblem& problem_;
  const SolveOptions& options_;
  const absl::Time started_;
  Team team_;
  const DualTerms terms_;
  DualPass dual_pass_;
  PlanPass plan_pass_;

  SolveProgress progress_;
  std::vector<SolveProgress> history_;
  std::vector<double> point_;  // that was looked at last
  SlotPrices slot_prices_;     // the same
  DualPassResult pass_;        // what was found there
  NotableEdges notable_;       // likewise
  double best_dual_ = kUnlimited;
  int since_check_ = 0;
  double gap_of_slackness_ = 1.0;  // what the last certificate made of DualTerms::Slackness
  double stalled_gap_ = kUnlimited;
  int stalled_since_ = 0;
  bool stopped_ = false;
  StopReason reason_ = StopReason::kGap;

  bool has_plan_ = false;
  RepairedPlan plan_;  // the best so far, and the prices it was made of
  SlotPrices plan_prices_;
  std::vector<double> plan_point_;
};

absl::Status CheckOptions(const SolveOptions& options) {
  const auto refuse = [](const auto&... parts) {
    return absl::InvalidArgumentError(absl::StrCat(parts...));
  };
  if (!(options.gap > 0.0)) return refuse("the gap is ", options.gap, "; it must be above 0");
  if (options.max_passes < 1) {
    return refuse("the most passes are ", options.max_passes, "; it must be at least 1");
  }
  if (options.threads < 1 || options.threads > kMaxSolveThreads) {
    return refuse("threads are ", options.threads, "; it must be 1 to ", kMaxSolveThreads);
  }
  const bool unlimited = std::isinf(options.score_limit) && options.score_limit > 0.0;
  if (!unlimited && !(options.score_limit > 0.0 && options.score_limit <= -kLeastScore)) {
    return refuse("the score limit is ", options.score_limit, "; it must be above 0, at most ",
                  -kLeastScore, ", or infinite");
  }
  for (const NamedPrice& price : options.warm_start) {
    if (!(price.price >= 0.0 && price.price <= kMaxAmount)) {
      return refuse("the price of '", price.constraint, "' is ", price.price, "; it must be 0 to ",
                    kMaxAmount);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Allocation> Solve(const AllocationProblem& problem, const SolveOptions& options) {
  OASIS_RETURN_IF_ERROR(CheckOptions(options));
  return Solver(problem, options).Run();
}

}  // namespace oasis
