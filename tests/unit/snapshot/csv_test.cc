// CSV: splitting lines, the header, and score rows.
#include <cmath>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "records/csv_line.h"
#include "snapshot/build/score_reader.h"
#include "support/input_support.h"
#include "support/test_support.h"

namespace oasis::build {
namespace {

using ::oasis::records::Outcome;
using ::oasis::records::SplitCsvLine;
using ::oasis::testing::StatusIs;
using ::oasis::testing::Uri;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Split(std::string line) {
  std::vector<absl::string_view> fields;
  const absl::string_view fault = SplitCsvLine(absl::MakeSpan(line), &fields);
  if (!fault.empty()) return {std::string(fault)};
  return {fields.begin(), fields.end()};
}

TEST(SplitCsvLineTest, SplitsAtCommas) {
  EXPECT_THAT(Split("a,b,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Split(""), ElementsAre(""));
  EXPECT_THAT(Split(",a,"), ElementsAre("", "a", ""));
}

TEST(SplitCsvLineTest, UnquotesFields) {
  EXPECT_THAT(Split(R"("a,b",c)"), ElementsAre("a,b", "c"));
  EXPECT_THAT(Split(R"("say ""hi""","")"), ElementsAre(R"(say "hi")", ""));
}

TEST(SplitCsvLineTest, TellsBadQuoting) {
  EXPECT_THAT(Split(R"("a,b)"), ElementsAre(HasSubstr("not closed")));
  EXPECT_THAT(Split(R"("a"b,c)"), ElementsAre(HasSubstr("closing quote")));
  EXPECT_THAT(Split(R"(a"b,c)"), ElementsAre(HasSubstr("inside a field")));
}

class CsvTest : public ::testing::Test {
 protected:
  absl::StatusOr<ScoreReader> Open(const std::string& text,
                                   const std::vector<std::string>& signals = {}) {
    WriteFile(dir_ / "s.csv", text);
    return ScoreReader::Open((dir_ / "s.csv").string(), signals);
  }

  // The fault of the one row below a header of item_uri,surface,market,cohort,score,campaign.
  std::string FaultOf(const std::string& row) {
    auto reader = Open("item_uri,surface,market,cohort,score,campaign\n" + row + "\n");
    ScoreRow parsed;
    EXPECT_TRUE(reader.ok()) << reader.status();
    const auto outcome = reader->Next(&parsed);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(parsed.line, 2);
    EXPECT_EQ(*outcome == Outcome::kBad, !parsed.fault.empty());
    return parsed.fault;
  }
  // The same, of a row that is good but for its score.
  std::string FaultOfScore(const std::string& score) {
    return FaultOf(Uri(1) + ",radio,SE,*," + score + ",");
  }

  testing::TempDir dir_;
};

TEST_F(CsvTest, ReadsColumnsInAnyOrder) {
  OASIS_ASSERT_OK_AND_ASSIGN(auto reader,
                             Open("score,campaign,reward,cohort,item_uri,market,surface\r\n"
                                  "0.5,\"spring, 24\",-2,new," +
                                  Uri(7) + ",SE,radio\r\n\r\n"));
  EXPECT_THAT(reader.signals(), ElementsAre("promotion", "reward"));
  ScoreRow row;
  OASIS_ASSERT_OK_AND_ASSIGN(Outcome outcome, reader.Next(&row));
  ASSERT_EQ(outcome, Outcome::kGood) << row.fault;
  EXPECT_EQ(row.key, KeyOfUri(Uri(7)));
  EXPECT_EQ(row.surface, "radio");
  EXPECT_EQ(row.market, "SE");
  EXPECT_EQ(row.cohort, "new");
  EXPECT_EQ(row.campaign, "spring, 24");
  EXPECT_THAT(row.scores, ElementsAre(0.5F, -2.0F));
  OASIS_ASSERT_OK_AND_ASSIGN(outcome, reader.Next(&row));
  EXPECT_EQ(outcome, Outcome::kEnd);
}

TEST_F(CsvTest, TakesAbsentMarketAndCohortColumnsForAny) {
  OASIS_ASSERT_OK_AND_ASSIGN(auto reader, Open("item_uri,surface,score\nplaylist:1,mix,1e-3\n"));
  ScoreRow row;
  OASIS_ASSERT_OK_AND_ASSIGN(const Outcome outcome, reader.Next(&row));
  ASSERT_EQ(outcome, Outcome::kGood) << row.fault;
  EXPECT_EQ(row.market, "*");
  EXPECT_EQ(row.cohort, "*");
  EXPECT_EQ(row.campaign, "");
}

TEST_F(CsvTest, PutsSignalsInTheOrderWanted) {
  OASIS_ASSERT_OK_AND_ASSIGN(
      auto reader, Open("item_uri,surface,b,score,a\nx:1,mix,2,1,3\n", {"promotion", "a", "b"}));
  ScoreRow row;
  OASIS_ASSERT_OK_AND_ASSIGN(const Outcome outcome, reader.Next(&row));
  ASSERT_EQ(outcome, Outcome::kGood) << row.fault;
  EXPECT_THAT(row.scores, ElementsAre(1.0F, 3.0F, 2.0F));
}

TEST_F(CsvTest, RefusesOtherSignalsThanTheFirstFileHas) {
  EXPECT_THAT(Open("item_uri,surface,score,a\n", {"promotion", "b"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("s.csv:1: "), HasSubstr("score, a"), HasSubstr("score, b"),
                             HasSubstr("all files must have the same"))));
  EXPECT_FALSE(Open("item_uri,surface,score\n", {"promotion", "b"}).ok());
  EXPECT_FALSE(Open("item_uri,surface,score,b,c\n", {"promotion", "b"}).ok());
}

TEST_F(CsvTest, ListsFoundAndMissingColumns) {
  EXPECT_THAT(Open("item_uri,surface,market,scor\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("s.csv:1: missing column score"),
                             HasSubstr("found item_uri, surface, market, scor."),
                             HasSubstr("Required: item_uri, surface, score"))));
  EXPECT_THAT(Open("item_uri;surface;score\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("separated by commas?")));
}

TEST_F(CsvTest, RefusesBadHeaders) {
  const auto refused = [this](const std::string& header, const std::string& message) {
    EXPECT_THAT(Open(header + "\n"), StatusIs(absl::StatusCode::kInvalidArgument,
                                              AllOf(HasSubstr("s.csv:1: "), HasSubstr(message))));
  };
  refused("item_uri,surface,score,score", "'score' is there twice");
  refused("item_uri,surface,,score", "column 3 has no name");
  refused("item_uri,surface,\"score", "not closed");
  refused("item_uri,surface,score,bad name", "'bad name' is not a valid name");
  refused("item_uri,surface,score,promotion", "comes from the column score");
  refused("item_uri,surface,score\xff", "not UTF-8");
  refused(std::string(kMaxInputLineBytes + 1, 'x'), "longer than 65536 bytes");
  std::string many = "item_uri,surface,score";
  for (int i = 0; i < kMaxSignals; ++i) many += ",s" + std::to_string(i);
  refused(many, "33 columns of scores are more than 32");
}

TEST_F(CsvTest, RefusesAFileOfBlankLines) {
  EXPECT_THAT(Open("\n \r\n\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is empty")));
}

TEST_F(CsvTest, RefusesScoresThatAreNotFiniteNumbers) {
  EXPECT_THAT(FaultOfScore("NaN"), HasSubstr("score is 'NaN': give a finite number"));
  EXPECT_THAT(FaultOfScore("-inf"), HasSubstr("finite"));
  EXPECT_THAT(FaultOfScore("1e39"), HasSubstr("a finite number, of at most 1e+30"));
  EXPECT_THAT(FaultOfScore("1e999"), HasSubstr("a finite number, of at most 1e+30"));
  for (const char* text : {"", "x", "0.5x", " 0.5", "0,5", "0x10", "--1"}) {
    EXPECT_THAT(FaultOfScore(text), ::testing::Not("")) << text;
  }
  EXPECT_THAT(FaultOfScore("high"), HasSubstr("'high', which is no number"));
}

TEST_F(CsvTest, TakesScoresInEveryUsualForm) {
  for (const char* text : {"0", "-0.5", "1e-3", "2E+2", ".5", "3.", "1e-60", "-1e-400"}) {
    EXPECT_EQ(FaultOfScore(text), "") << text;
  }
}

TEST_F(CsvTest, RefusesBadIdsAndEmptyCells) {
  EXPECT_THAT(FaultOf("spotify:track:abc,radio,SE,*,1,"), HasSubstr("22 base62 digits"));
  EXPECT_THAT(FaultOf("nonsense,radio,SE,*,1,"), HasSubstr("'nonsense' is not a valid item URI"));
  EXPECT_THAT(FaultOf(",radio,SE,*,1,"), HasSubstr("item_uri is empty"));
  EXPECT_THAT(FaultOf(Uri(1) + ",,SE,*,1,"), HasSubstr("surface is empty"));
  EXPECT_THAT(FaultOf(Uri(1) + ",radio,,*,1,"), HasSubstr("market is empty: write * for any"));
  EXPECT_THAT(FaultOf(Uri(1) + ",radio,SE,,1,"), HasSubstr("cohort is empty: write * for any"));
}

TEST_F(CsvTest, RefusesLinesThatAreNotLikeTheHeader) {
  EXPECT_THAT(FaultOf(Uri(1) + ",radio,SE,*,1"), HasSubstr("5 fields where the header has 6"));
  EXPECT_THAT(FaultOf(Uri(1) + ",radio,SE,*,1,,"), HasSubstr("7 fields"));
  EXPECT_THAT(FaultOf(Uri(1) + ",\"radio,SE,*,1,"), HasSubstr("not closed"));
  EXPECT_THAT(FaultOf(Uri(1) + ",radio,SE,*,1,caf\xe9"), HasSubstr("is not UTF-8 ('\\xe9')"));
  EXPECT_THAT(FaultOf(std::string(kMaxInputLineBytes + 1, 'x')), HasSubstr("longer than 65536"));
}

}  // namespace
}  // namespace oasis::build
