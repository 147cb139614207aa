// Every wrong use of the real binary: the exit code, and a message that says what, where and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kTrack[] = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";

struct WrongUse {
  std::string name;
  std::vector<std::string> args;
  int exit_code;
  std::string message;
};

class WrongUseTest : public ::testing::TestWithParam<WrongUse> {};

TEST_P(WrongUseTest, IsToldOnStderr) {
  const RunResult result = RunOasis(GetParam().args);
  EXPECT_EQ(result.exit_code, GetParam().exit_code);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, AllOf(StartsWith("oasis: "), HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Cli, WrongUseTest,
    ::testing::Values(
        WrongUse{"NoCommand", {}, 2, "see oasis --help"},
        WrongUse{"UnknownCommand", {"sreve"}, 2, "there is no command 'sreve'"},
        WrongUse{"UnknownSubcommand", {"snapshot", "laod", "x"}, 2, "'laod'"},
        WrongUse{"NoSubcommand", {"snapshot"}, 2, "see oasis snapshot --help"},
        WrongUse{"UnknownFlag", {"status", "--sevrer", "x:1"}, 2, "--sevrer"},
        WrongUse{"UnknownFlagBesideAMissingOne",
                 {"snapshot", "load", "--forec"},
                 2,
                 "there is no flag --forec here; did you mean '--force'?"},
        WrongUse{"UnknownFlagWithAValue",
                 {"snapshot", "build", "--scoers=x", "--out", "x"},
                 2,
                 "there is no flag --scoers here; did you mean '--scores'?"},
        WrongUse{"UnknownFlagLikeNoOther", {"status", "--bogus"}, 2, "there is no flag --bogus"},
        WrongUse{"AFlagBeforeItsCommand", {"--json", "status"}, 2, "--json must stand after"},
        WrongUse{"NearlyACommand", {"stauts"}, 2, "'stauts'; did you mean 'status'?"},
        WrongUse{"UnknownLogLevel", {"log-level", "loud"}, 2, "'loud' is none of debug|info"},
        WrongUse{"MissingFlag", {"generate"}, 2, "--out is required"},
        WrongUse{"MissingFlagOfAProblem", {"generate", "problem"}, 2, "--out is required"},
        WrongUse{"EdgesThatAreNoNumber",
                 {"generate", "problem", "--out", "x", "--edges", "1e"},
                 2,
                 "'1e' is no whole number"},
        WrongUse{"AFlagOfTheOtherRecipe",
                 {"generate", "problem", "--out", "x", "--sources", "5"},
                 2,
                 "--sources: is for --recipe matching"},
        WrongUse{"TooFewEdges",
                 {"generate", "problem", "--out", "x", "--edges", "5"},
                 1,
                 "edges is 5; it must be 100"},
        WrongUse{"MalformedAddress", {"status", "--server", "nowhere"}, 2, "host:port"},
        WrongUse{"IPv6WithoutBrackets", {"status", "--server", "::1:1"}, 2, "as in [::1]:50051"},
        WrongUse{"IPv6WithoutBracketsToListen",
                 {"serve", "--data-dir", "x", "--listen", "::1:1"},
                 2,
                 "--listen: '::1:1' is an IPv6 address without brackets"},
        WrongUse{"IPv6WithBrackets",
                 {"status", "--server", "[::1]:1"},
                 1,
                 "cannot reach a server at [::1]:1"},
        WrongUse{"HealthOfNobody",
                 {"health", "--server", "127.0.0.1:1"},
                 1,
                 "cannot reach a server at 127.0.0.1:1"},
        WrongUse{"NobodyThere",
                 {"status", "--server", "127.0.0.1:1"},
                 1,
                 "cannot reach a server at 127.0.0.1:1"},
        WrongUse{"NobodyThereForALoad",
                 {"snapshot", "load", "x", "--server", "127.0.0.1:1"},
                 1,
                 "check that `oasis serve` runs"},
        WrongUse{"NobodyThereForScores",
                 {"scores", "get", "--server", "127.0.0.1:1", "--surface", "radio", kTrack},
                 1,
                 "its --listen address"},
        WrongUse{"NobodyThereForALoadTest",
                 {"loadtest", "--server", "127.0.0.1:1", "--miss-ratio", "1"},
                 1,
                 "cannot connect to 127.0.0.1:1"},
        WrongUse{"LoadTestWithoutIds", {"loadtest", "--server", "127.0.0.1:1"}, 1, "--ids"},
        WrongUse{
            "OpenAndClosedLoop", {"loadtest", "--rate", "5", "--concurrency", "2"}, 2, "--rate"},
        WrongUse{"NoConcurrency", {"loadtest", "--concurrency", "0"}, 2, "at least 1"},
        WrongUse{"ConcurrencyThatIsNoNumber",
                 {"loadtest", "--concurrency", "many"},
                 2,
                 "'many' must be a number"},
        WrongUse{"NegativeBadRows",
                 {"snapshot", "build", "--scores", "x", "--out", "x", "--max-bad-rows", "-1"},
                 2,
                 "at least 0"},
        WrongUse{"AListWithABlank", {"loadtest", "--surface", "radio", "mix"}, 2, "mix"},
        WrongUse{"NoDuration", {"loadtest", "--duration", "long"}, 2, "'long' is no duration"},
        WrongUse{"NoEnd", {"loadtest", "--duration", "inf"}, 1, "--duration and --warmup must end"},
        WrongUse{"NoItems", {"scores", "get", "--surface", "radio"}, 1, "no items"},
        WrongUse{"NoSurface", {"scores", "get", kTrack}, 2, "--surface is required"},
        WrongUse{"MissingScoreFile",
                 {"snapshot", "build", "--scores", "/nowhere/scores.csv", "--out", "x"},
                 1,
                 "/nowhere/scores.csv"},
        WrongUse{"MissingIdsFile", {"loadtest", "--ids", "/nowhere/ids"}, 1, "/nowhere/ids"},
        WrongUse{"NoSnapshotToVerify", {"snapshot", "verify", "/nowhere"}, 1, "/nowhere"},
        WrongUse{"NoSnapshotToInspect", {"snapshot", "inspect", "/nowhere"}, 1, "/nowhere"},
        WrongUse{
            "NoSnapshotToCompare", {"snapshot", "diff", "/nowhere", "/nowhere"}, 1, "/nowhere"},
        WrongUse{"NoDataDir", {"serve"}, 2, "--data-dir"},
        WrongUse{"ConfigFileThatIsADirectory",
                 {"serve", "--data-dir", "x", "--config", "/tmp"},
                 2,
                 "/tmp: is no regular file"},
        WrongUse{"NoConfigFile",
                 {"serve", "--config", "/nowhere/oasis.toml"},
                 2,
                 "/nowhere/oasis.toml"}),
    [](const auto& wrong_use) { return wrong_use.param.name; });

TEST(CliTest, HelpOfEveryCommandHasAnExample) {
  const std::vector<std::vector<std::string>> commands = {{"serve"},
                                                          {"snapshot", "build"},
                                                          {"snapshot", "verify"},
                                                          {"snapshot", "inspect"},
                                                          {"snapshot", "diff"},
                                                          {"snapshot", "load"},
                                                          {"snapshot", "list"},
                                                          {"snapshot", "publish"},
                                                          {"snapshot", "rollback"},
                                                          {"snapshot", "pin"},
                                                          {"snapshot", "unpin"},
                                                          {"scores", "get"},
                                                          {"scores", "explain"},
                                                          {"status"},
                                                          {"journal"},
                                                          {"log-level"},
                                                          {"config", "check"},
                                                          {"config", "show"},
                                                          {"generate"},
                                                          {"generate", "problem"},
                                                          {"loadtest"}};
  for (std::vector<std::string> command : commands) {
    std::string name = "oasis";
    for (const std::string& word : command) name += " " + word;
    command.push_back("--help");
    const RunResult result = RunOasis(command);
    EXPECT_EQ(result.exit_code, 0) << name;
    EXPECT_THAT(result.out, HasSubstr("Example:\n  " + name)) << name;
  }
}

TEST(CliTest, TheAdminPortAndTheMetricsAreOnTheLoopbackUnlessAsked) {
  const std::string help = RunOasis({"serve", "--help"}).out;
  EXPECT_THAT(help, AllOf(HasSubstr("--admin-listen HOST:PORT=127.0.0.1:50052"),
                          HasSubstr("--metrics-listen HOST:PORT=127.0.0.1:9464")));
}

TEST(CliTest, TellsItsVersion) {
  const RunResult result = RunOasis({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("oasis 0."));
}

TEST(CliTest, AListTakesNoItemForItsOwn) {
  const RunResult result = RunOasis({"scores", "get", "--server", "127.0.0.1:1", "--surface",
                                     "radio", "--signals", "promotion", kTrack});
  EXPECT_THAT(result.err, HasSubstr("cannot reach a server"));  // so it had an item to ask for
}

TEST(CliTest, OutputThatCannotBeWrittenIsAFailure) {
  const TempDir dir;
  const RunResult result =
      RunProgram({"/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh", OASIS_BINARY, "generate",
                  "--tracks", "1", "--out", (dir / "files").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("could not be written whole"));
}

TEST(CliTest, HelpThatCannotBeWrittenIsAFailure) {
  for (const std::string flag : {"--help", "--version"}) {
    const RunResult result =
        RunProgram({"/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh", OASIS_BINARY, flag});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("could not be written whole"));
  }
}

TEST(CliTest, BadRowsAreToldWithFileAndLine) {
  const TempDir dir;
  WriteFile(dir / "scores.csv", std::string("item_uri,surface,score\n") + kTrack + ",radio,nan\n");
  const RunResult result = RunOasis({"snapshot", "build", "--scores", (dir / "scores.csv").string(),
                                     "--out", (dir / "out").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("scores.csv:2: "));
  EXPECT_FALSE(std::filesystem::exists(dir / "out"));
}

TEST(CliTest, AllowedBadRowsAreLeftOutAndTold) {
  const TempDir dir;
  WriteFile(dir / "scores.csv", std::string("item_uri,surface,score\n") + kTrack + ",radio,0.5\n" +
                                    kTrack + ",radio,inf\n");
  const RunResult result = RunOasis({"snapshot", "build", "--scores", (dir / "scores.csv").string(),
                                     "--out", (dir / "out").string(), "--max-bad-rows", "1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("left out"));
  EXPECT_THAT(result.err, HasSubstr("scores.csv:3: "));
  EXPECT_THAT(result.out, HasSubstr("1 bad row"));
}

}  // namespace
}  // namespace oasis::testing
