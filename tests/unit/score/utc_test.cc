#include "score/utc.h"

#include <gtest/gtest.h>

namespace oasis {
namespace {

TEST(ParseSpanTest, ReadsDaysBesideWhatAbseilReads) {
  EXPECT_EQ(ParseSpan("7d"), absl::Hours(7 * 24));
  EXPECT_EQ(ParseSpan("1d12h"), absl::Hours(36));
  EXPECT_EQ(ParseSpan("0.5d"), absl::Hours(12));
  EXPECT_EQ(ParseSpan("500ms"), absl::Milliseconds(500));
  EXPECT_EQ(ParseSpan("inf"), absl::InfiniteDuration());
}

TEST(ParseSpanTest, RefusesWhatIsNone) {
  for (const char* text : {"", "d", "7", "7 d x", "infd", "nand", "1d2", "5x"}) {
    EXPECT_EQ(ParseSpan(text), std::nullopt) << text;
  }
}

TEST(FormatUtcTest, WritesWholeSecondsAsAbseilDoes) {
  const absl::Time time =
      absl::FromCivil(absl::CivilSecond(2026, 1, 9, 4, 5, 6), absl::UTCTimeZone());
  EXPECT_EQ(FormatUtc(time), "2026-01-09T04:05:06Z");
  EXPECT_EQ(FormatUtc(time + absl::Milliseconds(250)), "2026-01-09T04:05:06.25Z");
}

}  // namespace
}  // namespace oasis
