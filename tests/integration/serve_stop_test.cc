// How `oasis serve` ends: what it waits for, and what makes it wait no longer.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <string>
#include <thread>

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

}  // namespace
}  // namespace oasis::testing
