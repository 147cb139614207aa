// How `oasis snapshot load` ends, whatever the server does: the real binary against a server made
// up by the test.
#include <grpcpp/grpcpp.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "oasis/v1/snapshot_admin.grpc.pb.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class FakeAdmin final : public v1::SnapshotAdmin::Service {
 public:
  v1::LoadResult result;
  grpc::Status end;
  bool sends_result = true;
  bool wait_for_cancel = false;  // in place of a result
  std::promise<void> called;

 private:
  grpc::Status LoadSnapshot(grpc::ServerContext* context, const v1::LoadSnapshotRequest*,
                            grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) override {
    v1::LoadSnapshotResponse response;
    response.set_phase(v1::LOAD_PHASE_VERIFY);
    writer->Write(response);
    called.set_value();
    while (wait_for_cancel && !context->IsCancelled()) std::this_thread::yield();
    if (wait_for_cancel) return grpc::Status::CANCELLED;
    *response.mutable_result() = result;
    if (sends_result) {
      writer->Write(response);
    } else {
      context->AddTrailingMetadata("x-oasis-load-ended", "failed");
    }
    return end;
  }
};

class AdminCliTest : public ::testing::Test {
 protected:
  AdminCliTest() {
    admin_.result.set_outcome(v1::LoadResult::OUTCOME_PUBLISHED);
    admin_.result.set_snapshot_id("monday");
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&admin_);
    server_ = builder.BuildAndStart();
  }
  std::vector<std::string> LoadArgs() const {
    return {"snapshot", "load", "/x", "--server", absl::StrCat("127.0.0.1:", port_)};
  }

  FakeAdmin admin_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(AdminCliTest, TroubleAfterThePublishIsPrintedBesideTheResult) {
  admin_.result.set_warning("retire: the disk is full");
  const RunResult result = RunOasis(LoadArgs());
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("monday is live"));
  EXPECT_THAT(result.err, AllOf(HasSubstr("oasis: "), HasSubstr("retire: the disk is full")));
}

TEST_F(AdminCliTest, TroubleAfterThePublishIsInTheJson) {
  admin_.result.set_warning("retire: the disk is full");
  std::vector<std::string> args = LoadArgs();
  args.push_back("--json");
  EXPECT_EQ(JsonOf(RunOasis(args))["warning"], "retire: the disk is full");
}

TEST_F(AdminCliTest, AResultThatCameIsPrintedThoughTheCallThenFails) {
  admin_.end = grpc::Status(grpc::StatusCode::CANCELLED, "too late");
  const RunResult result = RunOasis(LoadArgs());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("monday is live"));
}

TEST_F(AdminCliTest, AServerThatGoesInTheMidstOfALoadSaysWhereToLook) {
  admin_.wait_for_cancel = true;
  Process load(OasisCommand(LoadArgs()));
  admin_.called.get_future().wait();
  server_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(load.Wait(), 1);
  EXPECT_THAT(load.err(), AllOf(HasSubstr("the connection broke"), HasSubstr("may be live or not"),
                                HasSubstr("oasis status --server 127.0.0.1:")));
}

TEST_F(AdminCliTest, WhatTheServerSaysItCannotDoIsPassedOn) {
  admin_.sends_result = false;
  admin_.end = grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "format_version is 2");
  const RunResult result = RunOasis(LoadArgs());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("format_version is 2"));
  EXPECT_THAT(result.err, Not(HasSubstr("does not have this call")));
}

TEST_F(AdminCliTest, CtrlCBeforeTheResultSaysWhereToLook) {
  admin_.wait_for_cancel = true;
  Process load(OasisCommand(LoadArgs()));
  admin_.called.get_future().wait();
  load.Signal(SIGINT);
  EXPECT_EQ(load.Wait(), 130);
  EXPECT_THAT(load.err(), AllOf(HasSubstr("may be live or not"), HasSubstr("oasis status")));
}

}  // namespace
}  // namespace oasis::testing
