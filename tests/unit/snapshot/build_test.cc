// From score files to a snapshot directory: the whole build.
#include "oasis/build.h"

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "support/test_support.h"
#include "unit/snapshot/build_support.h"

namespace oasis {
namespace {

using ::oasis::testing::Gzip;
using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::Uri;
using ::oasis::testing::WriteFile;
using ::oasis::testing::Zstd;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kHeader[] = "item_uri,surface,market,cohort,score,campaign\n";

// All scores of a snapshot by key, context and signal; the campaign's name beside each.
using Scores = std::map<std::tuple<ItemKey, Context, std::string>, std::pair<float, std::string>>;

absl::StatusOr<Scores> ReadScores(const std::filesystem::path& dir) {
  const Progress none = [](int64_t, int64_t) { return absl::OkStatus(); };
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, VerifySnapshot(dir, none));
  Scores scores;
  OASIS_RETURN_IF_ERROR(ReadRows(
      dir, manifest,
      [&](const ItemRow& row) {
        for (size_t i = 0; i < row.contexts.size(); ++i) {
          const CampaignId campaign = row.campaigns[i];
          for (size_t j = 0; j < manifest.signals.size(); ++j) {
            scores[{row.key, manifest.contexts[row.contexts[i]], manifest.signals[j].name}] = {
                Dequantise(row.scores[i * manifest.signals.size() + j], manifest.signals[j]),
                campaign == kNoCampaign ? "" : manifest.campaigns[campaign].name};
          }
        }
        return absl::OkStatus();
      },
      none));
  return scores;
}

class BuildTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& bytes) {
    WriteFile(dir_ / name, bytes);
    return (dir_ / name).string();
  }
  BuildOptions Options(std::vector<std::string> files) {
    BuildOptions options;
    options.score_files = std::move(files);
    options.out = dir_ / "out";
    options.score_set = "discovery-mode";
    options.variant = "control";
    options.created = absl::FromUnixSeconds(1'700'000'000);
    options.producer = "build_test";
    return options;
  }
  absl::StatusOr<BuildReport> Build(const std::string& rows) {
    return BuildSnapshot(Options({Put("s.csv", kHeader + rows)}), nullptr);
  }
  // Nothing but the inputs is there: no output, no temporary files.
  void ExpectNothingLeft() {
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      EXPECT_TRUE(entry.is_regular_file()) << entry.path();
      EXPECT_NE(entry.path().filename().string()[0], '.') << entry.path();
    }
  }

  testing::TempDir dir_;
};

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

TEST_F(BuildTest, CountsAllBadRowsAndShowsTheFirst) {
  std::string rows = Uri(1) + ",radio,SE,*,0.5,\n";
  for (int i = 0; i < 30; ++i) rows += Uri(2) + ",radio,Sweden,*,0.5,\n";
  const auto report = Build(rows + Uri(3) + ",radio,SE,*,nan,\n" + Uri(1) + ",radio,SE,*,0.7,\n");
  EXPECT_THAT(report,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("32 bad rows of 33"), HasSubstr("s.csv:3: market 'Sweden'"),
                             HasSubstr("s.csv:22"), Not(HasSubstr("s.csv:23")),
                             HasSubstr("and 12 more"), HasSubstr("--max-bad-rows 32"))));
  ExpectNothingLeft();
}

TEST_F(BuildTest, LeavesAllowedBadRowsOut) {
  BuildOptions options =
      Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\nx,radio,SE,*,1,\n" + Uri(2) +
                                ",bad surface,SE,*,9,c\n")});
  options.max_bad_rows = 2;
  const auto report = BuildSnapshot(options, nullptr);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->rows_read, 3);
  EXPECT_EQ(report->bad_rows, 2);
  EXPECT_THAT(report->first_bad_rows,
              ElementsAre(HasSubstr("s.csv:3: item_uri 'x'"), HasSubstr("s.csv:4: surface")));
  // A bad row leaves no trace: no context, no campaign, no scale.
  EXPECT_THAT(report->manifest.contexts, SizeIs(1));
  EXPECT_THAT(report->manifest.campaigns, IsEmpty());
  EXPECT_EQ(report->manifest.signals[0].scale, 0.5F);
}

TEST_F(BuildTest, NamesBothPlacesOfADuplicate) {
  const std::string a = Put("a.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n");
  const std::string b = Put("b.csv", kHeader + Uri(2) + ",mix,*,*,1,\n" + Uri(1) +
                                         ",radio,SE,*,0.25,\n" + Uri(1) + ",radio,*,*,0.25,\n");
  BuildOptions options = Options({a, b});
  EXPECT_THAT(
      BuildSnapshot(options, nullptr),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr(b + ":3: duplicate of " + a + ":2: " + Uri(1) + " in radio/SE/*")));
  ExpectNothingLeft();
  options.max_bad_rows = 1;
  ASSERT_THAT(BuildSnapshot(options, nullptr), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores scores, ReadScores(dir_ / "out"));
  EXPECT_THAT(scores, SizeIs(3));
  EXPECT_NEAR(scores.at({KeyOfUri(Uri(1)), {"radio", "SE", "*"}, "promotion"}).first, 0.5, 1e-4);
}

TEST_F(BuildTest, RefusesFilesWithoutGoodRows) {
  EXPECT_THAT(Build(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("s.csv: no rows")));
  BuildOptions options = Options({Put("s.csv", std::string(kHeader) + "x,radio,SE,*,1,\n")});
  options.max_bad_rows = 1;
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no good rows")));
  EXPECT_THAT(BuildSnapshot(Options({Put("s.csv", "")}), nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("s.csv: the file is empty")));
  EXPECT_THAT(BuildSnapshot(Options({}), nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no score file")));
  ExpectNothingLeft();
}

TEST_F(BuildTest, RefusesATruncatedFile) {
  std::string text = kHeader;
  for (uint64_t i = 0; i < 50'000; ++i) text += Uri(i) + ",radio,SE,*,0.5,\n";
  for (const std::string& bytes : {Gzip(text), Zstd(text)}) {
    EXPECT_THAT(
        BuildSnapshot(Options({Put("s", bytes.substr(0, bytes.size() - 1000))}), nullptr),
        StatusIs(absl::StatusCode::kDataLoss, AllOf(HasSubstr("/s:"), HasSubstr("truncated"))));
  }
  ExpectNothingLeft();
}

TEST_F(BuildTest, LooksAtTheLastFileBeforeItReadsTheFirst) {
  int64_t calls = 0;
  EXPECT_THAT(BuildSnapshot(Options({Put("a", kHeader + Uri(1) + ",radio,SE,*,0.5,\n"),
                                     Put("b", "item_uri,surface,score,extra\n")}),
                            [&calls](BuildPhase, int64_t, int64_t) {
                              ++calls;
                              return absl::OkStatus();
                            }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("b:1: "), HasSubstr("all files must have the same"))));
  EXPECT_EQ(calls, 0);
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
  EXPECT_THAT(report->manifest.campaigns,
              ElementsAre(Campaign{"spring", "L1", day(3, 1, 0), absl::InfiniteFuture()},
                          Campaign{"winter", "L2", day(1, 1, 11), day(2, 1, 0)}));
  OASIS_ASSERT_OK_AND_ASSIGN(const Scores scores, ReadScores(dir_ / "out"));
  EXPECT_EQ(scores.begin()->second.second, "winter");
}

TEST_F(BuildTest, RefusesARowOfAnUnknownCampaign) {
  BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,winter\n")});
  options.campaigns_file = Put("c.csv", "campaign\nspring\n");
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("s.csv:2: campaign 'winter' is not in the campaigns file")));
}

TEST_F(BuildTest, RefusesBadCampaignsFiles) {
  const auto refused = [this](const std::string& text, const std::string& message) {
    BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n")});
    options.campaigns_file = Put("c.csv", text);
    EXPECT_THAT(BuildSnapshot(options, nullptr),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("c.csv"), HasSubstr(message))));
  };
  refused("", "the file is empty");
  refused("name,licensor\n", "unknown column name; missing column campaign");
  refused("campaign,licensor\n,x\n", "c.csv:2: campaign is empty");
  refused("campaign\na\nb\na\n", "c.csv:4: campaign 'a' is already in line 2");
  refused("campaign,starts_at\na,soon\n", "starts_at is 'soon': give 2024-05-31T09:00:00Z");
  refused("campaign,starts_at\na,2024-1-1\n", "starts_at is '2024-1-1'");
  refused("campaign,starts_at,ends_at\na,2024-01-02,2024-01-01\n", "is not after its starts_at");
  refused("campaign\n" + std::string(257, 'x') + "\n", "longer than 256 bytes");
  refused("campaign,licensor\na,\"\x01\"\n", "control character");
  refused(R"({"campaign":"a","licensor":3})", "licensor is the number 3");
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

TEST_F(BuildTest, RefusesAnOutputThatIsThereAndAParentThatIsNot) {
  BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n")});
  std::filesystem::create_directory(options.out);
  ASSERT_THAT(BuildSnapshot(options, nullptr), IsOk());  // an empty directory will do
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("out: it exists already")));
  options.out = dir_ / "none" / "out";
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
}

TEST_F(BuildTest, RefusesBadOptions) {
  const auto refused = [this](const auto& change, const std::string& message) {
    BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n")});
    change(&options);
    EXPECT_THAT(BuildSnapshot(options, nullptr),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  };
  refused([](BuildOptions* o) { o->score_set = "a b"; }, "score set 'a b'");
  refused([](BuildOptions* o) { o->variant = ""; }, "variant ''");
  refused([](BuildOptions* o) { o->snapshot_id = "../x"; }, "snapshot id '../x'");
  refused([](BuildOptions* o) { o->parent = "/"; }, "parent '/'");
  refused([](BuildOptions* o) { o->created = absl::InfinitePast(); }, "created");
  refused([](BuildOptions* o) { o->max_bad_rows = -1; }, "max_bad_rows is -1");
  refused([](BuildOptions* o) { o->out.clear(); }, "no output directory");
}

}  // namespace
}  // namespace oasis
