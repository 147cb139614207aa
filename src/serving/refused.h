// That a call is refused, and what its caller is told.
#ifndef OASIS_SERVING_REFUSED_H_
#define OASIS_SERVING_REFUSED_H_

#include <chrono>
#include <string>

#include "oasis/metrics.h"

namespace oasis {

struct Refused {
  RefusalReason reason;
  std::string why;
  // When to try again. Negative: not at all. Who is overloaded has no time for calls twice.
  std::chrono::milliseconds retry_after{-1};
};

}  // namespace oasis

#endif  // OASIS_SERVING_REFUSED_H_
