// How the dual bends: what prices do to each other's activities.
#ifndef OASIS_ALLOCATION_CURVATURE_H_
#define OASIS_ALLOCATION_CURVATURE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocation/notable_edges.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// The dual's Hessian at a point, of the prices that may move: exact but for edges that are not
// notable. It is never written down: a product with it goes over the notable edges, prices to slots
// and back. They are copied for that, close together: a step takes many products.
class Curvature {
 public:
  // The problem must outlive it.
  explicit Curvature(const AllocationProblem& problem);

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
  struct Edge {
    uint32_t offer = 0;  // of those that notable edges have
    float give = 0.0F;
    float below = 0.0F;  // how far its satisfaction is below the reference: a guardrail's price
  };
  struct Context {
    uint32_t guard = kNobody;  // place in `rows`
    double weight = 0.0;
    double together = 0.0;
    size_t end = 0;
  };
  struct Entry {
    uint32_t row = 0;    // place in `rows`
    float slope = 0.0F;  // of a slot's price
  };

  void AddEdges(const NotableEdges& edges);
  void AddOffer(uint32_t offer);
  void SetDiagonal(const std::vector<double>& least, const std::vector<uint32_t>& rows);

  const AllocationProblem& problem_;
  std::vector<float> sign_;  // of what a constraint's price adds to a slot's
  double most_ = 1.0;
  std::vector<uint32_t> row_place_;    // of all prices: the place in `rows`
  std::vector<uint32_t> offer_place_;  // of all offers: the place among those of notable edges
  std::vector<Context> contexts_;
  std::vector<Edge> edges_;
  std::vector<uint32_t> entry_end_;  // by offer
  std::vector<Entry> entries_;
  std::vector<double> own_;  // what a price bends besides what notable edges say
  std::vector<double> diagonal_;
  std::vector<double> price_, slots_;  // of a product, by offer
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CURVATURE_H_
