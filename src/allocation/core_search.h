// Where passes over all edges are to look: few of them, as a core answers in between.
#ifndef OASIS_ALLOCATION_CORE_SEARCH_H_
#define OASIS_ALLOCATION_CORE_SEARCH_H_

#include <cstdint>
#include <vector>

#include "allocation/core.h"
#include "allocation/dual_terms.h"
#include "allocation/team.h"
#include "oasis/allocation.h"

namespace oasis {

// Minimises the dual of the Core at the best point so far (PriceSearch), and asks for a pass over
// all edges where that is least. If the dual is no less there, edges were missing: those that
// matter at that point join the core, and the search starts again from the best point. Otherwise
// the next core has the edges of this pass and of the one before: without these, a price that came
// from there finds nothing on the way back, and goes to and fro.
class CoreSearch {
 public:
  // All but `start` must outlive it.
  CoreSearch(const AllocationProblem& problem, const DualTerms& terms, Regulariser regulariser,
             const BlockKernel& kernel, Team& team, std::vector<double> start);

  // Where the next pass is to look.
  const std::vector<double>& point() const { return point_; }

  // Takes what a pass over all edges found at point(), and moves point() on. Stops early where no
  // more than `enough` is promised. Returns what the core's last step promised to take off the
  // dual, to first order.
  double Step(const DualPassResult& pass, const NotableEdges& notable, double tau_factor,
              double dual, double enough);

  // Passes that cores took since the last call, by the edges that their passes and their models'
  // products went over, rounded up so that none is lost.
  int TakePasses();

 private:
  void Keep(const DualPassResult& pass, const NotableEdges& notable, double tau_factor,
            double dual);

  const AllocationProblem& problem_;
  const DualTerms& terms_;
  const Regulariser regulariser_;
  const BlockKernel& kernel_;
  Team& team_;
  std::vector<double> point_;
  std::vector<double> best_point_;  // at this tau factor, and what was found there
  DualPassResult best_pass_;
  double best_dual_ = 0.0;
  double tau_factor_ = 0.0;
  std::vector<int64_t> edges_;       // of the core
  std::vector<int64_t> last_edges_;  // that mattered in the last pass
  double passes_ = 0.0;              // of all cores
  int taken_ = 0;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CORE_SEARCH_H_
