#include "allocation/curvature.h"

#include <algorithm>

namespace oasis {

Curvature::Curvature(const AllocationProblem& problem, Team& team)
    : problem_(problem),
      team_(team),
      places_{std::vector<uint32_t>(problem.constraints.size() + problem.zones.size()),
              std::vector<uint32_t>(problem.offers())} {
  for (const AllocationConstraint& row : problem.constraints) {
    sign_.push_back(row.kind == ConstraintKind::kCap ? 1.0F : -1.0F);
  }
  for (uint32_t offer = 0; offer < problem.offers(); ++offer) {
    const uint32_t count = problem.offer_first_entry[offer + 1] - problem.offer_first_entry[offer];
    most_ = std::max(most_, 1.0 + static_cast<double>(count));  // and a guardrail
  }
}

void Curvature::Set(const NotableEdges& edges, const std::vector<double>& least,
                    const std::vector<uint32_t>& rows) {
  std::fill(places_.row.begin(), places_.row.end(), kNobody);
  for (size_t i = 0; i < rows.size(); ++i) places_.row[rows[i]] = static_cast<uint32_t>(i);
  std::fill(places_.offer.begin(), places_.offer.end(), kNobody);
  SetParts(edges);
  team_.Run(parts_size_, [&](size_t part, int) { parts_[part].Diagonal(rows.size()); });
  own_.assign(rows.size(), 0.0);
  diagonal_.assign(rows.size(), 0.0);
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t part = 0; part < parts_size_; ++part) diagonal_[row] += parts_[part].sum()[row];
    own_[row] = std::max(0.0, least[rows[row]] - diagonal_[row]);
    diagonal_[row] += own_[row];
  }
}

// About as many edges each, cut where a zone ends.
void Curvature::SetParts(const NotableEdges& edges) {
  const std::vector<NotableEdges::Context>& contexts = edges.contexts;
  const size_t share = std::max(kMinEdgesOfPart, edges.edge.size() / kParts + 1);
  std::array<size_t, kParts + 1> first = {0};
  parts_size_ = 0;
  size_t taken = 0;
  for (size_t c = 0; c < contexts.size(); ++c) {
    const bool last = c + 1 == contexts.size();
    if (!last && contexts[c + 1].zone == contexts[c].zone) continue;
    if (!last && (contexts[c].end - taken < share || parts_size_ + 1 == kParts)) continue;
    taken = contexts[c].end;
    first[++parts_size_] = c + 1;
  }
  team_.Run(parts_size_, [&](size_t part, int) {
    parts_[part].Set(problem_, edges, first[part], first[part + 1], sign_, places_);
  });
}

void Curvature::Multiply(const std::vector<double>& vector, std::vector<double>& product) {
  team_.Run(parts_size_, [&](size_t part, int) { parts_[part].Multiply(vector); });
  product.resize(size());
  for (size_t row = 0; row < size(); ++row) {
    product[row] = own_[row] * vector[row];
    for (size_t part = 0; part < parts_size_; ++part) product[row] += parts_[part].sum()[row];
  }
}

}  // namespace oasis
