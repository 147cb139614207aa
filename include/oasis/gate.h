// A figure that the maker of a snapshot vouches for, and how large it may be.
#ifndef OASIS_GATE_H_
#define OASIS_GATE_H_

#include <string>

namespace oasis {

// Written by whoever decides scores (`oasis allocate`: its gap, its violations), kept in the
// manifest, judged by the guardrails of the server: by the value in parts of the limit.
struct Gate {
  std::string name;    // "gap"
  double value = 0.0;  // 0 or more
  double limit = 1.0;  // above 0

  friend bool operator==(const Gate&, const Gate&) = default;
};

}  // namespace oasis

#endif  // OASIS_GATE_H_
