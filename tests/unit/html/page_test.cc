// What pages are made of.
#include "html/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html/table.h"
#include "html/text.h"
#include "support/html_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(PageTest, TheCheckOfPagesFindsWhatIsWrong) {
  EXPECT_EQ(WhatIsNotWellFormed("<!DOCTYPE html><p class=\"a\">a &amp; b<br/></p>"), "");
  EXPECT_NE(WhatIsNotWellFormed("<p><b></p></b>"), "");
  EXPECT_NE(WhatIsNotWellFormed("<p>"), "");
  EXPECT_NE(WhatIsNotWellFormed("<p>a & b</p>"), "");
  EXPECT_NE(WhatIsNotWellFormed("<p>1 > 0</p>"), "");
}

TEST(PageTest, IsWellFormedAndHasItsTitleEscaped) {
  const std::string page = HtmlPage("<a & b>", "p { margin: 0; }", "<p>c</p>");
  EXPECT_EQ(WhatIsNotWellFormed(page), "");
  EXPECT_THAT(page, AllOf(HasSubstr("<title>&lt;a &amp; b&gt;</title>"), HasSubstr("<p>c</p>"),
                          HasSubstr("prefers-color-scheme: dark"), HasSubstr("@media print")));
}

TEST(TextTest, IsCutBetweenCharacters) {
  EXPECT_EQ(ShortText("short", 5), "short");
  EXPECT_EQ(ShortText("longer", 3), "lon…");
  EXPECT_EQ(ShortText("Björk", 3), "Bj…");  // ö has two bytes
}

TEST(TableTest, EscapesCellsAndAlignsFigures) {
  HtmlTable table({"Name", ">Slots"});
  table.Add({"<b>", "12"});
  EXPECT_THAT(table.Html(1), AllOf(HasSubstr("<th>Name</th><th class=\"figure\">Slots</th>"),
                                   HasSubstr("<td class=\"text\">&lt;b&gt;</td>"),
                                   HasSubstr("<td class=\"figure\">12</td>")));
}

TEST(TableTest, MakesATagOfTheFirstCellOfARowWithATone) {
  HtmlTable table({"State"});
  table.Add({"short"}, "warn");
  EXPECT_THAT(table.Html(1), HasSubstr("<tr class=\"warn\"><td><span class=\"tag warn\">short<"));
}

TEST(TableTest, SaysHowManyRowsItLeavesOut) {
  HtmlTable table({"Name"});
  EXPECT_EQ(table.Html(2), "");
  for (const char* name : {"one", "two", "three"}) table.Add({name});
  EXPECT_THAT(table.Html(2),
              AllOf(HasSubstr("two"), Not(HasSubstr("three")), HasSubstr("<p>And 1 more.</p>")));
  EXPECT_THAT(table.Html(3), AllOf(HasSubstr("three"), Not(HasSubstr("more"))));
}

}  // namespace
}  // namespace oasis::testing
