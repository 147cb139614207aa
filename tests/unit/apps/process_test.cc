// The test support that runs programs must itself be right: the integration tests lean on it.
#include "support/process.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace oasis::testing {
namespace {

TEST(ProcessTest, CapturesOutputAndExitCode) {
  const RunResult result = RunProgram(
      {"/bin/sh", "-c", "echo said; echo complained >&2; echo $WORD; exit 3"}, {{"WORD", "w"}});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "said\nw\n");
  EXPECT_EQ(result.err, "complained\n");
}

TEST(ProcessTest, TellsTheSignalThatEndedIt) {
  Process process({"/bin/sleep", "600"});
  EXPECT_TRUE(process.running());
  process.Signal(SIGKILL);
  EXPECT_EQ(process.Wait(), 128 + SIGKILL);
  EXPECT_FALSE(process.running());
}

TEST(ProcessTest, AProgramThatIsNotThereExitsWith127) {
  const RunResult result = RunProgram({"/nowhere/program"});
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_NE(result.err.find("/nowhere/program"), std::string::npos);
}

}  // namespace
}  // namespace oasis::testing
