// A real server, a good client of it, and what must hold after whatever a bad one did.
#ifndef OASIS_TESTS_HOSTILE_HOSTILE_FIXTURE_H_
#define OASIS_TESTS_HOSTILE_HOSTILE_FIXTURE_H_

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "hostile/raw_peer.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "support/oasis_files.h"
#include "support/sanitized.h"

namespace oasis::testing {

inline constexpr char kGetPath[] = "/oasis.v1.PromotionScores/GetPromotionScores";

class HostileTest : public ::testing::Test {
 public:
  static constexpr int64_t kBoundedBytes = int64_t{64} << 20;  // what a bad peer may cost

 protected:
  void SetUp() override {
    WriteFile(dir_ / "scores.csv",
              "item_uri,surface,market,cohort,score\n" + item_ + ",radio,*,*,0.5\n");
    JsonOf(RunOasis({"snapshot", "build", "--scores", (dir_ / "scores.csv").string(), "--out",
                     (dir_ / "s1").string(), "--json"}));
    server_ = std::make_unique<OasisServer>(dir_ / "data");
    ASSERT_TRUE(server_->ok());
    JsonOf(RunOasis(
        {"snapshot", "load", (dir_ / "s1").string(), "--server", server_->admin(), "--json"}));
    good_ = v1::PromotionScores::NewStub(
        grpc::CreateChannel(server_->listen(), grpc::InsecureChannelCredentials()));
    ExpectServes();
    peak_ = Peak();
  }

  void TearDown() override {
    if (server_ == nullptr || !server_->ok()) return;
    ExpectServes();
    if (!kSanitized) {  // they keep what is freed
      EXPECT_LT(Peak(), peak_ + allowed_);
    }
  }

  // The server lives, and a good client is answered within its deadline.
  void ExpectServes() {
    ASSERT_TRUE(server_->process().running()) << server_->process().err();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline_);
    v1::GetPromotionScoresRequest request;
    request.mutable_context()->set_surface("radio");
    request.add_item_uris(item_);
    v1::GetPromotionScoresResponse response;
    const grpc::Status status = good_->GetPromotionScores(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.statuses(0), v1::ITEM_STATUS_FOUND);
  }

  // The most memory the server ever had, in bytes.
  int64_t Peak() {
    std::ifstream status("/proc/" + std::to_string(server_->process().pid()) + "/status");
    int64_t kib = 0;
    for (std::string line; std::getline(status, line);) {
      if (!absl::StartsWith(line, "VmHWM:")) continue;
      EXPECT_TRUE(
          absl::SimpleAtoi(line.substr(6, line.size() - 6 - std::string(" kB").size()), &kib));
    }
    return kib * 1024;
  }

  int port() const { return std::stoi(server_->listen().substr(server_->listen().rfind(':') + 1)); }
  RawPeer Connect() { return RawPeer(port()); }
  // One that has begun as HTTP/2 does.
  RawPeer ConnectHttp2() {
    RawPeer peer(port());
    EXPECT_TRUE(peer.Send(Preface()));
    return peer;
  }

  const std::string item_ = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";
  TempDir dir_;
  std::unique_ptr<OasisServer> server_;
  std::unique_ptr<v1::PromotionScores::Stub> good_;
  int64_t peak_ = 0;
  int64_t allowed_ = kBoundedBytes;
  std::chrono::seconds deadline_{kSanitized ? 20 : 2};  // of the good client
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_HOSTILE_HOSTILE_FIXTURE_H_
