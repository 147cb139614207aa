// What `oasis serve` logs of its calls, and how its log is changed while it runs.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <thread>
#include <vector>

#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTrack[] = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";

class ServeLogTest : public ::testing::Test {
 protected:
  RunResult Ask(OasisServer& server, const std::string& score_set = "discovery-mode") {
    return RunOasis({"scores", "get", "--server", server.listen(), "--surface", "radio",
                     "--score-set", score_set, kTrack});
  }
  // The lines of that message so far.
  static std::vector<json> Lines(OasisServer& server, const std::string& message) {
    std::vector<json> lines;
    const std::string log = server.process().err();
    const size_t whole = log.rfind('\n') + 1;
    for (const absl::string_view line :
         absl::StrSplit(log.substr(0, whole), '\n', absl::SkipEmpty())) {
      json object = json::parse(std::string(line));
      if (object["message"] == message) lines.push_back(std::move(object));
    }
    return lines;
  }
  // The first of them, which a thread of its own may be about to write.
  static json AwaitLine(OasisServer& server, const std::string& message) {
    for (;;) {
      const std::vector<json> lines = Lines(server, message);
      if (!lines.empty()) return lines[0];
      std::this_thread::yield();
    }
  }

  TempDir dir_;
};

TEST_F(ServeLogTest, AFailureOfTheServerIsAWarning) {
  OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(Ask(server).exit_code, 1);  // there is no snapshot
  const json line = AwaitLine(server, "call failed");
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["method"], "GetPromotionScores");
  EXPECT_EQ(line["code"], "UNAVAILABLE");
  EXPECT_EQ(line["items"], 1);
  EXPECT_EQ(line["score_set"], "discovery-mode");
  EXPECT_EQ(line["variant"], "control");
  EXPECT_THAT(line["peer"].get<std::string>(), HasSubstr("127.0.0.1"));
  EXPECT_EQ(line["request_id"].get<std::string>().size(), 16U);
  EXPECT_THAT(line["detail"].get<std::string>(), HasSubstr("no snapshot is live"));
  EXPECT_FALSE(line.contains("trace_id"));
}

TEST_F(ServeLogTest, ASlowCallIsAWarning) {
  GenerateFiles(dir_ / "g", 50);
  BuildFrom(dir_ / "g", dir_ / "monday", "monday");
  OasisServer server(dir_ / "data", {"--slow-call", "1ns"});  // so every call is
  ASSERT_TRUE(server.ok());
  JsonOf(RunOasis(
      {"snapshot", "load", (dir_ / "monday").string(), "--server", server.admin(), "--json"}));
  EXPECT_EQ(Ask(server).exit_code, 0);
  const json line = AwaitLine(server, "slow call");
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["code"], "OK");
  EXPECT_TRUE(line.contains("duration_us"));
  EXPECT_FALSE(line.contains("trace_id"));
}

TEST_F(ServeLogTest, ASlowCallIsFoundByTheTraceOfItsCaller) {
  GenerateFiles(dir_ / "g", 50);
  BuildFrom(dir_ / "g", dir_ / "monday", "monday");
  OasisServer server(dir_ / "data", {"--slow-call", "1ns"});
  ASSERT_TRUE(server.ok());
  JsonOf(RunOasis(
      {"snapshot", "load", (dir_ / "monday").string(), "--server", server.admin(), "--json"}));
  grpc::ClientContext context;
  context.AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  context.AddMetadata("x-request-id", "ranking-17");
  v1::GetPromotionScoresRequest request;
  request.mutable_context()->set_surface("radio");
  request.add_item_uris(kTrack);
  v1::GetPromotionScoresResponse response;
  const auto channel = grpc::CreateChannel(server.listen(), grpc::InsecureChannelCredentials());
  const grpc::Status status =
      v1::PromotionScores::NewStub(channel)->GetPromotionScores(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const json line = AwaitLine(server, "slow call");
  EXPECT_EQ(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(line["span_id"], "00f067aa0ba902b7");
  EXPECT_EQ(line["request_id"], "ranking-17");
}

TEST_F(ServeLogTest, AFailedCommandAndTheLogNameTheSameRequest) {
  OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  const RunResult result = RunOasis({"snapshot", "publish", "no-such", "--server", server.admin()});
  EXPECT_EQ(result.exit_code, 1);
  const json line = AwaitLine(server, "call failed");
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["method"], "PublishSnapshot");
  EXPECT_EQ(line["code"], "NOT_FOUND");
  EXPECT_THAT(line["detail"].get<std::string>(), HasSubstr("no-such"));
  EXPECT_THAT(result.err, HasSubstr(absl::StrCat("(said by ", server.admin(), ", request ",
                                                 line["request_id"].get<std::string>(), ")")));
}

TEST_F(ServeLogTest, ItsLevelIsChangedWhileItRunsAndWhatCallersGetWrongIsSeenAtDebug) {
  GenerateFiles(dir_ / "g", 50);
  BuildFrom(dir_ / "g", dir_ / "monday", "monday");
  OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  JsonOf(RunOasis(
      {"snapshot", "load", (dir_ / "monday").string(), "--server", server.admin(), "--json"}));
  const auto level = [&server](std::vector<std::string> args) {
    args.insert(args.begin(), "log-level");
    args.insert(args.end(), {"--server", server.admin()});
    return RunOasis(args);
  };
  EXPECT_EQ(level({}).out, "info\n");
  EXPECT_EQ(Ask(server, "no-such").exit_code, 1);
  const RunResult changed = level({"debug", "--reason", "a test"});
  EXPECT_EQ(changed.exit_code, 0) << changed.err;
  EXPECT_THAT(changed.out, HasSubstr("debug instead of info"));
  EXPECT_EQ(Ask(server, "no-such-either").exit_code, 1);
  const json line = AwaitLine(server, "call failed");
  EXPECT_EQ(line["level"], "debug");
  EXPECT_EQ(line["code"], "NOT_FOUND");
  EXPECT_EQ(line["score_set"], "no-such-either");  // the first one came at info
  EXPECT_EQ(AwaitLine(server, "log level changed")["to"], "debug");
  EXPECT_EQ(JsonOf(level({"--json"}))["level"], "debug");
  EXPECT_EQ(JsonOf(level({"error", "--json"}))["before"], "debug");
  EXPECT_TRUE(server.Logs(R"("from":"debug","to":"error")"));  // a log that is silenced says so
  EXPECT_THAT(RunOasis({"journal", "--action", "log-level", "--server", server.admin()}).out,
              AllOf(HasSubstr("info -> debug; a test"), HasSubstr("debug -> error")));
}

TEST_F(ServeLogTest, AVariableThatLooksMisspeltIsDoubtedAndOthersAreNot) {
  const TempDir dir;
  Process process(OasisCommand({"serve", "--data-dir", (dir / "data").string(), "--listen",
                                "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--metrics-listen",
                                "127.0.0.1:0", "--port-file", (dir / "ports").string()}),
                  {{"OASIS_MAX_AEG", "2h"},
                   {"OASIS_SERVICE_HOST", "10.0.0.1"},
                   {"OASIS_PORT", "tcp://10.0.0.1:50051"},
                   {"OASIS_CLIENT_TLS_CA", "ca.pem"}});
  while (!std::filesystem::exists(dir / "ports") && process.running()) std::this_thread::yield();
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), 0);
  EXPECT_THAT(process.err(),
              AllOf(HasSubstr("OASIS_MAX_AEG"), HasSubstr("did you mean OASIS_MAX_AGE?")));
  EXPECT_THAT(process.err(),
              Not(AnyOf(HasSubstr("SERVICE_HOST"), HasSubstr("OASIS_PORT"), HasSubstr("TLS_CA"))));
}

}  // namespace
}  // namespace oasis::testing
