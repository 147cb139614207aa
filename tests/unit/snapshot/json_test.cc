// JSON lines as score rows.
#include <string>
#include <vector>

#include "snapshot/build/score_reader.h"
#include "support/input_support.h"
#include "support/test_support.h"

namespace oasis::build {
namespace {

using ::oasis::records::Outcome;
using ::oasis::testing::StatusIs;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JsonTest : public ::testing::Test {
 protected:
  absl::StatusOr<ScoreReader> Open(const std::string& text) {
    WriteFile(dir_ / "s.jsonl", text);
    return ScoreReader::Open((dir_ / "s.jsonl").string(), {});
  }

  // The fault of the second line, below a good first one.
  std::string FaultOf(const std::string& line) {
    auto reader = Open(R"({"item_uri":"x:1","surface":"mix","score":1,"reward":2})"
                       "\n" +
                       line + "\n");
    ScoreRow row;
    EXPECT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ(*reader->Next(&row), Outcome::kGood) << row.fault;
    const auto outcome = reader->Next(&row);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(row.line, 2);
    return row.fault;
  }

  testing::TempDir dir_;
};

TEST_F(JsonTest, ReadsKeysInAnyOrder) {
  OASIS_ASSERT_OK_AND_ASSIGN(
      auto reader,
      Open(
          "\n  "
          R"({"score": 0.25, "reward": -3, "surface": "radio", "item_uri": "x:1", "market": "SE"})"
          "\n"
          R"({"campaign":"c\u00e9","cohort":"new","reward":1e2,"item_uri":"x:2","score":0,"surface":"mix"})"));
  EXPECT_THAT(reader.signals(), ElementsAre("promotion", "reward"));
  ScoreRow row;
  OASIS_ASSERT_OK_AND_ASSIGN(Outcome outcome, reader.Next(&row));
  ASSERT_EQ(outcome, Outcome::kGood) << row.fault;
  EXPECT_EQ(row.line, 2);
  EXPECT_EQ(row.key, KeyOfUri("x:1"));
  EXPECT_EQ(row.market, "SE");
  EXPECT_EQ(row.cohort, "*");
  EXPECT_EQ(row.campaign, "");
  EXPECT_THAT(row.scores, ElementsAre(0.25F, -3.0F));
  OASIS_ASSERT_OK_AND_ASSIGN(outcome, reader.Next(&row));
  ASSERT_EQ(outcome, Outcome::kGood) << row.fault;
  EXPECT_EQ(row.market, "*");
  EXPECT_EQ(row.cohort, "new");
  EXPECT_EQ(row.campaign, "c\xc3\xa9");
  EXPECT_THAT(row.scores, ElementsAre(0.0F, 100.0F));
  OASIS_ASSERT_OK_AND_ASSIGN(outcome, reader.Next(&row));
  EXPECT_EQ(outcome, Outcome::kEnd);
}

TEST_F(JsonTest, RefusesAFirstLineThatSaysNotWhichColumnsThereAre) {
  EXPECT_THAT(Open(R"({"item_uri":"x:1","surface":"mix","scor":1})"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("s.jsonl:1: missing column score"),
                             HasSubstr("found item_uri, surface, scor"))));
  EXPECT_THAT(Open("{\"item_uri\":\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("s.jsonl:1: "), HasSubstr("not JSON"))));
  EXPECT_THAT(Open("[{\"item_uri\":1}]\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one object a line")));
  EXPECT_THAT(Open(R"({"item_uri":"x:1","surface":"mix","score":1,"":2})"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has no name")));
}

TEST_F(JsonTest, TellsWhereALineIsNotJson) {
  const std::string fault = FaultOf(R"({"item_uri":"x:2","surface":"mix","score":NaN,"reward":1})");
  EXPECT_THAT(fault, AllOf(HasSubstr("byte "), HasSubstr("not JSON: ")));
  EXPECT_THAT(FaultOf(R"({"item_uri":"x:2")"), HasSubstr("not JSON"));
  EXPECT_THAT(FaultOf("x:2,mix,1"), HasSubstr("not a JSON object"));
  EXPECT_THAT(FaultOf(R"({"item_uri":"x:2","surface":"mix","score":1,"reward":1} {})"),
              HasSubstr("not JSON"));
  EXPECT_THAT(FaultOf("{\"item_uri\":\"x:\xff\"}"), HasSubstr("not UTF-8"));
}

TEST_F(JsonTest, RefusesRepeatedUnknownAndMissingKeys) {
  EXPECT_THAT(FaultOf(R"({"item_uri":"x:2","surface":"mix","score":1,"score":2,"reward":1})"),
              HasSubstr("'score' is there twice"));
  EXPECT_THAT(FaultOf(R"({"item_uri":"x:2","surface":"mix","score":1,"reward":1,"extra":1})"),
              HasSubstr("unknown key 'extra'"));
  EXPECT_THAT(FaultOf(R"({"item_uri":"x:2","surface":"mix","score":1})"), HasSubstr("no reward"));
  EXPECT_THAT(FaultOf(R"({"surface":"mix","score":1,"reward":1})"), HasSubstr("no item_uri"));
}

TEST_F(JsonTest, RefusesValuesOfTheWrongType) {
  const auto fault = [this](const std::string& score, const std::string& more = "") {
    return FaultOf(R"({"item_uri":"x:2","surface":"mix","reward":1,"score":)" + score + more + "}");
  };
  EXPECT_EQ(fault("1"), "");
  EXPECT_THAT(fault("\"1\""), HasSubstr("score is the text '1': give a number"));
  EXPECT_THAT(fault("null"), HasSubstr("score is null"));
  EXPECT_THAT(fault("true"), HasSubstr("'score' is true"));
  EXPECT_THAT(fault("[1]"), HasSubstr("'score' holds a list"));
  EXPECT_THAT(fault("{\"a\":1}"), HasSubstr("'score' holds a list or an object"));
  EXPECT_THAT(fault("1e39"), HasSubstr("a finite number, of at most 1e+30"));
  EXPECT_THAT(fault("1e400"), HasSubstr("not JSON"));
  EXPECT_THAT(fault("1", R"(,"market":7)"), HasSubstr("market is the number 7"));
  EXPECT_THAT(fault("1", R"(,"market":null)"), HasSubstr("market is null: give text, or *"));
  EXPECT_THAT(fault("1", R"(,"market":"")"), HasSubstr("market is empty: write *"));
  EXPECT_THAT(fault("1", R"(,"campaign":1)"), HasSubstr("campaign is the number 1"));
  EXPECT_EQ(fault("1", R"(,"campaign":null)"), "");
}

}  // namespace
}  // namespace oasis::build
