// Axes, plots and bars.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "html/axis.h"
#include "html/bars.h"
#include "html/plot.h"
#include "support/html_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> TickTexts(const Axis& axis) {
  std::vector<std::string> texts;
  for (const Axis::Tick& tick : axis.ticks()) texts.push_back(tick.text);
  return texts;
}

TEST(AxisTest, GoesFromARoundNumberToARoundNumber) {
  EXPECT_THAT(TickTexts(Axis::Linear(0, 100)), ElementsAre("0", "20", "40", "60", "80", "100"));
  EXPECT_THAT(TickTexts(Axis::Linear(0.11, 0.29)),
              ElementsAre("0.10", "0.15", "0.20", "0.25", "0.30"));
  EXPECT_THAT(TickTexts(Axis::Linear(-3, 7)), ElementsAre("-4", "-2", "0", "2", "4", "6", "8"));
}

TEST(AxisTest, ShortensLargeNumbers) {
  EXPECT_THAT(TickTexts(Axis::Linear(0, 250'000)),
              ElementsAre("0", "50k", "100k", "150k", "200k", "250k"));
  EXPECT_THAT(TickTexts(Axis::Linear(2e6, 3e6)),
              ElementsAre("2.0M", "2.2M", "2.4M", "2.6M", "2.8M", "3.0M"));
}

TEST(AxisTest, HasRoomAroundASingleValue) {
  for (const double value : {0.0, 5.0, -5.0, 1e300, 1e-300}) {
    const Axis axis = Axis::Linear(value, value);
    EXPECT_GE(axis.ticks().size(), 3) << value;
    EXPECT_LT(axis.ticks().size(), 20) << value;
  }
  EXPECT_EQ(TickTexts(Axis::Linear(7, -3)), TickTexts(Axis::Linear(-3, 7)));
  EXPECT_GT(Axis::Linear(5, 5).At(5), 0.1);
  EXPECT_LT(Axis::Linear(5, 5).At(5), 0.9);
}

TEST(AxisTest, PlacesValuesAndStopsAtItsEnds) {
  const Axis axis = Axis::Linear(0, 100);
  EXPECT_DOUBLE_EQ(axis.At(25), 0.25);
  EXPECT_DOUBLE_EQ(axis.At(-1), 0);
  EXPECT_DOUBLE_EQ(axis.At(200), 1);
  const Axis log = Axis::Log(0.02, 50);
  EXPECT_THAT(TickTexts(log), ElementsAre("0.01", "0.1", "1", "10", "100"));
  EXPECT_DOUBLE_EQ(log.At(1), 0.5);
  EXPECT_DOUBLE_EQ(log.At(0), 0);
}

Plot SamplePlot() {
  return Plot("<name>", {Axis::Linear(0, 10), "x & more"}, {Axis::Linear(0, 10), "y <b>"});
}

TEST(PlotTest, IsWellFormedWithEveryTextEscaped) {
  Plot plot = SamplePlot();
  plot.Line("plot-line", {{0, 0}, {10, 10}});
  plot.Dot("", 5, 5, "<dot>", "<hint>");
  plot.Upright(2, "<up>");
  plot.Level(3, "<level>");
  EXPECT_EQ(WhatIsNotWellFormed(plot.Svg()), "");
  EXPECT_THAT(plot.Svg(), AllOf(HasSubstr("&lt;name&gt;"), HasSubstr("x &amp; more"),
                                HasSubstr("&lt;dot&gt;"), HasSubstr("<title>&lt;hint&gt;</title>"),
                                HasSubstr("&lt;up&gt;"), HasSubstr("&lt;level&gt;")));
}

TEST(PlotTest, LeavesOutLabelsThatWouldLieOnOthers) {
  Plot plot = SamplePlot();
  plot.Upright(5, "first");
  plot.Upright(5.1, "second");
  plot.Upright(8, "third");
  EXPECT_THAT(plot.Svg(), AllOf(HasSubstr("first"), Not(HasSubstr("second")), HasSubstr("third")));
}

TEST(BarsTest, DrawARowForEachWithItsMark) {
  BarChart chart{.name = "<name>",
                 .rows = {{"<one>", {{"before", 0, 0.5, "<5>"}, {"after", 0, 1, "10"}}, 0.75},
                          {"two", {{"after", 0.5, 0.25, "-2"}}, {}}},
                 .ticks = Axis::Linear(0, 10).ticks(),
                 .axis_label = "slots & more"};
  const std::string html = HtmlBars(chart);
  EXPECT_EQ(WhatIsNotWellFormed(html), "");
  EXPECT_THAT(html, AllOf(HasSubstr("&lt;name&gt;"), HasSubstr("&lt;one&gt;"),
                          HasSubstr("&lt;5&gt;"), HasSubstr("slots &amp; more"),
                          HasSubstr("x1=\"750.0\""),                           // the mark
                          HasSubstr("x=\"250.0\" y=\"2\" width=\"250.0\"")));  // the bar of -2
}

TEST(BarsTest, OfNoRowsAreNothing) { EXPECT_EQ(HtmlBars({}), ""); }

}  // namespace
}  // namespace oasis::testing
