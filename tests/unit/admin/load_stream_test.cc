#include "admin/load_stream.h"

#include <gtest/gtest.h>

namespace oasis {
namespace {

using std::chrono::milliseconds;

TEST(ProgressThrottleTest, AdmitsTheFirstOfEachPhase) {
  ProgressThrottle throttle;
  const ProgressThrottle::Clock::time_point now;
  EXPECT_TRUE(throttle.Admit(LoadPhase::kWaiting, now));
  EXPECT_TRUE(throttle.Admit(LoadPhase::kVerify, now));
  EXPECT_FALSE(throttle.Admit(LoadPhase::kVerify, now));
  EXPECT_TRUE(throttle.Admit(LoadPhase::kIngest, now));
}

TEST(ProgressThrottleTest, AdmitsTenASecondWithinAPhase) {
  ProgressThrottle throttle;
  const ProgressThrottle::Clock::time_point begin;
  int admitted = 0;
  for (int i = 0; i < 1000; ++i) {
    admitted += throttle.Admit(LoadPhase::kBuild, begin + milliseconds(i)) ? 1 : 0;
  }
  EXPECT_EQ(admitted, 10);
}

}  // namespace
}  // namespace oasis
