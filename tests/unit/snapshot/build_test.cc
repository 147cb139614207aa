// From score files to a snapshot directory: the whole build.
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "unit/snapshot/build_fixture.h"

namespace oasis {
namespace {

using ::oasis::testing::Gzip;
using ::oasis::testing::IsOk;
using ::oasis::testing::kHeader;
using ::oasis::testing::ReadScores;
using ::oasis::testing::Scores;
using ::oasis::testing::StatusIs;
using ::oasis::testing::Uri;
using ::oasis::testing::Zstd;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class BuildTest : public testing::BuildFixture {};

TEST_F(BuildTest, BuildsWhatTheFileSays) {
  const auto report = Build(Uri(2) + ",radio,SE,new,0.5,spring\n" + Uri(1) + ",mix,*,*,-1,\n" +
                            Uri(2) + ",mix,*,*,0.25,\nplaylist:7,radio,SE,new,0,spring\n");
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->rows_read, 4);
  EXPECT_EQ(report->bad_rows, 0);
  EXPECT_EQ(report->manifest.items, 3);
  EXPECT_EQ(report->manifest.rows, 4);
  EXPECT_EQ(report->manifest.score_set, "discovery-mode");
  EXPECT_EQ(report->manifest.producer, "build_test");
  ASSERT_THAT(report->manifest.signals, SizeIs(1));
  EXPECT_EQ(report->manifest.signals[0].name, "promotion");
  EXPECT_EQ(report->manifest.signals[0].scale, 1.0F);
  EXPECT_THAT(report->manifest.contexts,
              ElementsAre(Context{"mix", "*", "*"}, Context{"radio", "SE", "new"}));
  EXPECT_THAT(report->phases, SizeIs(3));
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores scores, ReadScores(dir_ / "out"));
  ASSERT_THAT(scores, SizeIs(4));
  const auto at = [&](const std::string& uri, const Context& context) {
    return scores.at({KeyOfUri(uri), context, "promotion"});
  };
  EXPECT_NEAR(at(Uri(2), {"radio", "SE", "new"}).first, 0.5, 1.0 / 32767);
  EXPECT_EQ(at(Uri(2), {"radio", "SE", "new"}).second, "spring");
  EXPECT_EQ(at(Uri(1), {"mix", "*", "*"}).first, -1.0F);
  EXPECT_EQ(at(Uri(2), {"mix", "*", "*"}).second, "");
  EXPECT_EQ(at("playlist:7", {"radio", "SE", "new"}).first, 0.0F);
}

TEST_F(BuildTest, ReadsCsvAndJsonPlainAndCompressedTogether) {
  const auto report = BuildSnapshot(
      Options({Put("a", "item_uri,surface,score,reward\nx:1,mix,1,2\n"),
               Put("b", Gzip("reward,score,surface,item_uri\n4,3,mix,x:2\n")),
               Put("c", Zstd(R"({"item_uri":"x:3","surface":"mix","reward":8,"score":-5})"))}),
      nullptr);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->manifest.signals[0].scale, 5.0F);
  EXPECT_EQ(report->manifest.signals[1].scale, 8.0F);
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores scores, ReadScores(dir_ / "out"));
  const Context mix = {"mix", "*", "*"};
  EXPECT_NEAR(scores.at({KeyOfUri("x:2"), mix, "promotion"}).first, 3, 5.0 / 32767);
  EXPECT_NEAR(scores.at({KeyOfUri("x:2"), mix, "reward"}).first, 4, 8.0 / 32767);
  EXPECT_EQ(scores.at({KeyOfUri("x:3"), mix, "promotion"}).first, -5.0F);
}

TEST_F(BuildTest, TakesCampaignsFromTheirFile) {
  BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,winter\n")});
  options.campaigns_file = Put("c.csv",
                               "campaign,licensor,starts_at,ends_at\nspring,L1,2024-03-01,\n"
                               "winter,L2,2024-01-01T12:00:00+01:00,2024-02-01\n");
  const auto report = BuildSnapshot(options, nullptr);
  ASSERT_THAT(report, IsOk());
  const auto day = [](int month, int d, int hour) {
    return absl::FromCivil(absl::CivilHour(2024, month, d, hour), absl::UTCTimeZone());
  };
  EXPECT_THAT(*report->manifest.campaigns,
              ElementsAre(Campaign{"spring", "L1", day(3, 1, 0), absl::InfiniteFuture()},
                          Campaign{"winter", "L2", day(1, 1, 11), day(2, 1, 0)}));
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores scores, ReadScores(dir_ / "out"));
  EXPECT_EQ(scores.begin()->second.second, "winter");
}

TEST_F(BuildTest, ThroughTheDiskItBuildsTheSame) {
  std::mt19937_64 random(5);
  std::string text = "item_uri,surface,market,cohort,score,reward,campaign\n";
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<float, float>> expected;
  const char* const surfaces[] = {"radio", "mix", "autoplay"};
  const char* const markets[] = {"*", "SE", "US", "DE"};
  for (int i = 0; i < 30'000; ++i) {
    const uint64_t n = random() % 5'000;
    const std::string uri = n % 10 == 0 ? "episode:" + std::to_string(n) : Uri(n);
    const auto score = static_cast<float>(random() % 20'001) / 10'000 - 1;
    const auto reward = static_cast<float>(random() % 1'000);
    const std::string surface = surfaces[random() % 3];
    const std::string market = markets[random() % 4];
    if (!expected.emplace(std::tuple(uri, surface, market), std::pair(score, reward)).second) {
      continue;
    }
    text += uri + "," + surface + "," + market + ",*," + std::to_string(score) + "," +
            std::to_string(reward) + ",c" + std::to_string(n % 7) + "\n";
  }
  BuildOptions options = Options({Put("s.csv", text)});
  const auto in_memory = BuildSnapshot(options, nullptr);
  ASSERT_THAT(in_memory, IsOk());
  EXPECT_EQ(in_memory->spilled_runs, 0);
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores scores, ReadScores(options.out));

  options.out = dir_ / "out2";
  options.sort_memory_bytes = 1;
  const auto through_disk = BuildSnapshot(options, nullptr);
  ASSERT_THAT(through_disk, IsOk());
  EXPECT_GT(through_disk->spilled_runs, 100);
  EXPECT_EQ(through_disk->manifest.snapshot_id, in_memory->manifest.snapshot_id);
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores again, ReadScores(options.out));
  EXPECT_EQ(again, scores);

  EXPECT_EQ(scores.size(), 2 * expected.size());
  for (const auto& [name, values] : expected) {
    const auto& [uri, surface, market] = name;
    const Context context = {surface, market, "*"};
    EXPECT_NEAR(scores.at({KeyOfUri(uri), context, "promotion"}).first, values.first, 1.0 / 32767);
    EXPECT_NEAR(scores.at({KeyOfUri(uri), context, "reward"}).first, values.second, 999.0 / 32767);
  }
}

TEST_F(BuildTest, GivesTheSameSnapshotForRowsInAnotherOrder) {
  const std::string a = Uri(1) + ",radio,SE,*,0.5,x\n";
  const std::string b = Uri(2) + ",autoplay,SE,*,0.25,b\n";
  const auto first = Build(a + b);
  ASSERT_THAT(first, IsOk());
  std::filesystem::remove_all(dir_ / "out");
  const auto second = Build(b + a);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->manifest.snapshot_id, second->manifest.snapshot_id);
  EXPECT_EQ(first->manifest.campaigns, second->manifest.campaigns);
}

TEST_F(BuildTest, TellsItsPhasesAndStopsWhenTold) {
  for (BuildPhase stop : {BuildPhase::kRead, BuildPhase::kSort, BuildPhase::kWrite}) {
    std::vector<BuildPhase> seen;
    const auto report =
        BuildSnapshot(Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n")}),
                      [&](BuildPhase phase, int64_t done, int64_t total) {
                        EXPECT_EQ(done, total);
                        seen.push_back(phase);
                        return phase == stop ? absl::CancelledError("stop") : absl::OkStatus();
                      });
    EXPECT_THAT(report, StatusIs(absl::StatusCode::kCancelled, HasSubstr("stop")));
    EXPECT_EQ(seen.back(), stop);
    EXPECT_THAT(seen, SizeIs(static_cast<size_t>(stop) + 1));
    ExpectNothingLeft();
  }
}

}  // namespace
}  // namespace oasis
