// The largest moves seen so far.
#ifndef OASIS_SNAPSHOT_DIFF_MOVERS_H_
#define OASIS_SNAPSHOT_DIFF_MOVERS_H_

#include <cstddef>
#include <vector>

#include "oasis/gid.h"

namespace oasis {

// One score, with ids for names.
struct Move {
  float size = 0;  // |after - before|
  ItemKey key;
  int context = 0;
  int signal = 0;
  float before = 0;
  float after = 0;
};

// Of moves of the same size those that come first stay. Not thread-safe.
class Movers {
 public:
  explicit Movers(size_t kept) : kept_(kept) {}

  void Add(const Move& move);

  // Largest first.
  std::vector<Move> Take();

 private:
  size_t kept_;
  std::vector<Move> heap_;  // the first to go is on top
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_DIFF_MOVERS_H_
