#include "serving/line_rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace oasis {
namespace {

using ::testing::Optional;

std::chrono::steady_clock::time_point Second(int second, int milliseconds = 0) {
  return std::chrono::steady_clock::time_point(std::chrono::seconds(second) +
                                               std::chrono::milliseconds(milliseconds));
}

TEST(LineRateTest, TellsSoManyASecondAndThenHowManyItLeftOut) {
  LineRate rate;
  for (uint32_t i = 0; i < kCallLinesPerSecond; ++i) {
    EXPECT_THAT(rate.Take(Second(7, static_cast<int>(i))), Optional(0));
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(rate.Take(Second(7, 999)), std::nullopt);
  EXPECT_THAT(rate.Take(Second(8)), Optional(5));
  EXPECT_THAT(rate.Take(Second(8)), Optional(0));
}

TEST(LineRateTest, ThreadsShareTheRateAndNothingIsLost) {
  constexpr int kThreads = 4;
  constexpr int kTimes = 10'000;
  LineRate rate;
  std::atomic<int> told = 0;
  std::atomic<int64_t> left_out = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kTimes; ++i) {
        const std::optional<int64_t> taken = rate.Take(Second(7));
        if (!taken.has_value()) continue;
        ++told;
        left_out += *taken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(told, static_cast<int>(kCallLinesPerSecond));
  EXPECT_EQ(left_out + *rate.Take(Second(8)), kThreads * kTimes - told);
}

}  // namespace
}  // namespace oasis
