#include "serving/trace_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace oasis {
namespace {

// The example of the specification.
constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpan[] = "00f067aa0ba902b7";
const std::string kHeader = std::string("00-") + kTrace + "-" + kSpan + "-01";

TEST(TraceContextTest, FindsTheTraceAndTheSpan) {
  const auto trace = ParseTraceparent(kHeader);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, kTrace);
  EXPECT_EQ(trace->span_id, kSpan);
}

TEST(TraceContextTest, WhatIsCutOffOrTooLongIsNoHeader) {
  for (size_t size = 0; size < kHeader.size(); ++size) {
    EXPECT_FALSE(ParseTraceparent(kHeader.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(ParseTraceparent(kHeader + "-more").has_value());
  EXPECT_FALSE(ParseTraceparent(" " + kHeader).has_value());
}

TEST(TraceContextTest, EachLetterIsALowerCaseDigitOrADashInItsPlace) {
  for (size_t i = 0; i < kHeader.size(); ++i) {
    for (const char wrong : {'A', 'F', 'g', ' ', '_', '/', ':', '`', '\0', '\xff'}) {
      std::string header = kHeader;
      header[i] = wrong;
      EXPECT_FALSE(ParseTraceparent(header).has_value()) << header;
    }
    std::string header = kHeader;
    header[i] = header[i] == '-' ? '0' : '-';
    EXPECT_FALSE(ParseTraceparent(header).has_value()) << header;
  }
}

TEST(TraceContextTest, IdsOfZerosOnlyAreNone) {
  EXPECT_FALSE(ParseTraceparent("00-" + std::string(32, '0') + "-" + kSpan + "-01").has_value());
  EXPECT_FALSE(ParseTraceparent(std::string("00-") + kTrace + "-" + std::string(16, '0') + "-01")
                   .has_value());
}

TEST(TraceContextTest, AVersionToComeMayHaveMoreFieldsAndFfIsNone) {
  const std::string rest = kHeader.substr(2);
  EXPECT_TRUE(ParseTraceparent("01" + rest).has_value());
  EXPECT_TRUE(ParseTraceparent("cc" + rest + "-what-the-future-will-be-like").has_value());
  EXPECT_FALSE(ParseTraceparent("cc" + rest + ".what").has_value());
  EXPECT_FALSE(ParseTraceparent("ff" + rest).has_value());
}

}  // namespace
}  // namespace oasis
