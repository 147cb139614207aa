// The admin services on the admin port of a real server, and a client of it.
#ifndef OASIS_TESTS_SUPPORT_ADMIN_FIXTURE_H_
#define OASIS_TESTS_SUPPORT_ADMIN_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "admin/override_admin.h"
#include "admin/snapshot_admin.h"
#include "oasis/metrics.h"
#include "oasis/server.h"
#include "support/loader_support.h"

namespace oasis::testing {

class AdminFixture : public LoaderFixture {
 protected:
  explicit AdminFixture(std::optional<GuardrailPolicies> guardrails = std::nullopt)
      : LoaderFixture(std::move(guardrails)) {
    SnapshotAdminService::Options options;
    options.version = "1.2.3";
    options.started = TestTime(7);
    options.watching = "/watched";
    options.staleness.others.max_age = absl::Minutes(20);
    options.clock = [] { return TestTime(90); };
    auto book = OverrideBook::Open(
        store_, tables_, {.clock = [this] { return now_; }, .observer = [](const auto&) {}});
    EXPECT_THAT(book, IsOk());
    book_ = *std::move(book);
    service_ = std::make_shared<SnapshotAdminService>(loader_, tables_, options);
    Server::Options server;
    server.listen = "127.0.0.1:0";
    server.admin_listen = "127.0.0.1:0";
    server.threads = 2;
    server.clock = [this] { return now_; };
    auto started = Server::Start(server, tables_, std::make_shared<Metrics>(),
                                 {service_, std::make_shared<OverrideAdminService>(book_)});
    EXPECT_THAT(started, IsOk());
    server_ = *std::move(started);
    stub_ = v1::SnapshotAdmin::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->admin_port()), grpc::InsecureChannelCredentials()));
  }

  // Reads a stream of load phases to its end.
  grpc::Status Follow(std::unique_ptr<grpc::ClientReader<v1::LoadSnapshotResponse>> stream) {
    messages_.clear();
    v1::LoadSnapshotResponse message;
    while (stream->Read(&message)) messages_.push_back(message);
    return stream->Finish();
  }
  grpc::Status LoadFrom(const std::string& directory, const std::string& expect_variant = "") {
    grpc::ClientContext context;
    context.AddMetadata("x-oasis-actor", "alice");
    v1::LoadSnapshotRequest request;
    request.set_directory(directory);
    request.set_reason("a test");
    request.set_expect_variant(expect_variant);
    return Follow(stub_->LoadSnapshot(&context, request));
  }
  grpc::Status Publish(const std::string& id) {
    grpc::ClientContext context;
    v1::PublishSnapshotRequest request;
    request.set_snapshot_id(id);
    return Follow(stub_->PublishSnapshot(&context, request));
  }
  grpc::Status Rollback(const std::string& id) {
    grpc::ClientContext context;
    v1::RollbackRequest request;
    request.set_snapshot_id(id);
    return Follow(stub_->Rollback(&context, request));
  }
  const v1::LoadResult& Result() const { return messages_.back().result(); }

  // A unary call.
  template <typename Method, typename Request, typename Response>
  grpc::Status Call(Method method, const Request& request, Response* response) {
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, response);
  }
  grpc::Status Pin(const std::string& id) {
    v1::PinRequest request;
    request.set_snapshot_id(id);
    v1::PinResponse response;
    const grpc::Status status = Call(&v1::SnapshotAdmin::Stub::Pin, request, &response);
    pinned_ = response.snapshot_id();
    return status;
  }
  grpc::Status List(const v1::ListSnapshotsRequest& request = {}) {
    listed_.Clear();
    return Call(&v1::SnapshotAdmin::Stub::ListSnapshots, request, &listed_);
  }
  grpc::Status ListJournal(int limit, const std::string& action = "") {
    journal_.Clear();
    v1::ListJournalRequest request;
    request.set_limit(limit);
    request.set_action(action);
    return Call(&v1::SnapshotAdmin::Stub::ListJournal, request, &journal_);
  }

  const absl::Time now_ = TestTime(90);
  std::shared_ptr<OverrideBook> book_;
  std::shared_ptr<SnapshotAdminService> service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::SnapshotAdmin::Stub> stub_;
  std::vector<v1::LoadSnapshotResponse> messages_;
  std::string pinned_;
  v1::ListSnapshotsResponse listed_;
  v1::ListJournalResponse journal_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_ADMIN_FIXTURE_H_
