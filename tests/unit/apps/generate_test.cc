#include "apps/generate/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "apps/generate/catalogue.h"
#include "apps/generate/random.h"
#include "nlohmann/json.hpp"
#include "oasis/gid.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::ReadFile;
using ::oasis::testing::TempDir;
using ::testing::HasSubstr;

const Progress kNoProgress = [](int64_t, int64_t) { return absl::OkStatus(); };

GenerateOptions SmallOptions(const std::filesystem::path& out) {
  GenerateOptions options;
  options.out = out;
  options.tracks = 3000;
  return options;
}

struct Output {
  std::string tracks;
  std::string campaigns;
  std::string scores;
};

Output Generated(const GenerateOptions& options) {
  const auto result = Generate(options, kNoProgress);
  EXPECT_TRUE(result.ok()) << result.status();
  if (!result.ok()) return {};
  return {ReadFile(result->tracks.path), ReadFile(result->campaigns.path),
          ReadFile(result->scores.path)};
}

// The rows of a CSV file, without its head.
std::vector<std::vector<std::string>> Rows(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  for (const absl::string_view line : absl::StrSplit(csv, '\n', absl::SkipEmpty())) {
    rows.push_back(absl::StrSplit(line, ','));
  }
  rows.erase(rows.begin());
  return rows;
}

TEST(GenerateTest, SameSeedSameBytes) {
  const TempDir dir;
  const Output first = Generated(SmallOptions(dir / "first"));
  const Output second = Generated(SmallOptions(dir / "second"));
  EXPECT_EQ(first.tracks, second.tracks);
  EXPECT_EQ(first.campaigns, second.campaigns);
  EXPECT_EQ(first.scores, second.scores);
}

TEST(GenerateTest, TheBytesAreThoseOfEveryOtherMachine) {
  const TempDir dir;
  GenerateOptions options = SmallOptions(dir.path());
  options.tracks = 1;
  options.contexts_per_track = 2;
  const Output output = Generated(options);
  EXPECT_EQ(output.tracks,
            "item_uri,artist,licensor,popularity\n"
            "spotify:track:4EjsjtXB2NxsQjcl7V9COx,Amber Harbour,Commonwave Agency,1666666\n");
  EXPECT_EQ(output.scores,
            "item_uri,surface,market,cohort,score,campaign\n"
            "spotify:track:4EjsjtXB2NxsQjcl7V9COx,autoplay,US,superfans,0.2908,dm-artist-000000\n"
            "spotify:track:4EjsjtXB2NxsQjcl7V9COx,mix,NL,*,0.3509,dm-artist-000000\n");
}

TEST(GenerateTest, AnotherSeedIsAnotherCatalogue) {
  const TempDir dir;
  GenerateOptions other = SmallOptions(dir / "other");
  other.seed = 2;
  EXPECT_NE(Generated(SmallOptions(dir / "one")).tracks, Generated(other).tracks);
}

TEST(GenerateTest, ARevisionKeepsTheCatalogueAndChangesAFewPercentOfTheRows) {
  const TempDir dir;
  GenerateOptions revised = SmallOptions(dir / "revised");
  revised.revision = 1;
  const Output before = Generated(SmallOptions(dir / "base"));
  const Output after = Generated(revised);
  EXPECT_EQ(before.tracks, after.tracks);
  EXPECT_EQ(before.campaigns, after.campaigns);

  const std::set<std::string> old_rows = absl::StrSplit(before.scores, '\n');
  const std::set<std::string> new_rows = absl::StrSplit(after.scores, '\n');
  const auto kept = std::count_if(new_rows.begin(), new_rows.end(),
                                  [&](const std::string& row) { return old_rows.contains(row); });
  EXPECT_GT(kept, 0.94 * static_cast<double>(old_rows.size()));
  EXPECT_LT(kept, 0.99 * static_cast<double>(old_rows.size()));
}

TEST(GenerateTest, EveryFallbackLevelOccursAndNoContextTwiceForAnItem) {
  const TempDir dir;
  std::map<std::pair<bool, bool>, int> levels;
  std::set<std::vector<std::string>> seen;
  for (const auto& row : Rows(Generated(SmallOptions(dir.path())).scores)) {
    ASSERT_EQ(row.size(), 6U);
    ++levels[{row[2] == "*", row[3] == "*"}];
    EXPECT_TRUE(seen.insert({row[0], row[1], row[2], row[3]}).second) << row[0];
  }
  EXPECT_EQ(seen.size(), 3000U * 4);
  ASSERT_EQ(levels.size(), 4U);
  for (const auto& [level, rows] : levels) EXPECT_GT(rows, 1000);
}

TEST(GenerateTest, ItemsAreValidTracksAndNoneRepeats) {
  const TempDir dir;
  std::set<std::string> uris;
  for (const auto& row : Rows(Generated(SmallOptions(dir.path())).tracks)) {
    ASSERT_EQ(row.size(), 4U);
    EXPECT_EQ(KeyOfUri(row[0]).kind, ItemKind::kTrack) << row[0];
    EXPECT_TRUE(uris.insert(row[0]).second) << row[0];
  }
  EXPECT_EQ(uris.size(), 3000U);
}

TEST(GenerateTest, EveryCampaignThatARowNamesIsListedWithItsDates) {
  const TempDir dir;
  const Output output = Generated(SmallOptions(dir.path()));
  std::set<std::string> listed;
  for (const auto& row : Rows(output.campaigns)) {
    ASSERT_EQ(row.size(), 4U);
    EXPECT_TRUE(listed.insert(row[0]).second) << row[0];
    absl::Time starts_at, ends_at;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, row[2], &starts_at, nullptr)) << row[2];
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, row[3], &ends_at, nullptr)) << row[3];
    EXPECT_LT(starts_at, ends_at);
  }
  int named = 0;
  for (const auto& row : Rows(output.scores)) {
    if (row[5].empty()) continue;
    ++named;
    EXPECT_TRUE(listed.contains(row[5])) << row[5];
  }
  EXPECT_GT(named, 6000);
}

TEST(GenerateTest, JsonLinesHoldTheRowsOfTheCsv) {
  const TempDir dir;
  GenerateOptions options = SmallOptions(dir / "json");
  options.format = RowFormat::kJsonLines;
  const auto rows = Rows(Generated(SmallOptions(dir / "csv")).scores);
  const std::vector<std::string> lines =
      absl::StrSplit(Generated(options).scores, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), rows.size());
  for (size_t i = 0; i < lines.size(); i += 97) {
    const auto json = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(json["item_uri"], rows[i][0]);
    EXPECT_EQ(json["market"], rows[i][2]);
    EXPECT_EQ(json["score"], std::stod(rows[i][4]));
    EXPECT_EQ(json.value("campaign", ""), rows[i][5]);
  }
}

TEST(GenerateTest, RefusesMoreRowsThanThereAreContexts) {
  const TempDir dir;
  GenerateOptions options = SmallOptions(dir.path());
  options.markets = {"SE"};
  options.contexts_per_track = 60;
  const auto result = Generate(options, kNoProgress);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("contexts-per-track is 60"));
}

TEST(GenerateTest, RefusesAMarketThatIsNone) {
  const TempDir dir;
  GenerateOptions options = SmallOptions(dir.path());
  options.markets = {"SE", "Sweden"};
  EXPECT_THAT(std::string(Generate(options, kNoProgress).status().message()), HasSubstr("Sweden"));
}

TEST(GenerateTest, NamesTheFileThatCannotBeWritten) {
  const TempDir dir;
  std::filesystem::create_directories(dir / "out" / "tracks.csv");
  const auto result = Generate(SmallOptions(dir / "out"), kNoProgress);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("tracks.csv"));
}

TEST(GenerateTest, StopsWhenItsProgressSaysSoAndLeavesNoHalfFile) {
  const TempDir dir;
  const auto result = Generate(SmallOptions(dir.path()),
                               [](int64_t, int64_t) { return absl::CancelledError("stop"); });
  EXPECT_EQ(result.status().code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(dir / "tracks.csv"));
  EXPECT_FALSE(std::filesystem::exists(dir / "scores.csv"));
}

TEST(RandomTest, ZipfFavoursLowRanksByTheirInverse) {
  Random random(1);
  std::map<uint64_t, int> counts;
  for (int i = 0; i < 200'000; ++i) ++counts[random.Zipf(1000)];
  EXPECT_LE(counts.rbegin()->first, 1000U);
  EXPECT_NEAR(counts[1] / static_cast<double>(counts[2]), 2.0, 0.15);
  EXPECT_NEAR(counts[1] / static_cast<double>(counts[10]), 10.0, 1.5);
}

TEST(RandomTest, NormalHasItsMeanAndDeviation) {
  Random random(1);
  double sum = 0, squares = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const auto value = static_cast<double>(random.Normal(500, 100));
    sum += value;
    squares += (value - 500) * (value - 500);
  }
  EXPECT_NEAR(sum / kDraws, 500, 2);
  EXPECT_NEAR(squares / kDraws, 100 * 100, 200);
}

}  // namespace
}  // namespace oasis
