#include "apps/generate/score_rows.h"

#include <algorithm>
#include <array>
#include <utility>

#include "apps/generate/random.h"
#include "oasis/context.h"

namespace oasis {
namespace {

enum ScoreStream : uint64_t { kRows = 11, kRevision = 12 };

constexpr std::array<absl::string_view, 5> kSurfaces = {"radio", "autoplay", "mix", "daily-drive",
                                                        "discover-weekly"};
constexpr std::array<int, 5> kSurfaceWeights = {40, 25, 20, 8, 7};
constexpr std::array<absl::string_view, 6> kCohorts = {"regulars",  "explorers", "newcomers",
                                                       "superfans", "family",    "focus"};
constexpr std::array<int, 6> kCohortWeights = {35, 25, 15, 10, 10, 5};

// By MatchLevel: surface+market+cohort, surface+market, surface+cohort, surface alone.
constexpr std::array<int, kMatchLevels> kLevelWeights = {15, 30, 15, 40};

constexpr int64_t kLowest = -5'000;
constexpr int64_t kHighest = 15'000;

}  // namespace

class ScoreRows::Drawer {
 public:
  Drawer(const ScoreRows& rules, uint64_t seed, bool promoted)
      : rules_(rules),
        random_(seed),
        base_(promoted ? random_.Normal(3'000, 1'800) : random_.Normal(-300, 200)) {}

  // A row in a context that none of `others` is in.
  ScoreRow NewRow(const std::vector<ScoreRow>& others) {
    ScoreRow row;
    do {
      DrawContext(&row);
    } while (std::any_of(others.begin(), others.end(),
                         [&](const ScoreRow& other) { return row.SameContext(other); }));
    row.score = std::clamp(base_ + random_.Normal(0, 700), kLowest, kHighest);
    return row;
  }

 private:
  void DrawContext(ScoreRow* row) {
    const auto level = static_cast<MatchLevel>(random_.Weighted(kLevelWeights));
    row->surface = kSurfaces[static_cast<size_t>(random_.Weighted(kSurfaceWeights))];
    row->market = kAny;
    row->cohort = kAny;
    if (level == MatchLevel::kSurfaceMarketCohort || level == MatchLevel::kSurfaceMarket) {
      row->market = rules_.markets_[random_.Zipf(rules_.markets_.size()) - 1];
    }
    if (level == MatchLevel::kSurfaceMarketCohort || level == MatchLevel::kSurfaceCohort) {
      row->cohort = kCohorts[static_cast<size_t>(random_.Weighted(kCohortWeights))];
    }
  }

  const ScoreRows& rules_;
  Random random_;
  int64_t base_;  // what the scores of the track lie around
};

ScoreRows::ScoreRows(uint64_t seed, uint64_t revision, int rows_per_track,
                     std::vector<std::string> markets)
    : seed_(seed),
      revision_(revision),
      rows_per_track_(rows_per_track),
      markets_(std::move(markets)) {}

int64_t ScoreRows::contexts() const {
  return static_cast<int64_t>(kSurfaces.size() * (markets_.size() + 1) * (kCohorts.size() + 1));
}

void ScoreRows::Of(int64_t track, bool promoted, std::vector<ScoreRow>* rows) const {
  const auto number = static_cast<uint64_t>(track);
  Drawer drawer(*this, MixAll({seed_, kRows, number}), promoted);
  rows->clear();
  for (int i = 0; i < rows_per_track_; ++i) rows->push_back(drawer.NewRow(*rows));
  if (revision_ == 0) return;

  Random random(MixAll({seed_, kRevision, revision_, number}));
  const uint64_t change = random.Below(1000);
  if (change < 30) {
    const int64_t shift = random.Normal(0, 900);
    for (ScoreRow& row : *rows) row.score = std::clamp(row.score + shift, kLowest, kHighest);
  } else if (change < 35) {
    rows->pop_back();
  } else if (change < 40) {
    rows->push_back(drawer.NewRow(*rows));
  }
}

}  // namespace oasis
