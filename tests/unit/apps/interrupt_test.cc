#include "apps/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <future>

namespace oasis {
namespace {

TEST(InterruptTest, TellsTheFirstSignalFromAThreadOfItsOwn) {
  std::promise<StopSignal> told;
  {
    const Interrupt interrupt(3, [&](const StopSignal& signal) { told.set_value(signal); });
    EXPECT_TRUE(interrupt.Check().ok());
    kill(getpid(), SIGTERM);
    const StopSignal signal = told.get_future().get();
    EXPECT_EQ(signal.number, SIGTERM);
    EXPECT_EQ(signal.sender, getpid());
    EXPECT_TRUE(interrupt.seen());
    EXPECT_EQ(interrupt.Check().code(), absl::StatusCode::kCancelled);
  }
}

TEST(InterruptTest, ATerminalThatGoesStopsTheProcessInOrder) {
  std::promise<StopSignal> told;
  const Interrupt interrupt(3, [&](const StopSignal& signal) { told.set_value(signal); });
  kill(getpid(), SIGHUP);
  EXPECT_EQ(told.get_future().get().number, SIGHUP);
}

TEST(InterruptDeathTest, UnderNohupATerminalThatGoesStopsNothing) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        signal(SIGHUP, SIG_IGN);
        std::promise<StopSignal> told;
        const Interrupt interrupt(3, [&](const StopSignal& signal) { told.set_value(signal); });
        kill(getpid(), SIGHUP);
        kill(getpid(), SIGTERM);
        _exit(told.get_future().get().number);
      },
      ::testing::ExitedWithCode(SIGTERM), "");
}

TEST(InterruptDeathTest, TheSecondSignalEndsTheProcessAtOnce) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        std::promise<void> told;
        const Interrupt interrupt(3, [&](const StopSignal&) { told.set_value(); });
        kill(getpid(), SIGINT);
        told.get_future().wait();
        kill(getpid(), SIGINT);
        while (true) pause();
      },
      ::testing::ExitedWithCode(3), "");
}

TEST(InterruptDeathTest, TheSecondSignalDoesNotWaitForWhoeverWasToldOfTheFirst) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        std::promise<void> told;
        const Interrupt interrupt(3, [&](const StopSignal&) {
          told.set_value();
          while (true) pause();
        });
        kill(getpid(), SIGTERM);
        told.get_future().wait();
        kill(getpid(), SIGTERM);
        while (true) pause();
      },
      ::testing::ExitedWithCode(3), "");
}

TEST(InterruptDeathTest, WithoutItASignalEndsTheProcessAsEver) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        { const Interrupt interrupt(3); }
        kill(getpid(), SIGTERM);
        while (true) pause();
      },
      ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace oasis
