// One pass over all edges that makes a plan of prices: shares, scores, and what they sum up to.
#ifndef OASIS_ALLOCATION_PLAN_PASS_H_
#define OASIS_ALLOCATION_PLAN_PASS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "allocation/shards.h"
#include "allocation/team.h"
#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// What makes a plan besides prices. Empty factors are ones.
struct PlanTerms {
  double score_limit = kDefaultScoreLimit;
  std::vector<float> offer_factor;
  std::vector<double> harm_factor;  // by zone
};

struct PlanSums {
  double value = 0.0;           // of all promoted slots
  double regulariser = 0.0;     // tau * KL, or tau / 2 * |shares|^2
  double best_value = 0.0;      // sum over contexts of supply * load limit * best reduced value
  std::vector<double> slots;    // by offer
  std::vector<double> harm;     // by zone: sum of slots * (reference - satisfaction) where positive
  std::vector<double> benefit;  // by zone: the negative rest, its sign changed
};

// Same bits for the same input, as DualPass.
class PlanPass {
 public:
  PlanPass(const AllocationProblem& problem, Regulariser regulariser, const BlockKernel& kernel,
           Team& team);

  using Visit = std::function<void(const PlanBlock& block, int thread)>;

  // `visit` may be empty.
  void Run(const SlotPrices& prices, const PlanTerms& terms, const Visit& visit, PlanSums& sums);

 private:
  struct ShardSums {
    double value = 0.0;
    double regulariser = 0.0;
    double best_value = 0.0;
    double harm = 0.0;
    double benefit = 0.0;
  };
  struct Scratch : ShardScratch {
    explicit Scratch(const AllocationProblem& problem)
        : ShardScratch(problem), scores(reduced.size()), log_factor(price.size()) {}

    std::vector<float> scores;       // by edge of the context
    std::vector<double> log_factor;  // by offer of the zone
  };

  ShardSums RunShard(const Shard& shard, const SlotPrices& prices, const PlanTerms& terms,
                     const Visit& visit, int thread);
  void AddBlock(const Block& block, uint32_t context, const SlotPrices& prices,
                const PlanTerms& terms, const Visit& visit, int thread, ShardSums& sums);
  float LimitScores(const Block& block, const BlockTerms& terms, const BlockResponse& response,
                    double score_limit, Scratch& scratch) const;
  void FillScores(const Block& block, const BlockTerms& terms, const BlockResponse& response,
                  double rest, double score_limit, Scratch& scratch) const;

  const AllocationProblem& problem_;
  const Regulariser regulariser_;
  const BlockKernel& kernel_;
  Team& team_;
  std::vector<Shard> shards_;
  std::vector<double> load_units_;  // by zone
  std::vector<int64_t> loads_;      // by offer
  std::vector<ShardSums> shard_sums_;
  std::vector<Scratch> scratch_;  // by thread
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_PLAN_PASS_H_
