#include "allocation/curvature.h"

#include <algorithm>
#include <cstdint>

namespace oasis {

Curvature::Curvature(const AllocationProblem& problem) : problem_(problem) {
  for (const AllocationConstraint& row : problem.constraints) {
    sign_.push_back(row.kind == ConstraintKind::kCap ? 1.0 : -1.0);
  }
  for (uint32_t offer = 0; offer < problem.offers(); ++offer) {
    const uint32_t count = problem.offer_first_entry[offer + 1] - problem.offer_first_entry[offer];
    most_ = std::max(most_, 1.0 + static_cast<double>(count));  // and a guardrail
  }
}

double Curvature::Below(size_t notable, uint32_t zone) const {
  const auto edge = static_cast<size_t>(edges_->edge[notable]);
  return problem_.zones[zone].reference_satisfaction - problem_.edge_satisfaction[edge] / 65535.0;
}

size_t Curvature::OfferOf(size_t notable, uint32_t zone) const {
  const auto edge = static_cast<size_t>(edges_->edge[notable]);
  return problem_.zone_ranges[zone].first_offer + problem_.edge_offer[edge];
}

void Curvature::Set(const NotableEdges& edges, const std::vector<double>& least) {
  edges_ = &edges;
  diagonal_.assign(least.size(), 0.0);
  std::vector<double> wide(problem_.offers());
  const size_t constraints = problem_.constraints.size();
  size_t e = 0;
  for (const NotableEdges::Context& context : edges.contexts) {
    for (; e < context.end; ++e) {
      const auto give = static_cast<double>(edges.give[e]);
      const double width = context.weight * give * (1.0 - give * context.together);
      const double below = Below(e, context.zone);
      wide[OfferOf(e, context.zone)] += width;
      diagonal_[constraints + context.zone] += width * below * below;
    }
  }
  for (size_t offer = 0; offer < wide.size(); ++offer) {
    for (uint32_t i = problem_.offer_first_entry[offer]; i < problem_.offer_first_entry[offer + 1];
         ++i) {
      const auto a = static_cast<double>(problem_.entries[i].coefficient);
      diagonal_[problem_.entries[i].constraint] += wide[offer] * a * a;
    }
  }
  own_.resize(least.size());
  for (size_t i = 0; i < least.size(); ++i) {
    own_[i] = std::max(0.0, least[i] - diagonal_[i]);
    diagonal_[i] += own_[i];
  }
}

void Curvature::Multiply(const std::vector<double>& vector, std::vector<double>& product) const {
  const size_t constraints = problem_.constraints.size();
  std::vector<double> price(problem_.offers());
  for (size_t offer = 0; offer < price.size(); ++offer) {
    for (uint32_t i = problem_.offer_first_entry[offer]; i < problem_.offer_first_entry[offer + 1];
         ++i) {
      const AllocationProblem::Entry& entry = problem_.entries[i];
      price[offer] += sign_[entry.constraint] * static_cast<double>(entry.coefficient) *
                      vector[entry.constraint];
    }
  }
  product.resize(size());
  for (size_t i = 0; i < size(); ++i) product[i] = own_[i] * vector[i];
  std::vector<double> slots(price.size());
  size_t first = 0;
  for (const NotableEdges::Context& context : edges_->contexts) {
    const double guard_price = vector[constraints + context.zone];
    const auto price_of = [&](size_t e) {
      return price[OfferOf(e, context.zone)] + guard_price * Below(e, context.zone);
    };
    double mean = 0.0;
    for (size_t e = first; e < context.end; ++e) {
      mean += static_cast<double>(edges_->give[e]) * price_of(e);
    }
    mean *= context.together;
    for (size_t e = first; e < context.end; ++e) {
      const double change =
          context.weight * static_cast<double>(edges_->give[e]) * (price_of(e) - mean);
      slots[OfferOf(e, context.zone)] += change;
      product[constraints + context.zone] += change * Below(e, context.zone);
    }
    first = context.end;
  }
  for (size_t offer = 0; offer < slots.size(); ++offer) {
    for (uint32_t i = problem_.offer_first_entry[offer]; i < problem_.offer_first_entry[offer + 1];
         ++i) {
      const AllocationProblem::Entry& entry = problem_.entries[i];
      product[entry.constraint] +=
          sign_[entry.constraint] * static_cast<double>(entry.coefficient) * slots[offer];
    }
  }
}

}  // namespace oasis
