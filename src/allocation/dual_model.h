// The dual around a point, as a quadratic function of the step from there.
#ifndef OASIS_ALLOCATION_DUAL_MODEL_H_
#define OASIS_ALLOCATION_DUAL_MODEL_H_

#include <cstdint>
#include <vector>

#include "allocation/curvature.h"
#include "allocation/team.h"

namespace oasis {

// Its Hessian is that of Curvature, and a damping on the diagonal: what the last steps met of bends
// that the point they started from did not show (a context that goes from one item to another).
class DualModel {
 public:
  // Both must outlive it.
  DualModel(const AllocationProblem& problem, Team& team)
      : curvature_(problem, team), damping_(problem.constraints.size() + problem.zones.size()) {}

  // What was found at the point, see Curvature::Set: a step moves none but the prices `rows`.
  void Set(const NotableEdges& edges, const std::vector<double>& least, std::vector<uint32_t> rows);

  // A step from the point has changed the gradient by `bend`. Both are of all prices.
  void Learn(const std::vector<double>& step, const std::vector<double>& bend);

  // The step from `low` to `high`, which are not above and not below 0, that minimises gradient *
  // step + step B step / 2, nearly: by conjugate gradients between the bounds (Dostal, Schoeberl
  // 2005, "Minimizing quadratic functions subject to bound constraints with the rate of convergence
  // and finite termination"). All are of all prices.
  // Returns how often it went over the notable edges.
  int Minimise(const std::vector<double>& gradient, const std::vector<double>& low,
               const std::vector<double>& high, std::vector<double>& step);

 private:
  class Descent;

  std::vector<double> Taken(const std::vector<double>& all) const;  // those of rows_

  Curvature curvature_;
  std::vector<uint32_t> rows_;
  std::vector<double> damping_;   // as of the last steps, of all prices
  std::vector<double> diagonal_;  // with the damping of the point; of rows_
  std::vector<double> damped_;    // the damping of the point; of rows_
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_DUAL_MODEL_H_
