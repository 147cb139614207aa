// What a build refuses, what it says then, and that it leaves nothing behind.
#include <filesystem>
#include <string>

#include "support/full_disk.h"
#include "unit/snapshot/build_fixture.h"

namespace oasis {
namespace {

using ::oasis::testing::FilesEndAt;
using ::oasis::testing::Gzip;
using ::oasis::testing::IsOk;
using ::oasis::testing::kHeader;
using ::oasis::testing::StatusIs;
using ::oasis::testing::Uri;
using ::oasis::testing::Zstd;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class BuildErrorsTest : public testing::BuildFixture {};

TEST_F(BuildErrorsTest, CountsAllBadRowsAndShowsTheFirst) {
  std::string rows = Uri(1) + ",radio,SE,*,0.5,\n";
  for (int i = 0; i < 30; ++i) rows += Uri(2) + ",radio,Sweden,*,0.5,\n";
  const auto report = Build(rows + Uri(3) + ",radio,SE,*,nan,\n" + Uri(1) + ",radio,SE,*,1e31,\n");
  EXPECT_THAT(report,
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("32 bad rows of 33"), HasSubstr("s.csv:3: market 'Sweden'"),
                             HasSubstr("s.csv:22"), Not(HasSubstr("s.csv:23")),
                             HasSubstr("and 12 more"), HasSubstr("--max-bad-rows 32"))));
  ExpectNothingLeft();
}

TEST_F(BuildErrorsTest, LeavesAllowedBadRowsOut) {
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
  EXPECT_THAT(*report->manifest.campaigns, IsEmpty());
  EXPECT_EQ(report->manifest.signals[0].scale, 0.5F);
}

TEST_F(BuildErrorsTest, NamesBothPlacesOfADuplicate) {
  const std::string a = Put("a.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n");
  const std::string b = Put("b.csv", kHeader + Uri(2) + ",mix,*,*,1,\n" + Uri(1) +
                                         ",radio,SE,*,0.25,\n" + Uri(1) + ",radio,*,*,0.25,\n");
  BuildOptions options = Options({a, b});
  EXPECT_THAT(
      BuildSnapshot(options, nullptr),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr(b + ":3: duplicate of " + a + ":2: " + Uri(1) + " in radio/SE/*")));
  ExpectNothingLeft();
}

TEST_F(BuildErrorsTest, AllowsNoDuplicateHoweverManyBadRowsAre) {
  BuildOptions options = Options(
      {Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n" + Uri(1) + ",radio,SE,*,900,\n")});
  options.max_bad_rows = 10;
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("s.csv:3: duplicate of"), HasSubstr("none are allowed"),
                             Not(HasSubstr("--max-bad-rows")))));
  ExpectNothingLeft();
}

TEST_F(BuildErrorsTest, AFullDiskLeavesNothingBehind) {
  std::string text = kHeader;
  for (uint64_t i = 0; i < 20'000; ++i) text += Uri(i * i * i) + ",radio,SE,*,0.5,\n";
  const BuildOptions options = Options({Put("s.csv", text)});
  absl::Status status;
  {
    const FilesEndAt full(10'000);
    status = BuildSnapshot(options, nullptr).status();
  }
  EXPECT_THAT(status.message(), AllOf(HasSubstr(options.out.string() + ": "),
                                      HasSubstr("scores-00000.sst"), HasSubstr("File too large")));
  ExpectNothingLeft();
}

TEST_F(BuildErrorsTest, RefusesFilesWithoutGoodRows) {
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

TEST_F(BuildErrorsTest, RefusesATruncatedFile) {
  std::string text = kHeader;
  for (uint64_t i = 0; i < 50'000; ++i) text += Uri(i) + ",radio,SE,*,0.5,\n";
  for (const std::string& bytes : {Gzip(text), Zstd(text)}) {
    EXPECT_THAT(
        BuildSnapshot(Options({Put("s", bytes.substr(0, bytes.size() - 1000))}), nullptr),
        StatusIs(absl::StatusCode::kDataLoss, AllOf(HasSubstr("/s:"), HasSubstr("truncated"))));
  }
  ExpectNothingLeft();
}

TEST_F(BuildErrorsTest, LooksAtTheLastFileBeforeItReadsTheFirst) {
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

TEST_F(BuildErrorsTest, RefusesARowOfAnUnknownCampaign) {
  BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,winter\n")});
  options.campaigns_file = Put("c.csv", "campaign\nspring\n");
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("s.csv:2: campaign 'winter' is not in the campaigns file")));
}

TEST_F(BuildErrorsTest, RefusesBadCampaignsFiles) {
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
  refused("campaign,starts_at\na,99999-01-01T00:00:00Z\n",
          "c.csv:2: starts_at is '99999-01-01T00:00:00Z': give a time in the years 0 to 9999");
  refused("campaign,starts_at,ends_at\na,2024-01-02,2024-01-01\n", "is not after its starts_at");
  refused("campaign\n" + std::string(257, 'x') + "\n", "longer than 256 bytes");
  refused("campaign,licensor\na,\"\x01\"\n", "control character");
  refused(R"({"campaign":"a","licensor":3})", "licensor is the number 3");
}

TEST_F(BuildErrorsTest, RefusesAnOutputThatIsThereAndAParentThatIsNot) {
  BuildOptions options = Options({Put("s.csv", kHeader + Uri(1) + ",radio,SE,*,0.5,\n")});
  std::filesystem::create_directory(options.out);
  ASSERT_THAT(BuildSnapshot(options, nullptr), IsOk());  // an empty directory will do
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("out: it exists already")));
  options.out = dir_ / "link";
  std::filesystem::create_directory(dir_ / "empty");
  std::filesystem::create_directory_symlink(dir_ / "empty", options.out);
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("link: it exists already")));
  options.out = dir_ / "none" / "out";
  EXPECT_THAT(BuildSnapshot(options, nullptr),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
}

TEST_F(BuildErrorsTest, RefusesBadOptions) {
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
  refused([](BuildOptions* o) { o->sort_memory_bytes = size_t{10} << 40; },
          "the sort's memory of 10485760 MiB is more than");
  refused([](BuildOptions* o) { o->out.clear(); }, "no output directory");
}

}  // namespace
}  // namespace oasis
