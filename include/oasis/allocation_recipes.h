// Invented problems for tests, benchmarks and `oasis generate`.
#ifndef OASIS_ALLOCATION_RECIPES_H_
#define OASIS_ALLOCATION_RECIPES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// A track that is there already, to be promoted in place of an invented one.
struct RecipeTrack {
  ItemKey key;
  std::string artist;
  std::string pool;         // its genre, say; may be empty
  double popularity = 0.0;  // 0 to 100, in about equal steps of the logarithm of plays
};

// A music service's month of promotion: surfaces, markets and cohorts; items by Zipf's law with
// artists, licensors and campaigns; caps, commitments and guardrails in proportion to what each
// could get. Rows of edges come in the problem's own order.
struct PromotionRecipe {
  enum class Fairness { kNone, kLog, kMaxMin };

  int64_t edges = 100'000;  // about; at least 100
  uint64_t seed = 1;
  // 1: caps are 50 to 100 % of what a row would get, commitments 70 to 95 %, every third licensor's
  // about impossible. Smaller is looser in proportion. A loose problem makes any solver look good.
  double tightness = 1.0;
  double tau = 0.05;                    // in units of value; values are around 1
  double load_limit = 0.2;              // of contexts, give or take a third
  Fairness fairness = Fairness::kNone;  // over licensors
  // Where there are any, items, artists and pools are theirs (those of a seeded sample, if there
  // are more than so many edges need), and the popular ones have larger organic shares. No key
  // twice.
  std::vector<RecipeTrack> catalogue = {};
};
// InvalidArgument names the field that is wrong.
absl::StatusOr<AllocationTables> MakePromotionTables(const PromotionRecipe& recipe);

// The matching problem that DuaLip ships as its benchmark, after its description: sources that each
// choose among some destinations, log-normal values, destination budgets of 50 to 100 % of their
// greedy load. A source is a context of one slot, a destination an item with a cap.
struct MatchingRecipe {
  int64_t sources = 10'000;
  uint32_t destinations = 100;
  double edges_per_source = 10.0;
  uint64_t seed = 1;
  double tau = 0.002;
};
absl::StatusOr<AllocationTables> MakeMatchingTables(const MatchingRecipe& recipe);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_RECIPES_H_
