// The constraints of an invented month of promotion, in proportion to what could be had.
#ifndef OASIS_ALLOCATION_GENERATE_PROMOTION_CONSTRAINTS_H_
#define OASIS_ALLOCATION_GENERATE_PROMOTION_CONSTRAINTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "allocation/generate/draw.h"
#include "oasis/allocation_problem.h"
#include "oasis/allocation_recipes.h"

namespace oasis {

// About what each item would get without constraints, over all zones: half of a context's promoted
// slots go by organic share, half to the edge of most value.
struct PromotionPotential {
  std::vector<double> slots, streams, royalty;  // of items

  void StartZone(double streams_per_slot) { streams_per_slot_ = streams_per_slot; }

  // The last context of the tables, whose edges start at `first`.
  void AddContext(const AllocationTables& tables, size_t first, double promoted_slots);

 private:
  void Add(const AllocationItem& item, uint32_t place, double slots_more);

  double streams_per_slot_ = 1.0;
};

class PromotionConstraints {
 public:
  PromotionConstraints(const PromotionRecipe& recipe, const PromotionPotential& potential,
                       AllocationTables& tables, Draw& draw)
      : recipe_(recipe), potential_(potential), tables_(tables), draw_(draw) {}

  void Append();

 private:
  using Member = uint32_t AllocationItem::*;

  std::vector<double> SumOver(Member member, size_t groups, const std::vector<double>& of) const;
  void AppendCap(const std::string& name, ConstraintScope scope, uint32_t subject,
                 ConstraintUnit unit, double could_have);
  void AppendCommitment(const std::string& name, ConstraintScope scope, uint32_t subject,
                        ConstraintUnit unit, double could_have);
  void AppendItemCaps();
  void AppendArtistRows();
  void AppendLicensorRows();
  void AppendFairness(const std::vector<double>& slots);

  const PromotionRecipe& recipe_;
  const PromotionPotential& potential_;
  AllocationTables& tables_;
  Draw& draw_;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_GENERATE_PROMOTION_CONSTRAINTS_H_
