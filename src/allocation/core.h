// The small problem that a large one is near some prices.
#ifndef OASIS_ALLOCATION_CORE_H_
#define OASIS_ALLOCATION_CORE_H_

#include <cstdint>
#include <vector>

#include "allocation/dual_pass.h"
#include "allocation/shards.h"
#include "allocation/team.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// Some edges of a problem, and of all others what they add at the prices of one pass over all
// edges: a dual that has the value and the gradient of the problem's own there, and nearly those of
// it as far as its edges are those that matter. A pass takes as much less time as there are fewer.
class Core {
 public:
  // `edges` ascending; `pass` is what a pass over all edges found at `prices`. The first three must
  // outlive it.
  Core(const AllocationProblem& problem, const BlockKernel& kernel, Team& team,
       Regulariser regulariser, const std::vector<int64_t>& edges, const SlotPrices& prices,
       const DualPassResult& pass);

  // Contexts and constraints are those of the problem; offers and edges are fewer. It is for passes
  // only: it has no names, and edges have no terms.
  const AllocationProblem& problem() const { return problem_; }

  void Run(const SlotPrices& prices, DualPassResult& result, NotableEdges& notable);

 private:
  AllocationProblem problem_;
  DualPass pass_;
  SlotPrices prices_;    // of the pass over all edges
  DualPassResult rest_;  // that found so much more there
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CORE_H_
