// How the dual bends: what prices do to each other's activities.
#ifndef OASIS_ALLOCATION_CURVATURE_H_
#define OASIS_ALLOCATION_CURVATURE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocation/curvature_part.h"
#include "allocation/notable_edges.h"
#include "allocation/team.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// The dual's Hessian at a point, of the prices that may move: exact but for edges that are not
// notable. It is never written down: a product with it goes over the notable edges, prices to slots
// and back. The result is the same for any number of threads.
class Curvature {
 public:
  // Both must outlive it.
  Curvature(const AllocationProblem& problem, Team& team);

  // Of the prices `rows`, ascending: of constraints, then of zones' guardrails. No entry of the
  // diagonal is below that of `least` (of all prices), all of which are above 0.
  void Set(const NotableEdges& edges, const std::vector<double>& least,
           const std::vector<uint32_t>& rows);

  size_t size() const { return own_.size(); }
  // That of the Hessian but for what edges of a constraint take from each other: more than it, of
  // guardrails about as much. Vectors are by place in `rows`.
  const std::vector<double>& diagonal() const { return diagonal_; }

  void Multiply(const std::vector<double>& vector, std::vector<double>& product);

  // No product is longer than this, in the metric of the diagonal: constraints that count one edge.
  double most() const { return most_; }

 private:
  static constexpr size_t kParts = 4;  // their sums are added in order: no matter whose they were
  static constexpr size_t kMinEdgesOfPart = 1024;  // threads cost more than they bring below

  void SetParts(const NotableEdges& edges);

  const AllocationProblem& problem_;
  Team& team_;
  std::vector<float> sign_;  // of what a constraint's price adds to a slot's
  double most_ = 1.0;
  CurvaturePart::Places places_;
  std::array<CurvaturePart, kParts> parts_;
  size_t parts_size_ = 0;    // that have edges
  std::vector<double> own_;  // what a price bends besides what notable edges say
  std::vector<double> diagonal_;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CURVATURE_H_
