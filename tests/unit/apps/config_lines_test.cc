#include "apps/config/config_lines.h"

#include <string>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::oasis::testing::TempDir;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The only line of a text.
ConfigLine OnlyLine(const std::string& text) {
  const std::vector<ConfigLine> lines = ParseConfigLines(text);
  EXPECT_THAT(lines, SizeIs(1)) << text;
  return lines.empty() ? ConfigLine() : lines[0];
}
std::string ValueOf(const std::string& right_side) {
  const ConfigLine line = OnlyLine("key = " + right_side);
  EXPECT_EQ(line.fault, "") << right_side;
  return line.value;
}
std::string FaultOf(const std::string& text) { return OnlyLine(text).fault; }

TEST(ConfigLinesTest, BlankLinesAndCommentsAreLeftOutButCounted) {
  const auto lines = ParseConfigLines("# a comment\n\n  ; another\r\n  keep = 3  # why\r\n");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].number, 4);
  EXPECT_EQ(lines[0].key, "keep");
  EXPECT_EQ(lines[0].value, "3");
}

TEST(ConfigLinesTest, AByteOrderMarkIsNoPartOfTheFirstLine) {
  EXPECT_EQ(OnlyLine("\xEF\xBB\xBFkeep = 3\n").key, "keep");
}

TEST(ConfigLinesTest, AValueIsWhatIsQuotedOrOneWord) {
  EXPECT_EQ(ValueOf("36h"), "36h");
  EXPECT_EQ(ValueOf("\"two words, and # more\" # a comment"), "two words, and # more");
  EXPECT_EQ(ValueOf(R"("a \"b\" c:\\d\n")"), "a \"b\" c:\\d\n");
  EXPECT_EQ(ValueOf(R"('c:\d "e"')"), R"(c:\d "e")");
  EXPECT_EQ(ValueOf("\"\""), "");
  EXPECT_EQ(ValueOf("a=b"), "a=b");
}

TEST(ConfigLinesTest, WhatIsNoKeyAndValueIsAFault) {
  EXPECT_THAT(FaultOf("keep"), HasSubstr("there is no '='"));
  EXPECT_THAT(FaultOf("= 3"), HasSubstr("no key"));
  EXPECT_THAT(FaultOf("keep ="), HasSubstr("no value"));
  EXPECT_THAT(FaultOf("keep = # 3"), HasSubstr("no value"));
  EXPECT_THAT(FaultOf("keep = 3 4"), HasSubstr("one value is needed"));
  EXPECT_THAT(FaultOf("keep = [3]"), HasSubstr("one value is needed"));
  EXPECT_THAT(FaultOf("keep = \"3\" 4"), HasSubstr("one value is needed"));
  EXPECT_THAT(FaultOf("keep = \"3"), HasSubstr("is not closed"));
  EXPECT_THAT(FaultOf(R"(keep = "c:\d")"), HasSubstr("backslash"));
  EXPECT_THAT(FaultOf(R"(keep = "3\)"), HasSubstr("backslash"));
  EXPECT_THAT(FaultOf("[serve"), HasSubstr("[serve]"));
}

TEST(ConfigLinesTest, ASectionStandsInFrontOfItsKeys) {
  const auto lines = ParseConfigLines("a = 1\n[serve]  # here\nb = 2\n[ other ]\nc = 3\n");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[0].key, "a");
  EXPECT_EQ(lines[1].key, "serve.b");
  EXPECT_EQ(lines[2].key, "other.c");
}

TEST(ConfigLinesTest, WhatIsWrittenReadsTheSame) {
  for (const std::string value :
       {"", "3", "1e6", "true", "inf", "36h", "0.0.0.0:50051", "two words", "a \"b\" 'c' \\d", "#",
        "a\tb\nc\r", "[::1]:50051", "caf\xc3\xa9"}) {
    EXPECT_EQ(ValueOf(ConfigValue(value)), value);
  }
  EXPECT_EQ(ConfigValue("3"), "3");
  EXPECT_EQ(ConfigValue("36h"), "\"36h\"");
}

TEST(ConfigLinesTest, AFileThatCannotBeReadIsToldByItsName) {
  const TempDir dir;
  EXPECT_THAT(ReadConfigLines((dir / "none").string()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr((dir / "none").string())));
  EXPECT_THAT(ReadConfigLines(dir.path().string()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no regular file")));
  WriteFile(dir / "large", std::string(kMaxConfigBytes + 1, '\n'));
  EXPECT_THAT(ReadConfigLines((dir / "large").string()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("large"), HasSubstr("more than"))));
  WriteFile(dir / "empty", "");
  const auto empty = ReadConfigLines((dir / "empty").string());
  ASSERT_THAT(empty, ::oasis::testing::IsOk());
  EXPECT_THAT(*empty, IsEmpty());
}

}  // namespace
}  // namespace oasis
