// A pass over all edges in pieces that threads can take: what both kinds of pass share.
#ifndef OASIS_ALLOCATION_SHARDS_H_
#define OASIS_ALLOCATION_SHARDS_H_

#include <cstdint>
#include <vector>

#include "allocation/block_kernel.h"
#include "allocation/block_response.h"
#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// Contexts of one zone. Which there are depends on the problem alone, so that what is rounded once
// a shard is rounded the same whoever does it.
struct Shard {
  uint32_t zone = 0;
  uint32_t first_context = 0;
  uint32_t end_context = 0;
};
std::vector<Shard> MakeShards(const AllocationProblem& problem);

// Prices as edges see them: what a slot costs, so that caps and guardrails have positive ones, and
// commitments and fairness negative ones.
struct SlotPrices {
  std::vector<double> constraint;  // by constraint
  std::vector<double> guard;       // by zone, of satisfaction below the reference; >= 0
  double tau_factor = 1.0;         // of the contexts' tau
};

// What one thread works with. Loads are counted in whole units, so that sums do not depend on their
// order.
struct ShardScratch {
  explicit ShardScratch(const AllocationProblem& problem);

  std::vector<float> price;     // by offer of the zone
  std::vector<int64_t> load;    // by offer of the zone, in LoadUnit
  std::vector<int64_t> spread;  // by offer, in LoadUnit: sum of slots that shares may yet give way
  std::vector<float> reduced;   // by edge of the context
  std::vector<float> weight;    // likewise
};

// Units of load that a slot has in a zone: a power of two, so many that sums just fit.
double LoadUnit(const AllocationProblem& problem, uint32_t zone);

// scratch.price of the zone's offers.
void FoldPrices(const AllocationProblem& problem, uint32_t zone,
                const std::vector<double>& constraint_prices, ShardScratch& scratch);

// A context's edges with their prices, and what goes with them.
Block MakeBlock(const AllocationProblem& problem, uint32_t context, const SlotPrices& prices,
                const ShardScratch& scratch);
BlockTerms MakeTerms(const AllocationProblem& problem, uint32_t context, double tau_factor);

// scratch.reduced and scratch.weight of a block.
BlockResponse Respond(const BlockKernel& kernel, Regulariser regulariser, const Block& block,
                      const BlockTerms& terms, ShardScratch& scratch);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_SHARDS_H_
