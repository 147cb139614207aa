#include "allocation/curvature.h"

#include <algorithm>

namespace oasis {

Curvature::Curvature(const AllocationProblem& problem)
    : problem_(problem),
      row_place_(problem.constraints.size() + problem.zones.size()),
      offer_place_(problem.offers()) {
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
  std::fill(row_place_.begin(), row_place_.end(), kNobody);
  for (size_t i = 0; i < rows.size(); ++i) row_place_[rows[i]] = static_cast<uint32_t>(i);
  AddEdges(edges);
  price_.resize(entry_end_.size());
  slots_.resize(entry_end_.size());
  SetDiagonal(least, rows);
}

void Curvature::AddEdges(const NotableEdges& edges) {
  std::fill(offer_place_.begin(), offer_place_.end(), kNobody);
  contexts_.clear();
  edges_.clear();
  entry_end_.clear();
  entries_.clear();
  size_t e = 0;
  for (const NotableEdges::Context& context : edges.contexts) {
    const uint32_t first_offer = problem_.zone_ranges[context.zone].first_offer;
    const double reference = problem_.zones[context.zone].reference_satisfaction;
    for (; e < context.end; ++e) {
      const auto edge = static_cast<size_t>(edges.edge[e]);
      const uint32_t offer = first_offer + problem_.edge_offer[edge];
      if (offer_place_[offer] == kNobody) AddOffer(offer);
      const double below = reference - problem_.edge_satisfaction[edge] / 65535.0;
      edges_.push_back({offer_place_[offer], edges.give[e], static_cast<float>(below)});
    }
    contexts_.push_back({row_place_[problem_.constraints.size() + context.zone], context.weight,
                         context.together, context.end});
  }
}

void Curvature::AddOffer(uint32_t offer) {
  offer_place_[offer] = static_cast<uint32_t>(entry_end_.size());
  for (uint32_t i = problem_.offer_first_entry[offer]; i < problem_.offer_first_entry[offer + 1];
       ++i) {
    const AllocationProblem::Entry& entry = problem_.entries[i];
    if (row_place_[entry.constraint] == kNobody) continue;
    entries_.push_back({row_place_[entry.constraint], sign_[entry.constraint] * entry.coefficient});
  }
  entry_end_.push_back(static_cast<uint32_t>(entries_.size()));
}

void Curvature::SetDiagonal(const std::vector<double>& least, const std::vector<uint32_t>& rows) {
  diagonal_.assign(rows.size(), 0.0);
  std::fill(slots_.begin(), slots_.end(), 0.0);
  size_t e = 0;
  for (const Context& context : contexts_) {
    for (; e < context.end; ++e) {
      const Edge& edge = edges_[e];
      const auto give = static_cast<double>(edge.give);
      const double width = context.weight * give * (1.0 - give * context.together);
      const auto below = static_cast<double>(edge.below);
      slots_[edge.offer] += width;
      if (context.guard != kNobody) diagonal_[context.guard] += width * below * below;
    }
  }
  size_t i = 0;
  for (size_t offer = 0; offer < slots_.size(); ++offer) {
    for (; i < entry_end_[offer]; ++i) {
      const auto slope = static_cast<double>(entries_[i].slope);
      diagonal_[entries_[i].row] += slots_[offer] * slope * slope;
    }
  }
  own_.resize(rows.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    own_[row] = std::max(0.0, least[rows[row]] - diagonal_[row]);
    diagonal_[row] += own_[row];
  }
}

void Curvature::Multiply(const std::vector<double>& vector, std::vector<double>& product) {
  product.resize(size());
  for (size_t row = 0; row < size(); ++row) product[row] = own_[row] * vector[row];
  size_t i = 0;
  for (size_t offer = 0; offer < price_.size(); ++offer) {
    double price = 0.0;
    for (; i < entry_end_[offer]; ++i) {
      price += static_cast<double>(entries_[i].slope) * vector[entries_[i].row];
    }
    price_[offer] = price;
    slots_[offer] = 0.0;
  }
  size_t first = 0;
  for (const Context& context : contexts_) {
    const double guard_price = context.guard == kNobody ? 0.0 : vector[context.guard];
    const auto price_of = [&](const Edge& edge) {
      return price_[edge.offer] + guard_price * static_cast<double>(edge.below);
    };
    double mean = 0.0;
    for (size_t e = first; e < context.end; ++e) {
      mean += static_cast<double>(edges_[e].give) * price_of(edges_[e]);
    }
    mean *= context.together;
    double harm = 0.0;
    for (size_t e = first; e < context.end; ++e) {
      const Edge& edge = edges_[e];
      const double change =
          context.weight * static_cast<double>(edge.give) * (price_of(edge) - mean);
      slots_[edge.offer] += change;
      harm += change * static_cast<double>(edge.below);
    }
    if (context.guard != kNobody) product[context.guard] += harm;
    first = context.end;
  }
  i = 0;
  for (size_t offer = 0; offer < slots_.size(); ++offer) {
    for (; i < entry_end_[offer]; ++i) {
      product[entries_[i].row] += static_cast<double>(entries_[i].slope) * slots_[offer];
    }
  }
}

}  // namespace oasis
