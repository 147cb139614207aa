// The allocator: shares promotion out, and proves how good the result is.
#ifndef OASIS_ALLOCATION_H_
#define OASIS_ALLOCATION_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "oasis/allocation_problem.h"
#include "oasis/limits.h"

namespace oasis {

// What keeps shares from being all or nothing. Both make the dual smooth; see docs/allocation.md.
enum class Regulariser {
  kEntropy,  // tau * KL(shares || organic shares): a score is a shift of the ranking logit
  kRidge,    // tau / 2 * |shares|^2, as DuaLip has it: for comparisons
};

struct NamedPrice {
  std::string constraint;  // or GuardName of a zone
  double price = 0.0;      // of a unit, in value; never negative
};
// The name of a zone's guardrail among prices: "guardrail SURFACE/MARKET".
std::string GuardName(const Zone& zone);

struct SolveProgress {
  // Over all edges, those for certificates included, and those over some of them in proportion.
  int passes = 0;
  double tau_factor = 1.0;  // falls to 1: early passes solve a smoother problem
  double dual = 0.0;        // of the smoother problem while tau_factor is above 1
  double primal = -std::numeric_limits<double>::infinity();  // of the best plan so far
  double gap = std::numeric_limits<double>::infinity();      // see Certificate
  double residual =
      0.0;  // what was promised yet when this pass was asked for, in parts of the dual
  double shortfall = 0.0;  // what commitments are short of in that plan, by their prices
  absl::Duration elapsed;
};

struct SolveOptions {
  Regulariser regulariser = Regulariser::kEntropy;
  // Stops when the certified gap is no more, or when a limit is reached; always with a plan.
  double gap = 1e-4;
  int max_passes = 1000;
  absl::Duration time_limit = absl::InfiniteDuration();
  int threads = 2;
  // Prices of an earlier solution. Those of constraints that are not there are passed over.
  std::vector<NamedPrice> warm_start;
  double score_limit = kDefaultScoreLimit;  // above 0; may be infinite
  // After each pass, in the calling thread; false stops, as a limit does.
  std::function<bool(const SolveProgress&)> progress;
};

enum class StopReason { kGap, kStalled, kPasses, kTime, kCancelled };

// How good a plan is. Values are sums over slots, less the price of what commitments are short of,
// plus what fairness earns.
struct Certificate {
  double primal = 0.0;  // value - regulariser of the plan before scores are limited
  double dual = 0.0;    // no plan can have more
  double gap = 0.0;     // (dual - primal) / max(|primal|, |dual|)
  // The same without the regulariser: the best plan's value lies between these two.
  double lp_primal = 0.0;
  double lp_dual = 0.0;
  double limited_primal = 0.0;  // as primal, of the plan with limited scores: the one in Allocation
  double limited_value = 0.0;   // as lp_primal, likewise
  double worst_violation = 0.0;  // of a hard constraint before repair, in parts of its bound
};

struct ConstraintResult {
  double price = 0.0;      // of a unit more, in value
  double activity = 0.0;   // what the plan makes of it, in its unit (fairness: parts of the target)
  double shortfall = 0.0;  // of a commitment, in its unit
};

struct GuardResult {
  double price = 0.0;
  double loss = 0.0;  // at most the zone's satisfaction budget
};

// A plan: for each context the shares of its edges. Shares are not kept but made again from prices,
// which is one pass; see ForEachPlanBlock.
struct Allocation {
  StopReason stop = StopReason::kGap;
  int passes = 0;
  absl::Duration elapsed;
  Certificate certificate;
  std::vector<SolveProgress> history;         // a record each pass of the dual over all edges
  std::vector<ConstraintResult> constraints;  // as in the problem
  std::vector<GuardResult> guards;            // by zone
  std::vector<double> offer_slots;            // that each offer gets

  Regulariser regulariser = Regulariser::kEntropy;
  double score_limit = kDefaultScoreLimit;
  // Repair: what shares were multiplied with to keep hard constraints, 0 to 1.
  std::vector<float> offer_factor;
  std::vector<double> harm_factor;  // by zone, of items below the reference satisfaction

  std::vector<NamedPrice> Prices(const AllocationProblem& problem) const;
};

// InvalidArgument names the option that is wrong. Same problem and options, same bytes: whatever
// the number of threads, the machine's instruction set and the order of the tables (if no limit of
// time ends it). Memory: 8 bytes an edge of the largest context, some hundred a constraint, 24 an
// offer, and some 80 an edge that matters, besides the problem.
absl::StatusOr<Allocation> Solve(const AllocationProblem& problem, const SolveOptions& options);

// A context's part of the plan. Spans are by edge, as in the problem.
struct PlanBlock {
  uint32_t context = 0;
  absl::Span<const float> shares;  // of the context's slots
  // What a ranker adds to the logits of promoted items so that shares come out: log of share over
  // organic share, less that of other content. Within the score limit, but lower, down to
  // kLeastScore, where a hard constraint asks for it.
  absl::Span<const float> scores;
  // (value - prices) / tau, and the load limit's price in units of tau: their difference, limited,
  // is the score before repair.
  absl::Span<const float> reduced;
  double load_price = 0.0;
};

// Calls visit(block, thread) for each context with edges and supply; from so many threads at once,
// in any order.
void ForEachPlanBlock(const AllocationProblem& problem, const Allocation& allocation, int threads,
                      const std::function<void(const PlanBlock& block, int thread)>& visit);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_H_
