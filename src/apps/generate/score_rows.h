// The score rows of one track: which contexts it has rows in, and with what scores.
#ifndef OASIS_APPS_GENERATE_SCORE_ROWS_H_
#define OASIS_APPS_GENERATE_SCORE_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace oasis {

struct ScoreRow {
  absl::string_view surface;
  absl::string_view market;  // "*": any
  absl::string_view cohort;  // "*": any
  int64_t score = 0;         // in units of 0.0001

  bool SameContext(const ScoreRow& other) const {
    return surface == other.surface && market == other.market && cohort == other.cohort;
  }
};

// Draws rows so that all four levels of the fallback occur, and no track has two rows in one
// context. Stateless like Catalogue: rows are worked out from seed, revision and track. Immutable.
class ScoreRows {
 public:
  // `markets` in order of falling weight (by Zipf's law).
  ScoreRows(uint64_t seed, uint64_t revision, int rows_per_track, std::vector<std::string> markets);

  // How many contexts there are to draw from.
  int64_t contexts() const;

  // Fills `rows` with those of `track`: as many as rows_per_track, but for a few tracks of a
  // revision above 0. A revision moves the scores of 3 % of the tracks, takes a row from 0.5 % and
  // gives one to 0.5 %, each compared with revision 0.
  void Of(int64_t track, bool promoted, std::vector<ScoreRow>* rows) const;

 private:
  class Drawer;

  uint64_t seed_;
  uint64_t revision_;
  int rows_per_track_;
  std::vector<std::string> markets_;
};

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_SCORE_ROWS_H_
