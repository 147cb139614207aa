#include "allocation/block_response.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace oasis {
namespace {

// The threshold t with sum of max(0, reduced - t) = limit (Michelot): each step leaves out those
// that the mean of the others puts below 0, until there is none.
double RidgeThreshold(const Block& block, const float* reduced, double limit) {
  double threshold = 0.0;
  size_t before = block.size + 1;
  while (true) {
    double sum = 0.0;
    size_t above = 0;
    for (size_t e = 0; e < block.size; ++e) {
      if (block.organic[e] == 0.0F || static_cast<double>(reduced[e]) <= threshold) continue;
      sum += static_cast<double>(reduced[e]);
      ++above;
    }
    if (above == 0 || above == before) return threshold;
    const double next = (sum - limit) / static_cast<double>(above);
    if (next <= threshold) return threshold;
    threshold = next;
    before = above;
  }
}

}  // namespace

BlockResponse RespondSoftmax(const BlockKernel& kernel, const Block& block, const BlockTerms& terms,
                             const float* reduced, float most, float* weight) {
  const double limit = terms.load_limit;
  BlockResponse response;
  response.most = most;
  const float shift = std::max(most, 0.0F);
  const double sum = kernel.exponentiate(block, reduced, shift, weight);
  if (sum == 0.0 || limit == 0.0) {
    response.conjugate = terms.tau * std::log(terms.rest);
    if (limit == 0.0) response.load_price = std::numeric_limits<double>::infinity();
    return response;
  }
  const auto shifted = static_cast<double>(shift);
  const double rest = terms.rest * std::exp(-shifted);
  if (sum <= limit * (rest + sum)) {
    response.scale = static_cast<float>(1.0 / (rest + sum));
    response.log_scale = -(shifted + std::log(rest + sum));
    response.conjugate = -terms.tau * response.log_scale;
    return response;
  }
  response.scale = static_cast<float>(limit / sum);
  response.inverse_most = static_cast<float>(1.0 / limit);
  const double log_sum = shifted + std::log(sum);
  const double log_rest = limit < 1.0 ? std::log(terms.rest / (1.0 - limit)) : 0.0;
  response.log_scale = std::log(limit) - log_sum;
  // With a limit of 1 there is no room for the rest, and only its weight is too small to matter.
  response.conjugate = -terms.tau * limit * response.log_scale;
  if (limit < 1.0) {
    response.conjugate += terms.tau * (1.0 - limit) * log_rest;
    response.load_price = -response.log_scale - log_rest;
  }
  return response;
}

BlockResponse RespondRidge(const Block& block, const BlockTerms& terms, const float* reduced,
                           float most, float* weight) {
  BlockResponse response;
  response.most = most;
  response.scale = 1.0F;
  response.inverse_most = 0.0F;
  double sum = 0.0;
  for (size_t e = 0; e < block.size; ++e) {
    if (block.organic[e] > 0.0F) sum += std::max(0.0, static_cast<double>(reduced[e]));
  }
  const double threshold =
      sum <= terms.load_limit ? 0.0 : RidgeThreshold(block, reduced, terms.load_limit);
  double conjugate = 0.0;
  for (size_t e = 0; e < block.size; ++e) {
    const bool none = block.organic[e] == 0.0F;
    const double share = none ? 0.0 : std::max(0.0, static_cast<double>(reduced[e]) - threshold);
    weight[e] = static_cast<float>(share);
    conjugate += share * (static_cast<double>(reduced[e]) - 0.5 * share);
  }
  response.conjugate = terms.tau * conjugate;
  response.load_price = threshold;
  return response;
}

}  // namespace oasis
