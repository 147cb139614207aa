// A share of the dual's Hessian: that of some zones.
#ifndef OASIS_ALLOCATION_CURVATURE_PART_H_
#define OASIS_ALLOCATION_CURVATURE_PART_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocation/notable_edges.h"
#include "oasis/allocation_problem.h"

namespace oasis {

// The notable edges of whole zones and what constraints say of their offers, copied close together
// for the many products of a step. Parts of different zones share nothing, so each may have its own
// thread.
class CurvaturePart {
 public:
  // Where the prices that may move stand among them, kNobody for all others.
  struct Places {
    std::vector<uint32_t> row;    // of all prices: of constraints, then of zones' guardrails
    std::vector<uint32_t> offer;  // of all offers: the place in its part; written by Set
  };

  // Of the contexts [first_context, end_context) of `edges`, whose offers have no place yet. `sign`
  // is of what a constraint's price adds to a slot's.
  void Set(const AllocationProblem& problem, const NotableEdges& edges, size_t first_context,
           size_t end_context, const std::vector<float>& sign, Places& places);

  // What it adds to the diagonal, and to the product with `vector`, of `rows` prices that may move:
  // sum() has it until the next call.
  void Diagonal(size_t rows);
  void Multiply(const std::vector<double>& vector);
  const std::vector<double>& sum() const { return sum_; }

 private:
  struct Edge {
    uint32_t offer = 0;
    float give = 0.0F;
    float below = 0.0F;  // how far its satisfaction is below the reference: a guardrail's price
  };
  struct Context {
    uint32_t guard = kNobody;  // place of its zone's
    double weight = 0.0;
    double together = 0.0;
    size_t end = 0;
  };
  struct Entry {
    uint32_t row = 0;    // place of its constraint's
    float slope = 0.0F;  // of a slot's price
  };

  std::vector<Context> contexts_;
  std::vector<Edge> edges_;
  std::vector<uint32_t> entry_end_;  // by offer
  std::vector<Entry> entries_;
  std::vector<double> price_, slots_;  // of a product, by offer
  std::vector<double> sum_;            // by place of the price
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CURVATURE_PART_H_
