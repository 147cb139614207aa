// `oasis serve` as a process: what keeps it from starting, what it logs, what it is told by others.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Holds a port of the loopback for as long as it lives.
class BusyPort {
 public:
  BusyPort() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(socket_, 1) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      abort();
    }
    address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  }
  ~BusyPort() { close(socket_); }

  const std::string& address() const { return address_; }

 private:
  int socket_;
  std::string address_;
};

std::vector<std::string> ServeArgs(const std::filesystem::path& data_dir) {
  return {"serve",          "--data-dir",  data_dir.string(),  "--listen",   "127.0.0.1:0",
          "--admin-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"};
}

class BusyPortTest : public ::testing::TestWithParam<std::string> {};

TEST_P(BusyPortTest, IsToldWithItsAddress) {
  const TempDir dir;
  const BusyPort port;
  std::vector<std::string> args = {"serve", "--data-dir", (dir / "data").string()};
  for (const std::string flag : {"--listen", "--admin-listen", "--metrics-listen"}) {
    args.push_back(flag);
    args.push_back(flag == GetParam() ? port.address() : "127.0.0.1:0");
  }
  const RunResult result = RunOasis(args);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("oasis: serve: "), HasSubstr(port.address())));
}

INSTANTIATE_TEST_SUITE_P(Serve, BusyPortTest,
                         ::testing::Values("--listen", "--admin-listen", "--metrics-listen"),
                         [](const auto& flag) {
                           std::string name;
                           for (const char c : flag.param) {
                             if (c != '-') name += c;
                           }
                           return name;
                         });

TEST(ServeTest, ASecondServerOnTheDataDirIsRefused) {
  const TempDir dir;
  const OasisServer server(dir / "data");
  ASSERT_TRUE(server.ok());
  const RunResult second = RunOasis(ServeArgs(dir / "data"));
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr((dir / "data").string()));
}

TEST(ServeTest, ADataDirThatIsAFileIsRefused) {
  const TempDir dir;
  WriteFile(dir / "data", "not a directory");
  const RunResult result = RunOasis(ServeArgs(dir / "data"));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr((dir / "data").string()));
}

TEST(ServeTest, AWatchedDirectoryThatIsNotThereIsRefused) {
  const TempDir dir;
  std::vector<std::string> args = ServeArgs(dir / "data");
  args.insert(args.end(), {"--watch", "/nowhere/snapshots"});
  const RunResult result = RunOasis(args);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("/nowhere/snapshots"));
}

TEST(ServeTest, APortFileThatCannotBeWrittenIsRefused) {
  const TempDir dir;
  std::vector<std::string> args = ServeArgs(dir / "data");
  args.insert(args.end(), {"--port-file", "/nowhere/ports"});
  const RunResult result = RunOasis(args);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("/nowhere/ports"));
}

TEST(ServeTest, AnUnknownKeyOfTheConfigFileIsWrongUsage) {
  const TempDir dir;
  WriteFile(dir / "oasis.toml", "data_dirr = \"x\"\n");
  const RunResult result = RunOasis({"serve", "--config", (dir / "oasis.toml").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("oasis.toml"), HasSubstr("data_dirr")));
}

TEST(ServeTest, EveryLineOfItsLogIsJson) {
  const TempDir dir;
  OasisServer server(dir / "data");
  ASSERT_TRUE(server.ok());
  server.process().Signal(SIGINT);
  EXPECT_EQ(server.process().Wait(), 0);
  std::vector<std::string> messages;
  const std::string log = server.process().err();
  for (const absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
    json object = json::parse(std::string(line));
    EXPECT_TRUE(object.contains("time") && object.contains("level")) << line;
    messages.push_back(object["message"]);
  }
  EXPECT_THAT(messages, ::testing::IsSupersetOf({"starting", "listening", "drained", "stopped"}));
}

TEST(ServeTest, ASnapshotThatAppearsInTheWatchedDirectoryGoesLive) {
  const TempDir dir;
  GenerateFiles(dir / "g", 200);
  std::filesystem::create_directory(dir / "watched");
  const std::string watched = std::filesystem::relative(dir / "watched").string();
  const OasisServer server(dir / "data", {"--watch", watched});
  ASSERT_TRUE(server.ok());
  BuildFrom(dir / "g", dir / "watched" / "monday", "monday");
  json tables;
  for (int i = 0; i < 500 && tables.empty(); ++i) {
    tables = JsonOf(RunOasis({"status", "--server", server.admin(), "--json"}))["tables"];
  }
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0]["snapshot_id"], "monday");
  EXPECT_THAT(RunOasis({"journal", "--server", server.admin()}).out,
              HasSubstr("from " + (dir / "watched" / "monday").string()));
}

TEST(ServeTest, ALostStateIsToldAndAPublishMendsIt) {
  const TempDir dir;
  GenerateFiles(dir / "files", 20);
  BuildFrom(dir / "files", dir / "monday", "monday");
  {
    OasisServer server(dir / "data");
    ASSERT_TRUE(server.ok());
    JsonOf(RunOasis(
        {"snapshot", "load", (dir / "monday").string(), "--server", server.admin(), "--json"}));
    server.process().Signal(SIGTERM);
    ASSERT_EQ(server.process().Wait(), 0);
  }
  std::filesystem::remove_all(dir / "data" / "state");
  OasisServer server(dir / "data");
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(JsonOf(RunOasis({"snapshot", "publish", "monday", "--server", server.admin(),
                             "--json"}))["outcome"],
            "published");
  EXPECT_TRUE(server.Logs("none is marked live"));
}

TEST(ServeTest, RefusalsOfTheServerReachTheUser) {
  const TempDir dir;
  const OasisServer server(dir / "data");
  ASSERT_TRUE(server.ok());
  const auto refused = [&](std::vector<std::string> args, const std::string& address) {
    args.insert(args.end(), {"--server", address});
    const RunResult result = RunOasis(args);
    EXPECT_EQ(result.exit_code, 1);
    return result.err;
  };
  EXPECT_THAT(refused({"snapshot", "publish", "nope"}, server.admin()), HasSubstr("nope"));
  EXPECT_THAT(refused({"snapshot", "pin", "nope"}, server.admin()), HasSubstr("nope"));
  EXPECT_THAT(refused({"snapshot", "rollback"}, server.admin()), HasSubstr("discovery-mode"));
  EXPECT_THAT(refused({"snapshot", "load", "/nowhere"}, server.admin()), HasSubstr("/nowhere"));
  EXPECT_THAT(refused({"scores", "get", "--surface", "radio", "spotify:track:x"}, server.listen()),
              HasSubstr("said by " + server.listen()));
  // The two ports taken for one another.
  EXPECT_THAT(refused({"status"}, server.listen()), HasSubstr("--admin-listen"));
  EXPECT_THAT(refused({"scores", "get", "--surface", "radio", "spotify:track:x"}, server.admin()),
              HasSubstr("its --listen address"));
}

TEST(ServeTest, APathThatOnlyTheCommandSeesIsSaidToBeThere) {
  const TempDir dir;
  const OasisServer server(dir / "data");
  ASSERT_TRUE(server.ok());
  const auto refused = [&](const char* command, const std::string& path) {
    const RunResult result = RunOasis({"snapshot", command, path, "--server", server.admin()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("cannot open the snapshot"));
    return result.err;
  };
  // A descriptor that commands get from the test, and the server has not.
  const int opened = open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int inherited = fcntl(opened, F_DUPFD, 500);
  ASSERT_GE(inherited, 0);
  for (const char* command : {"load", "check"}) {
    EXPECT_THAT(refused(command, absl::StrCat("/proc/self/fd/", inherited)),
                HasSubstr("is there for this command"));
    EXPECT_THAT(refused(command, "/nowhere"), Not(HasSubstr("is there for this command")));
  }
  close(inherited);
  close(opened);
}

// A build that reads a pipe has the test's own pace.
TEST(InterruptTest, CtrlCEndsABuildAndLeavesNothingBehind) {
  const TempDir dir;
  const std::string pipe = (dir / "scores.csv").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  signal(SIGPIPE, SIG_IGN);
  Process build(
      OasisCommand({"snapshot", "build", "--scores", pipe, "--out", (dir / "out").string()}));
  const int input = open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(input, 0);
  std::string rows = "item_uri,surface,score\n";
  ASSERT_GT(write(input, rows.data(), rows.size()), 0);
  build.Signal(SIGINT);
  rows.clear();
  for (int i = 0; i < 5000; ++i) rows += "catalogue:item:1,radio,0.5\n";
  while (build.running() && write(input, rows.data(), rows.size()) > 0) {
  }
  close(input);
  EXPECT_EQ(build.Wait(), 130) << build.err();
  EXPECT_THAT(build.err(), HasSubstr("interrupted"));
  EXPECT_FALSE(std::filesystem::exists(dir / "out"));
}

// The load test asks the pipe for its ids, and so is past its start when the pipe is open.
TEST(InterruptTest, CtrlCEndsALoadTestWithItsReport) {
  const TempDir dir;
  const OasisServer server(dir / "data");
  ASSERT_TRUE(server.ok());
  const std::string pipe = (dir / "ids").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Process load(OasisCommand({"loadtest", "--server", server.listen(), "--ids", pipe, "--duration",
                             "10m", "--batch", "1", "--prepared", "1", "--concurrency", "1",
                             "--allow-errors", "--json"}));
  const int input = open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(input, 0);
  const std::string id = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6\n";
  ASSERT_GT(write(input, id.data(), id.size()), 0);
  close(input);
  load.Signal(SIGINT);
  EXPECT_EQ(load.Wait(), 0) << load.err();
  EXPECT_EQ(json::parse(load.out())["interrupted"], true);
}

}  // namespace
}  // namespace oasis::testing
