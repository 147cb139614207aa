// The part of the dual that is not edges: what constraints themselves make of prices.
#ifndef OASIS_ALLOCATION_DUAL_TERMS_H_
#define OASIS_ALLOCATION_DUAL_TERMS_H_

#include <vector>

#include "allocation/dual_pass.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// Prices are one vector: those of constraints, then those of the zones' guardrails; none is
// negative. The dual is to be minimised; all sums are doubles in a fixed order.
class DualTerms {
 public:
  explicit DualTerms(const AllocationProblem& problem);  // which must outlive it

  size_t size() const { return constraints_ + zones_; }

  // The allowed prices; those of max-min fairness have a sum that Project knows of.
  double low(size_t price) const { return ranges_[price].low; }
  double high(size_t price) const { return ranges_[price].high; }

  // Prices to start from: none, of fairness those of groups that get their target.
  std::vector<double> Start() const;

  SlotPrices ToSlotPrices(const std::vector<double>& prices, double tau_factor) const;

  // The dual at these prices, where a pass has found `pass`.
  double Value(const std::vector<double>& prices, const DualPassResult& pass) const;
  // Of max-min fairness without what moves all its prices alike: their sum stays.
  void Gradient(const std::vector<double>& prices, const DualPassResult& pass,
                std::vector<double>& gradient) const;

  // A bound of the Hessian's diagonal, never near 0.
  void Curvature(const std::vector<double>& prices, const DualPassResult& pass, double tau_factor,
                 std::vector<double>& curvature) const;

  // By price: how far it can go until shares change a few times: about tau a unit. At tau_factor 1.
  const std::vector<double>& reach() const { return reach_; }

  // The nearest allowed prices, in the metric of `curvature`.
  void Project(const std::vector<double>& curvature, std::vector<double>& prices) const;

  // What prices and activities miss each other by, in value: what constraints with a price leave
  // unused or go over, and what commitments miss while another unit costs less than its price.
  // About what repair costs the plan of these prices.
  double Slackness(const std::vector<double>& prices, const DualPassResult& pass) const;

  // What constraints add to a plan's value, if they have these activities.
  double PlanValue(const std::vector<double>& activity) const;

 private:
  struct Row {  // what the terms need of a constraint, close together
    ConstraintKind kind = ConstraintKind::kCap;
    double bound = 0.0;
    double price = 0.0;
  };
  struct Range {
    double low = 0.0;
    double high = 0.0;
  };

  void ProjectMaxMin(const std::vector<double>& curvature, std::vector<double>& prices) const;

  const AllocationProblem& problem_;
  const size_t constraints_;
  const size_t zones_;
  std::vector<Row> rows_;                // by constraint
  std::vector<Range> ranges_;            // of prices
  std::vector<double> least_curvature_;  // at tau_factor 1
  std::vector<double> reach_;            // likewise
  std::vector<size_t> max_min_;          // constraints of that kind
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_DUAL_TERMS_H_
