// Swaps under load: every reply comes from exactly one snapshot.
#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

class ServerSwapTest : public ServerFixture {};

// Snapshot k scores everything k, and is named k.
constexpr float kScale = 1000.0F;
constexpr int kItems = 200;

std::shared_ptr<const Table> SnapshotOf(int k) {
  TestTable table;
  table.info = {"discovery-mode", "control", absl::StrCat(k), absl::Now()};
  table.signals = {{"promotion", kScale}};
  for (uint64_t i = 0; i < kItems; ++i) {
    table.rows.push_back({TrackKey(1, i), {"radio", "*", "*"}, {static_cast<float>(k)}});
  }
  return BuildTable(table);
}

// What is wrong with a reply; empty when it is one whole snapshot.
std::string Fault(const grpc::Status& status, const v1::GetPromotionScoresResponse& response) {
  if (!status.ok()) return status.error_message();
  int k = 0;
  if (!absl::SimpleAtoi(response.snapshot().id(), &k)) return "no snapshot id";
  if (response.scores_size() != kItems) return "too few scores";
  for (const float score : response.scores()) {
    if (std::abs(score - static_cast<float>(k)) > kScale / 32767) {
      return absl::StrCat("score ", score, " in a reply of snapshot ", k);
    }
  }
  for (const int item : response.statuses()) {
    if (item != v1::ITEM_STATUS_FOUND) return "an item was not found";
  }
  return "";
}

TEST_F(ServerSwapTest, EveryReplyComesFromOneSnapshotAndNoneFails) {
  constexpr int kSwaps = 300;
  constexpr int kClients = 3;
  Publish(SnapshotOf(0));
  StartServer();
  std::vector<ItemKey> keys;
  for (uint64_t i = 0; i < kItems; ++i) keys.push_back(TrackKey(1, i));
  request_.set_item_gids(Gids(keys));

  std::atomic<bool> swapping{true};
  std::atomic<int> replies{0};
  std::vector<std::string> faults(kClients);
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      const auto stub = v1::PromotionScores::NewStub(Connect(server_->port()));
      v1::GetPromotionScoresResponse response;
      while (swapping && faults[static_cast<size_t>(c)].empty()) {
        grpc::ClientContext context;
        const grpc::Status status = stub->GetPromotionScores(&context, request_, &response);
        faults[static_cast<size_t>(c)] = Fault(status, response);
        ++replies;
      }
    });
  }
  while (replies < kClients) std::this_thread::yield();
  for (int k = 1; k <= kSwaps; ++k) Publish(SnapshotOf(k));
  const int during = replies;
  swapping = false;
  for (std::thread& client : clients) client.join();

  EXPECT_THAT(faults, ::testing::Each(""));
  EXPECT_GT(during, kClients);
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.snapshot().id(), absl::StrCat(kSwaps));
}

}  // namespace
}  // namespace oasis::testing
