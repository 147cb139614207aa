// Rows that do not fit a slot: what they hold for a request.
#ifndef OASIS_SCORE_SPILLED_ROW_H_
#define OASIS_SCORE_SPILLED_ROW_H_

#include <cstddef>

#include "oasis/context.h"

namespace oasis {

// The level and place of the most specific cell of a row.
struct CellMatch {
  MatchLevel level = MatchLevel::kNone;
  size_t cell = 0;
};

inline CellMatch BestSpilledCell(const ContextId* contexts, size_t cells,
                                 const FallbackChain& chain) {
  CellMatch best;
  for (size_t cell = 0; cell < cells; ++cell) {
    for (size_t level = 0; level < static_cast<size_t>(best.level); ++level) {
      if (contexts[cell] == chain.contexts[level]) best = {static_cast<MatchLevel>(level), cell};
    }
  }
  return best;
}

}  // namespace oasis

#endif  // OASIS_SCORE_SPILLED_ROW_H_
