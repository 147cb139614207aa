// The edges that a pass found to matter.
#ifndef OASIS_ALLOCATION_NOTABLE_EDGES_H_
#define OASIS_ALLOCATION_NOTABLE_EDGES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace oasis {

// Those that have nearly all of their context's shares, and how their shares give way to prices: as
// the slots of a context's edges cost p more,
//     share e falls by weight * give[e] * (p[e] - together * sum over f of give[f] * p[f]).
// Of a softmax `give` is the share itself. Few edges matter at a small tau: one in a hundred.
struct NotableEdges {
  struct Context {
    uint32_t zone = 0;
    double weight = 0.0;    // supply / tau
    double together = 0.0;  // 1 / the most that all shares can be
    size_t end = 0;         // of its edges
  };
  std::vector<Context> contexts;
  std::vector<int64_t> edge;  // ascending
  std::vector<float> give;

  void Clear() {
    contexts.clear();
    edge.clear();
    give.clear();
  }
  void Append(const NotableEdges& more) {
    const size_t before = edge.size();
    for (const Context& context : more.contexts) {
      contexts.push_back(context);
      contexts.back().end += before;
    }
    edge.insert(edge.end(), more.edge.begin(), more.edge.end());
    give.insert(give.end(), more.give.begin(), more.give.end());
  }
};

}  // namespace oasis

#endif  // OASIS_ALLOCATION_NOTABLE_EDGES_H_
