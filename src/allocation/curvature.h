// How the dual bends: what prices do to each other's activities.
#ifndef OASIS_ALLOCATION_CURVATURE_H_
#define OASIS_ALLOCATION_CURVATURE_H_

#include <cstddef>
#include <vector>

#include "allocation/notable_edges.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// The dual's Hessian at a point: exact but for edges that are not notable. It is never written
// down: a product with it goes over the notable edges, prices to slots and back.
class Curvature {
 public:
  // Of prices of constraints, then of zones' guardrails. The problem must outlive it.
  explicit Curvature(const AllocationProblem& problem);

  // `edges` must outlive it, or the next call. No entry of the diagonal is below that of `least`,
  // all of which are above 0.
  void Set(const NotableEdges& edges, const std::vector<double>& least);

  size_t size() const { return own_.size(); }
  // That of the Hessian but for what edges of a constraint take from each other: more than it, of
  // guardrails about as much.
  const std::vector<double>& diagonal() const { return diagonal_; }

  void Multiply(const std::vector<double>& vector, std::vector<double>& product) const;

  // No product is longer than this, in the metric of the diagonal: constraints that count one edge.
  double most() const { return most_; }

 private:
  // How far an edge's satisfaction is below the reference, which a guardrail's price is of.
  double Below(size_t notable, uint32_t zone) const;
  size_t OfferOf(size_t notable, uint32_t zone) const;

  const AllocationProblem& problem_;
  const NotableEdges* edges_ = nullptr;
  std::vector<double> sign_;  // of what a constraint's price adds to a slot's
  double most_ = 1.0;
  std::vector<double> own_;  // what a price bends besides what notable edges say
  std::vector<double> diagonal_;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CURVATURE_H_
