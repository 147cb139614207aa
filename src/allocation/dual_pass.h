// One pass over all edges at given prices: what the dual function is there, and its derivatives.
#ifndef OASIS_ALLOCATION_DUAL_PASS_H_
#define OASIS_ALLOCATION_DUAL_PASS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "allocation/notable_edges.h"
#include "allocation/shards.h"
#include "allocation/team.h"
#include "oasis/allocation_problem.h"

namespace oasis {

inline constexpr double kDualNoise = 1e-7;  // of a dual, in parts of it: sums of floats

struct DualPassResult {
  double blocks = 0.0;             // sum over contexts of supply * conjugate
  std::vector<double> activity;    // by constraint: what promoted slots sum up to
  std::vector<double> guard_loss;  // by zone: of slots * (reference - satisfaction)
  // By constraint and by zone: no less than the diagonal of the Hessian. For entropy the sum of
  // coefficient^2 * supply * share * (1 - share / most) / tau, where no share can be above `most`.
  // Left as they are where they were not asked for.
  std::vector<double> curvature;
  std::vector<double> guard_curvature;
};

// Same problem and prices, same bits: whatever the team, the kernel or the order of the input.
class DualPass {
 public:
  // All must outlive it.
  DualPass(const AllocationProblem& problem, Regulariser regulariser, const BlockKernel& kernel,
           Team& team);

  // Fills `notable`, if there is one.
  void Run(const SlotPrices& prices, bool with_curvature, DualPassResult& result,
           NotableEdges* notable = nullptr);

 private:
  struct Sums {  // of a constraint, in whole units
    int64_t activity = 0;
    int64_t curvature = 0;
  };
  struct Units {  // that one of it has
    double activity = 1.0;
    double curvature = 1.0;
  };
  struct ShardSums {
    double blocks = 0.0;
    double guard_loss = 0.0;
    double guard_curvature = 0.0;
  };

  ShardSums RunShard(const Shard& shard, const SlotPrices& prices, bool with_curvature,
                     NotableEdges* notable, int thread);
  void AddNotable(const Block& block, const BlockResponse& response, const float* weight,
                  NotableEdges::Context context, NotableEdges& notable) const;
  template <bool kWithCurvature>
  void AddLoads(uint32_t zone, int thread);

  const AllocationProblem& problem_;
  const Regulariser regulariser_;
  const BlockKernel& kernel_;
  Team& team_;
  std::vector<Shard> shards_;
  std::vector<double> load_units_;  // by zone
  std::vector<Units> units_;        // by constraint
  std::vector<ShardSums> shard_sums_;
  std::vector<NotableEdges> shard_notable_;
  std::vector<std::vector<Sums>> sums_;  // by thread and constraint
  std::vector<ShardScratch> scratch_;    // by thread
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_DUAL_PASS_H_
