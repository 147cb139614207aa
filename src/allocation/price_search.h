// The steps that prices take.
#ifndef OASIS_ALLOCATION_PRICE_SEARCH_H_
#define OASIS_ALLOCATION_PRICE_SEARCH_H_

#include <vector>

#include "allocation/dual_model.h"
#include "allocation/dual_terms.h"

namespace oasis {

// Projected Newton: a step goes to where the DualModel is least among the allowed prices, no
// price further than shares can follow, and is shortened until the dual falls enough (Bertsekas
// 1982, "Projected Newton methods"). Where its fall drowns in the rounding of the dual, the
// gradient decides (Hager, Zhang 2005, "approximate Wolfe conditions").
class PriceSearch {
 public:
  // `problem` is what the passes go over. All but `start` must outlive it.
  PriceSearch(const AllocationProblem& problem, const DualTerms& terms, Team& team,
              double tau_factor, std::vector<double> start);

  // Where the next pass is to look.
  const std::vector<double>& point() const { return trial_; }

  // Edges that the model went over, each as often as it did.
  double model_edges() const { return model_edges_; }

  // The best point so far.
  const std::vector<double>& best() const { return base_; }

  // Takes what a pass found at point(), and moves point() on. Returns what a step along the
  // gradient promises to take off the dual, to first order.
  double Step(const DualPassResult& pass, const NotableEdges& notable, double dual);

 private:
  bool Accepts(double dual) const;
  void Accept(double dual);
  void FindDirection(const NotableEdges& notable);
  void TryStep();
  double Promise();

  const DualTerms& terms_;
  const double tau_factor_;
  DualModel model_;
  std::vector<double> base_, base_gradient_;    // the best so far
  std::vector<double> trial_, trial_gradient_;  // looked at last, or next
  std::vector<double> metric_;                  // the largest diagonal of late
  std::vector<double> direction_, curvature_;
  double base_dual_ = 0.0;
  double expected_ = 0.0;  // change of the dual from base to trial, to first order
  double length_ = 1.0;    // of the step, in parts of direction_
  double notable_ = 0.0;   // edges, of the best so far
  double model_edges_ = 0.0;
  bool has_base_ = false;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_PRICE_SEARCH_H_
