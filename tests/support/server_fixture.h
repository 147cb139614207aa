// A real server on a free port, and a real client of it.
#ifndef OASIS_TESTS_SUPPORT_SERVER_FIXTURE_H_
#define OASIS_TESTS_SUPPORT_SERVER_FIXTURE_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/server.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "support/table_support.h"
#include "support/test_support.h"

namespace oasis::testing {

// A clock that holds up whoever asks the time while it is closed: the server asks it once for each
// call, on the thread that answers, so a test can keep a call under way as long as it likes.
class GatedClock {
 public:
  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = false;
    changed_.notify_all();
  }
  // Returns when `calls` calls are held up.
  void AwaitHeld(int calls) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return held_ >= calls; });
  }
  absl::Time Now() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++held_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !closed_; });
    --held_;
    return absl::Now();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  int held_ = 0;
};

// A channel of its own connection.
inline std::shared_ptr<grpc::Channel> Connect(int port) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                   grpc::InsecureChannelCredentials(), arguments);
}

class ServerFixture : public ::testing::Test {
 protected:
  ServerFixture() {
    options_.listen = "127.0.0.1:0";
    options_.admin_listen = "127.0.0.1:0";
    options_.threads = 2;
    request_.mutable_context()->set_surface("radio");
    request_.set_item_gids(Gids({TrackKey(1, 0)}));
  }

  void StartServer(std::vector<std::shared_ptr<grpc::Service>> admin = {}) {
    OASIS_ASSERT_OK_AND_ASSIGN(server_,
                               Server::Start(options_, tables_, metrics_, std::move(admin)));
    channel_ = Connect(server_->port());
    stub_ = v1::PromotionScores::NewStub(channel_);
  }
  void Publish(std::shared_ptr<const Table> table) {
    ASSERT_THAT(tables_->Publish(std::move(table)), IsOk());
    tables_->Visit([this](const TableSet& live) {
      for (const TableSet::ScoreSet& score_set : live.score_sets()) {
        metrics_->NameScoreSet(score_set.ordinal, score_set.name);
      }
    });
  }
  void PublishConstant(float score, const std::string& snapshot_id = "s") {
    Publish(BuildConstantTable({"discovery-mode", "control", snapshot_id, absl::Now()}, 8, score));
  }

  grpc::Status Get() {
    grpc::ClientContext context;
    response_.Clear();
    return stub_->GetPromotionScores(&context, request_, &response_);
  }
  // Get's code and message, for one EXPECT.
  std::pair<grpc::StatusCode, std::string> GetError() {
    const grpc::Status status = Get();
    return {status.error_code(), status.error_message()};
  }

  // Waits until the metrics show that line: a call is counted when its reply has gone out, and a
  // client may have it before. A line that never comes fails the test by its timeout.
  void AwaitMetric(const std::string& line) const {
    while (!absl::StrContains(metrics_->Text(), line + "\n")) std::this_thread::yield();
  }

  Server::Options options_;
  std::shared_ptr<LiveTables> tables_ = std::make_shared<LiveTables>();
  std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PromotionScores::Stub> stub_;
  v1::GetPromotionScoresRequest request_;
  v1::GetPromotionScoresResponse response_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_SERVER_FIXTURE_H_
