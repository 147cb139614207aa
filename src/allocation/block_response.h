// How a context answers prices: the shares that are best for it, and what they are worth.
#ifndef OASIS_ALLOCATION_BLOCK_RESPONSE_H_
#define OASIS_ALLOCATION_BLOCK_RESPONSE_H_

#include "allocation/block_kernel.h"

namespace oasis {

// What a response needs to know of a context besides its edges.
struct BlockTerms {
  double tau = 1.0;
  double rest = 1.0;        // organic share of other content
  double load_limit = 1.0;  // of the sum of shares
};

struct BlockResponse {
  double conjugate = 0.0;     // the most that value less regulariser can be, a slot
  float scale = 0.0F;         // share of edge e = weight[e] * scale
  float inverse_most = 1.0F;  // no share can be above the inverse of this
  // Softmax: log of it, so that share = organic * exp(reduced + log_scale).
  double log_scale = 0.0;
  float most = 0.0F;        // of the reduced values of edges with an organic share
  double load_price = 0.0;  // of the load limit, in units of tau; infinite for a limit of 0
};

// The regulariser is tau * KL((x, rest) || (organic, rest0)): shares are those of a softmax.
// With W = sum of organic * exp(reduced): while W / (rest + W) is within the load limit, x =
// organic
// * exp(reduced) / (rest + W); else x is scaled to the limit.
// REQUIRES: `most` is what `reduce` gave with `reduced`.
BlockResponse RespondSoftmax(const BlockKernel& kernel, const Block& block, const BlockTerms& terms,
                             const float* reduced, float most, float* weight);

// The regulariser is tau / 2 * |x|^2, as DuaLip has it: shares are the projection of `reduced` onto
// {x >= 0, sum of x <= load limit}, whatever the organic shares; without one there is none.
BlockResponse RespondRidge(const Block& block, const BlockTerms& terms, const float* reduced,
                           float most, float* weight);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_BLOCK_RESPONSE_H_
