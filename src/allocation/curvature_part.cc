#include "allocation/curvature_part.h"

namespace oasis {

void CurvaturePart::Set(const AllocationProblem& problem, const NotableEdges& edges,
                        size_t first_context, size_t end_context, const std::vector<float>& sign,
                        Places& places) {
  contexts_.clear();
  edges_.clear();
  entry_end_.clear();
  entries_.clear();
  const auto add_offer = [&](uint32_t offer) {
    places.offer[offer] = static_cast<uint32_t>(entry_end_.size());
    for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
         ++i) {
      const AllocationProblem::Entry& entry = problem.entries[i];
      const uint32_t row = places.row[entry.constraint];
      if (row != kNobody) entries_.push_back({row, sign[entry.constraint] * entry.coefficient});
    }
    entry_end_.push_back(static_cast<uint32_t>(entries_.size()));
  };
  size_t e = first_context == 0 ? 0 : edges.contexts[first_context - 1].end;
  for (size_t c = first_context; c < end_context; ++c) {
    const NotableEdges::Context& context = edges.contexts[c];
    const uint32_t first_offer = problem.zone_ranges[context.zone].first_offer;
    const double reference = problem.zones[context.zone].reference_satisfaction;
    for (; e < context.end; ++e) {
      const auto edge = static_cast<size_t>(edges.edge[e]);
      const uint32_t offer = first_offer + problem.edge_offer[edge];
      if (places.offer[offer] == kNobody) add_offer(offer);
      const double below = reference - problem.edge_satisfaction[edge] / 65535.0;
      edges_.push_back({places.offer[offer], edges.give[e], static_cast<float>(below)});
    }
    contexts_.push_back({places.row[problem.constraints.size() + context.zone], context.weight,
                         context.together, edges_.size()});
  }
  price_.resize(entry_end_.size());
  slots_.resize(entry_end_.size());
}

void CurvaturePart::Diagonal(size_t rows) {
  sum_.assign(rows, 0.0);
  slots_.assign(slots_.size(), 0.0);
  size_t e = 0;
  for (const Context& context : contexts_) {
    for (; e < context.end; ++e) {
      const Edge& edge = edges_[e];
      const auto give = static_cast<double>(edge.give);
      const double width = context.weight * give * (1.0 - give * context.together);
      const auto below = static_cast<double>(edge.below);
      slots_[edge.offer] += width;
      if (context.guard != kNobody) sum_[context.guard] += width * below * below;
    }
  }
  size_t i = 0;
  for (size_t offer = 0; offer < slots_.size(); ++offer) {
    for (; i < entry_end_[offer]; ++i) {
      const auto slope = static_cast<double>(entries_[i].slope);
      sum_[entries_[i].row] += slots_[offer] * slope * slope;
    }
  }
}

void CurvaturePart::Multiply(const std::vector<double>& vector) {
  sum_.assign(vector.size(), 0.0);
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
    if (context.guard != kNobody) sum_[context.guard] += harm;
    first = context.end;
  }
  i = 0;
  for (size_t offer = 0; offer < slots_.size(); ++offer) {
    for (; i < entry_end_[offer]; ++i) {
      sum_[entries_[i].row] += static_cast<double>(entries_[i].slope) * slots_[offer];
    }
  }
}

}  // namespace oasis
