// How `oasis serve` ends: what it waits for, and what makes it wait no longer.
#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A call of the reflection service, which ends when its client likes.
class HeldCall {
 public:
  explicit HeldCall(const std::string& address)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {
    call_ = stub_.PrepareCall(
        &context_, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue_);
    call_->StartCall(nullptr);
    Await();
    const grpc::Slice list_services("\x3a\x00", 2);
    call_->Write(grpc::ByteBuffer(&list_services, 1), nullptr);
    Await();
    call_->Read(&answer_, nullptr);
    Await();  // so it has been accepted
  }
  ~HeldCall() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Await();
  }
  HeldCall(const HeldCall&) = delete;
  HeldCall& operator=(const HeldCall&) = delete;

 private:
  void Await() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
  }

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer answer_;
};

void AwaitLog(OasisServer& server, const std::string& message) {
  while (server.process().running() && !absl::StrContains(server.process().err(), message)) {
    std::this_thread::yield();
  }
}

TEST(ServeStopTest, ASecondSignalEndsADrainThatACallHoldsUp) {
  const TempDir dir;
  OasisServer server(dir / "data", {"--drain-timeout", "1h"});
  ASSERT_TRUE(server.ok());
  const HeldCall held(server.listen());
  server.process().Signal(SIGTERM);
  AwaitLog(server, "shutting down");
  EXPECT_TRUE(server.process().running());
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 1);
  EXPECT_THAT(server.process().err(), Not(HasSubstr("drained")));
}

TEST(ServeStopTest, ADrainGivesACallNoMoreThanItsTimeout) {
  const TempDir dir;
  OasisServer server(dir / "data", {"--drain-timeout", "50ms"});
  ASSERT_TRUE(server.ok());
  const HeldCall held(server.listen());
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0);
  EXPECT_THAT(server.process().err(), AllOf(HasSubstr(R"("drain_timeout_s":0.05)"),
                                            HasSubstr("drained"), HasSubstr("stopped")));
}

// A pipe that is full, and that nobody reads.
class StuckPipe {
 public:
  explicit StuckPipe(const std::filesystem::path& path) {
    if (mkfifo(path.c_str(), 0600) != 0) abort();
    fd_ = open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    while (write(fd_, "x", 1) == 1) {
    }
  }
  ~StuckPipe() { close(fd_); }
  StuckPipe(const StuckPipe&) = delete;
  StuckPipe& operator=(const StuckPipe&) = delete;

 private:
  int fd_ = -1;
};

TEST(ServeStopTest, ALogThatNobodyReadsHoldsUpNeitherCallsNorTheEnd) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer's _exit() flushes stderr, which the log's thread holds";
#endif
  const TempDir dir;
  const StuckPipe log(dir / "log");
  std::vector<std::string> command = {"/bin/sh", "-c", "exec \"$@\" 2> \"$0\"",
                                      (dir / "log").string()};
  for (const std::string& word :
       OasisCommand({"serve", "--data-dir", (dir / "data").string(), "--listen", "127.0.0.1:0",
                     "--admin-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
                     "--port-file", (dir / "ports").string()})) {
    command.push_back(word);
  }
  Process process(command);
  while (!std::filesystem::exists(dir / "ports") && process.running()) std::this_thread::yield();
  const auto ports = nlohmann::json::parse(std::ifstream(dir / "ports"));
  const std::string server = absl::StrCat("127.0.0.1:", ports["listen"].get<int>());
  for (int i = 0; i < 3; ++i) {  // each of them a line, were there room
    EXPECT_EQ(RunOasis({"scores", "get", "--server", server, "--surface", "radio",
                        "spotify:track:6rqhFgbbKwnb9MLmUQDhG6"})
                  .exit_code,
              1);
  }
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), 0);
}

}  // namespace
}  // namespace oasis::testing
