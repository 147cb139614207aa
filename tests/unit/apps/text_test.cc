#include "apps/text.h"

#include <gtest/gtest.h>

namespace oasis {
namespace {

TEST(TextTest, CountsHaveCommas) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(-1'234'567), "-1,234,567");
}

TEST(TextTest, BytesHaveTheUnitThatFits) {
  EXPECT_EQ(FormatBytes(1023), "1023 B");
  EXPECT_EQ(FormatBytes(1536), "1.5 KiB");
  EXPECT_EQ(FormatBytes(int64_t{5} << 40), "5.0 TiB");
}

TEST(TextTest, SpansHaveTheUnitThatFits) {
  EXPECT_EQ(FormatSpan(absl::Microseconds(350)), "350 us");
  EXPECT_EQ(FormatSpan(absl::Microseconds(12'340)), "12.3 ms");
  EXPECT_EQ(FormatSpan(absl::Milliseconds(4560)), "4.56 s");
  EXPECT_EQ(FormatSpan(absl::Seconds(200)), "3m 20s");
  EXPECT_EQ(FormatSpan(absl::Minutes(125)), "2h 05m");
  EXPECT_EQ(FormatSpan(absl::Hours(76)), "3d 4h");
  EXPECT_EQ(FormatSpan(absl::InfiniteDuration()), "for ever");
}

TEST(TextTest, InstantsAreInUtcAndInfiniteOnesAreADash) {
  EXPECT_EQ(FormatInstant(absl::FromUnixSeconds(1'767'225'600)), "2026-01-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(absl::InfiniteFuture()), "-");
}

TEST(TextTest, ColumnsLineUpAlsoWithWideCharacters) {
  TextTable table({"name", ">count", "note"});
  table.Add({"é", "5", "x"});
  table.Add({"long name", "1,000", ""});
  EXPECT_EQ(table.Text(),
            "name       count  note\n"
            "é              5  x\n"
            "long name  1,000\n");
}

}  // namespace
}  // namespace oasis
