// Comparing two snapshots.
#include "oasis/diff.h"

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "oasis/build.h"
#include "oasis/status.h"
#include "snapshot/diff/movers.h"
#include "snapshot/diff/score_stats.h"
#include "support/input_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::ReadFile;
using ::oasis::testing::StatusIs;
using ::oasis::testing::Uri;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DiffTest : public ::testing::Test {
 protected:
  // Builds the snapshot `name` of CSV text.
  std::filesystem::path Build(const std::string& name, const std::string& text) {
    WriteFile(dir_ / (name + ".csv"), text);
    BuildOptions options;
    options.score_files = {(dir_ / (name + ".csv")).string()};
    options.out = dir_ / name;
    options.score_set = "discovery-mode";
    options.variant = "control";
    options.snapshot_id = name;
    options.created = absl::FromUnixSeconds(1'700'000'000);
    EXPECT_THAT(BuildSnapshot(options, nullptr), IsOk());
    return dir_ / name;
  }
  absl::StatusOr<SnapshotDiff> Diff(const std::string& before, const std::string& after,
                                    int movers = kDefaultMoversShown) {
    return DiffSnapshots(Build("before", before), Build("after", after), nullptr, movers);
  }

  testing::TempDir dir_;
};

void ExpectCounts(const DiffCounts& counts, int64_t added, int64_t removed, int64_t changed,
                  int64_t unchanged) {
  EXPECT_EQ(counts.added, added);
  EXPECT_EQ(counts.removed, removed);
  EXPECT_EQ(counts.changed, changed);
  EXPECT_EQ(counts.unchanged, unchanged);
}

TEST_F(DiffTest, CountsItemsAndRows) {
  OASIS_ASSERT_OK_AND_ASSIGN(const auto diff, Diff("item_uri,surface,market,score\n"
                                                   "x:same,mix,*,1\n"
                                                   "x:gone,mix,*,0.5\n"
                                                   "x:changed,mix,*,0.5\nx:changed,mix,SE,0.5\n"
                                                   "x:fewer,mix,*,0\nx:fewer,mix,SE,0\n",
                                                   "item_uri,surface,market,score\n"
                                                   "x:fewer,mix,*,0\n"
                                                   "x:changed,mix,SE,0.5\nx:changed,mix,*,0.75\n"
                                                   "x:new,radio,*,0.5\n"
                                                   "x:same,mix,*,1\n"));
  EXPECT_EQ(diff.before.snapshot_id, "before");
  EXPECT_EQ(diff.after.snapshot_id, "after");
  EXPECT_EQ(diff.before.items, 4);
  EXPECT_EQ(diff.after.rows, 5);
  ExpectCounts(diff.items, 1, 1, 2, 1);
  ExpectCounts(diff.rows, 1, 2, 1, 3);
  EXPECT_THAT(diff.added_contexts, ElementsAre(Context{"radio", "*", "*"}));
  EXPECT_THAT(diff.removed_contexts, IsEmpty());
  ASSERT_THAT(diff.slices, SizeIs(3));
  EXPECT_EQ(diff.slices[1].surface, "mix");
  EXPECT_EQ(diff.slices[1].market, "SE");
  ExpectCounts(diff.slices[0].rows, 0, 1, 1, 2);
  ExpectCounts(diff.slices[1].rows, 0, 1, 0, 1);
  ExpectCounts(diff.slices[2].rows, 1, 0, 0, 0);
  const SignalDiff& signal = diff.slices[0].signals.at(0);
  EXPECT_EQ(signal.signal, "promotion");
  EXPECT_EQ(signal.before.rows, 4);
  EXPECT_EQ(signal.after.rows, 3);
  EXPECT_NEAR(signal.before.mean, 0.5, 1e-4);
  EXPECT_NEAR(signal.after.mean, 1.75 / 3, 1e-4);
  EXPECT_EQ(diff.slices[2].signals[0].before.rows, 0);
  ASSERT_THAT(diff.movers, SizeIs(1));
  EXPECT_EQ(diff.movers[0].key, KeyOfUri("x:changed"));
  EXPECT_EQ(diff.movers[0].context, (Context{"mix", "*", "*"}));
  EXPECT_NEAR(diff.movers[0].after - diff.movers[0].before, 0.25, 1e-4);
}

TEST_F(DiffTest, TakesARoundingOfTheScaleForNoChange) {
  OASIS_ASSERT_OK_AND_ASSIGN(
      const auto diff, Diff("item_uri,surface,score\nx:1,mix,0.3\nx:2,mix,0.9\nx:3,mix,1\n",
                            "item_uri,surface,score\nx:1,mix,0.3\nx:2,mix,0.91\nx:3,mix,7\n"));
  ExpectCounts(diff.rows, 0, 0, 2, 1);
  ASSERT_THAT(diff.movers, SizeIs(2));
  EXPECT_EQ(diff.movers[0].key, KeyOfUri("x:3"));
}

TEST_F(DiffTest, ComparesSignalsByNameAndCampaignsToo) {
  OASIS_ASSERT_OK_AND_ASSIGN(const auto diff,
                             Diff("item_uri,surface,score,a,b,campaign\n"
                                  "x:1,mix,1,2,3,c\nx:2,mix,1,2,3,c\nx:3,mix,1,2,3,\n",
                                  "item_uri,surface,c,b,score,campaign\n"
                                  "x:1,mix,2,3,1,c\nx:2,mix,2,3,1,b\nx:3,mix,9,1,1,\n"));
  EXPECT_THAT(diff.added_signals, ElementsAre("c"));
  EXPECT_THAT(diff.removed_signals, ElementsAre("a"));
  ExpectCounts(diff.rows, 0, 0, 2, 1);
  ASSERT_THAT(diff.movers, SizeIs(1));
  EXPECT_EQ(diff.movers[0].signal, "b");
  ASSERT_THAT(diff.slices, SizeIs(1));
  std::vector<std::string> names;
  for (const SignalDiff& signal : diff.slices[0].signals) names.push_back(signal.signal);
  EXPECT_THAT(names, ElementsAre("a", "b", "c", "promotion"));
  EXPECT_EQ(diff.slices[0].signals[0].before.rows, 3);
  EXPECT_EQ(diff.slices[0].signals[0].after.rows, 0);
}

TEST_F(DiffTest, AgreesWithTwoMaps) {
  std::mt19937_64 random(3);
  using Rows = std::map<std::tuple<std::string, std::string>, double>;
  Rows rows[2];
  std::string text[2];
  for (int side = 0; side < 2; ++side) {
    text[side] = "item_uri,surface,market,score\nx:scale,mix,*,1\n";
    rows[side][{"x:scale", "*"}] = 1;
    for (int i = 0; i < 3'000; ++i) {
      const std::string uri = Uri(random() % 1'000);
      const std::string market = random() % 2 == 0 ? "*" : "SE";
      const double score = static_cast<double>(random() % 8) / 8;
      if (!rows[side].emplace(std::tuple(uri, market), score).second) continue;
      text[side] += uri + ",mix," + market + "," + std::to_string(score) + "\n";
    }
  }
  OASIS_ASSERT_OK_AND_ASSIGN(const auto diff, Diff(text[0], text[1], 5));
  DiffCounts expected;
  double largest = 0;
  for (const auto& [name, score] : rows[0]) {
    const auto found = rows[1].find(name);
    if (found == rows[1].end()) {
      ++expected.removed;
    } else {
      ++(found->second == score ? expected.unchanged : expected.changed);
      largest = std::max(largest, std::abs(found->second - score));
    }
  }
  expected.added = static_cast<int64_t>(rows[1].size()) - expected.changed - expected.unchanged;
  ExpectCounts(diff.rows, expected.added, expected.removed, expected.changed, expected.unchanged);
  ASSERT_THAT(diff.movers, SizeIs(5));
  EXPECT_NEAR(std::abs(diff.movers[0].after - diff.movers[0].before), largest, 1e-4);
}

TEST_F(DiffTest, FindsNothingBetweenASnapshotAndItself) {
  const auto dir = Build("one", "item_uri,surface,score\nx:1,mix,1\nx:2,mix,-0.5\n");
  int64_t last = 0;
  OASIS_ASSERT_OK_AND_ASSIGN(const auto diff,
                             DiffSnapshots(dir, dir, [&](int64_t done, int64_t total) {
                               EXPECT_EQ(total, 4);
                               last = done;
                               return absl::OkStatus();
                             }));
  EXPECT_EQ(last, 4);
  ExpectCounts(diff.rows, 0, 0, 0, 2);
  EXPECT_THAT(diff.movers, IsEmpty());
}

TEST_F(DiffTest, StopsWhenToldAndNamesWhatIsNoSnapshot) {
  const auto dir = Build("one", "item_uri,surface,score\nx:1,mix,1\n");
  EXPECT_THAT(
      DiffSnapshots(dir, dir, [](int64_t, int64_t) { return absl::CancelledError("stop"); }),
      StatusIs(absl::StatusCode::kCancelled, HasSubstr("stop")));
  EXPECT_THAT(DiffSnapshots(dir, dir_ / "none", nullptr),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
}

TEST_F(DiffTest, NamesADamagedFile) {
  const auto dir = Build("one", "item_uri,surface,score\nx:1,mix,1\nx:2,mix,1\n");
  std::string bytes = ReadFile(dir / "scores-00000.sst");
  bytes[10] = static_cast<char>(bytes[10] ^ 0x40);
  WriteFile(dir / "scores-00000.sst", bytes);
  EXPECT_THAT(DiffSnapshots(dir, dir, nullptr),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("scores-00000.sst")));
}

TEST_F(DiffTest, RefusesAFileOfAnotherSnapshotWithAsManyItems) {
  const auto one = Build("one", "item_uri,surface,score\nx:1,mix,1\nx:2,mix,1\n");
  const auto other = Build("other", "item_uri,surface,score\nx:3,mix,1\nx:4,mix,1\n");
  std::filesystem::copy_file(other / "scores-00000.sst", one / "scores-00000.sst",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(DiffSnapshots(one, other, nullptr),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr((one / "scores-00000.sst").string() + ": item 0"),
                             HasSubstr("first key"))));
}

TEST(ScoreStatsTest, SumsUpScores) {
  ScoreStats stats;
  const Signal signal = {"promotion", 2.0F};
  for (int i = 0; i <= 100; ++i) stats.Add(Quantise(static_cast<float>(i) / 50, signal));
  const ScoreSummary summary = stats.Summary(signal);
  EXPECT_EQ(summary.rows, 101);
  EXPECT_EQ(summary.min, 0);
  EXPECT_EQ(summary.max, 2);
  EXPECT_NEAR(summary.mean, 1, 1e-4);
  EXPECT_NEAR(summary.p5, 0.1, 2.0 / 1024);
  EXPECT_NEAR(summary.p50, 1, 2.0 / 1024);
  EXPECT_NEAR(summary.p95, 1.9, 2.0 / 1024);
}

TEST(ScoreStatsTest, IsExactAtZeroAndTheEnds) {
  for (const float score : {0.0F, 1.0F, -1.0F}) {
    ScoreStats stats;
    stats.Add(Quantise(score, {"promotion", 1.0F}));
    const ScoreSummary summary = stats.Summary({"promotion", 1.0F});
    EXPECT_EQ(summary.p5, score);
    EXPECT_EQ(summary.p95, score);
    EXPECT_EQ(summary.mean, score);
  }
  EXPECT_EQ(ScoreStats().Summary({"promotion", 1.0F}).rows, 0);
}

TEST(MoversTest, KeepsTheLargestAndOfEqualsTheFirst) {
  Movers movers(3);
  const float sizes[] = {1, 5, 2, 5, 1, 2};
  for (int i = 0; i < 6; ++i) {
    Move move;
    move.size = sizes[i];
    move.context = i;
    movers.Add(move);
  }
  std::vector<int> contexts;
  for (const Move& move : movers.Take()) contexts.push_back(move.context);
  EXPECT_THAT(contexts, ElementsAre(1, 3, 2));
  Movers none(0);
  none.Add({});
  EXPECT_THAT(none.Take(), IsEmpty());
}

}  // namespace
}  // namespace oasis
