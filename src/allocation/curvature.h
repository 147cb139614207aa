// How constraints that count the same offers bend the dual together.
#ifndef OASIS_ALLOCATION_CURVATURE_H_
#define OASIS_ALLOCATION_CURVATURE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "oasis/allocation_problem.h"

namespace oasis {

// An estimate of the dual's Hessian, symmetric and positive definite: A^T D A, with A the
// coefficients of constraints by offer (of caps with the opposite sign: they make a slot dearer)
// and D how an offer's slots give way to its own price. What the offers of a context take from each
// other is left out. Sparse: an artist's constraints meet those of its licensor, not of other
// artists.
class Curvature {
 public:
  // Of `size` prices; those of the problem's constraints are the first. The problem must outlive
  // it.
  Curvature(const AllocationProblem& problem, size_t size);

  // `spread` by offer: what slots lose by a unit of price. No entry of the diagonal is below that
  // of `least`, all of which are above 0; it is that of prices which are not of constraints.
  void Set(const std::vector<double>& spread, const std::vector<double>& least);

  size_t size() const { return diagonal_.size(); }
  double diagonal(size_t i) const { return diagonal_[i]; }

  // Calls use(j, value) for all entries of row i off the diagonal.
  template <typename Use>
  void ForEachInRow(size_t i, const Use& use) const {
    for (uint32_t k = row_begin_[i]; k < row_begin_[i + 1]; ++k) {
      use(columns_[k], values_[pair_of_[k]]);
    }
  }

  void Multiply(const std::vector<double>& vector, std::vector<double>& product) const;

 private:
  using Pair = std::pair<uint32_t, uint32_t>;  // i < j
  void MakeRows(const std::vector<Pair>& pairs);
  bool IsCap(size_t i) const {
    return i < problem_.constraints.size() && problem_.constraints[i].kind == ConstraintKind::kCap;
  }

  const AllocationProblem& problem_;
  // Offers that the same constraints count have a pattern: the places of these constraints' pairs.
  std::vector<uint32_t> offer_pattern_;  // by offer: where its pattern begins in places_
  std::vector<uint32_t> places_;         // in values_
  std::vector<double> diagonal_;
  std::vector<double> values_;  // by pair
  // Both halves, by row.
  std::vector<uint32_t> row_begin_;
  std::vector<uint32_t> columns_;
  std::vector<uint32_t> pair_of_;
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_CURVATURE_H_
