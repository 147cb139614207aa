// The dual around a point, as a quadratic function of the step from there.
#ifndef OASIS_ALLOCATION_DUAL_MODEL_H_
#define OASIS_ALLOCATION_DUAL_MODEL_H_

#include <deque>
#include <vector>

#include "allocation/curvature.h"

namespace oasis {

// Its Hessian B is that of Curvature, corrected by what the last moves of prices did to the
// gradient: BFGS in its compact form (Byrd, Nocedal, Schnabel 1994, "Representations of
// quasi-Newton matrices and their use in limited memory methods"),
//     B = t C - W M^-1 W^T,  W = [t C S, Y],  M = [[S^T t C S, L], [L^T, -D]],
// with the moves S, the gradient's changes Y, L the part of S^T Y below its diagonal D, and t the
// factor by which C falls short along the last move.
class DualModel {
 public:
  DualModel(const AllocationProblem& problem, size_t size) : curvature_(problem, size) {}

  // What was found at the point, see Curvature::Set.
  void SetCurvature(const std::vector<double>& spread, const std::vector<double>& least) {
    curvature_.Set(spread, least);
  }

  // Prices moved by `way`, and the gradient by `bend`. Not taken where that is no more than noise.
  void Remember(std::vector<double> way, std::vector<double> bend);
  bool remembers() const { return !moves_.empty(); }
  void Forget() { moves_.clear(); }

  // The step from `low` to `high` that minimises gradient * step + step B step / 2, nearly: what it
  // leaves to be found is not worth more sweeps. (Gauss-Seidel, with the bounds: prices that a step
  // brings to a bound, and those that it takes off one, are found together with it.)
  void Minimise(const std::vector<double>& gradient, const std::vector<double>& low,
                const std::vector<double>& high, std::vector<double>& step);

 private:
  struct Move {
    std::vector<double> way;
    std::vector<double> bend;
  };

  void Correct();
  void FillCorrection(std::vector<double>& middle);

  Curvature curvature_;
  std::deque<Move> moves_;        // the last ones, oldest first
  double factor_ = 1.0;           // t
  size_t width_ = 0;              // of W
  std::vector<double> wide_;      // W, by row
  std::vector<double> solved_;    // W M^-1, by row
  std::vector<double> diagonal_;  // of B
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_DUAL_MODEL_H_
