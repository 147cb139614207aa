// Snapshots are swapped while clients ask: no call fails, and no reply mixes two snapshots.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "oasis/loader.h"
#include "oasis/metrics.h"
#include "oasis/server.h"
#include "oasis/snapshot.h"
#include "oasis/store.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "support/sanitized.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::TempDir;

constexpr int kSnapshots = 8;
constexpr int kSwaps = testing::kSanitized ? 60 : 1'000;
constexpr int kItems = 5'000;
constexpr int kBatch = 300;
constexpr int kClients = 3;

Gid GidOf(uint64_t item) {
  return {item * 0x9E37'79B9'7F4A'7C15, item * 0xD1B5'4A32'D192'ED03 + 1};
}

std::string SnapshotId(int k) { return absl::StrCat("snapshot-", k); }

// Snapshot k scores everything k.
void WriteSnapshot(const std::filesystem::path& dir, int k) {
  Manifest manifest;
  manifest.snapshot_id = SnapshotId(k);
  manifest.score_set = "discovery-mode";
  manifest.variant = "control";
  manifest.created = absl::FromUnixSeconds(1'700'000'000 + k);
  manifest.producer = "swap_under_load_test";
  manifest.signals = {{"promotion", static_cast<float>(k)}};
  manifest.contexts = {{"radio"}, {"radio", "SE"}};
  std::vector<Gid> gids;
  for (uint64_t i = 0; i < kItems; ++i) gids.push_back(GidOf(i));
  std::sort(gids.begin(), gids.end());
  OASIS_ASSERT_OK_AND_ASSIGN(SnapshotWriter writer, SnapshotWriter::Create(dir, manifest));
  for (const Gid& gid : gids) {
    const ItemKey key = {gid, ItemKind::kTrack};
    ASSERT_THAT(writer.Add(testing::MakeRow(key, {{static_cast<ContextId>(gid.lo % 2), {32767}}})),
                IsOk());
  }
  ASSERT_THAT(writer.Finish(), IsOk());
}

// Asks until told to stop; true when every reply was whole, and every call answered.
class Client {
 public:
  Client(int port, std::atomic<bool>* stop) : stop_(stop) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = v1::PromotionScores::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials(), arguments));
  }

  void Run(uint64_t seed) {
    v1::GetPromotionScoresRequest request;
    request.mutable_context()->set_surface("radio");
    request.mutable_context()->set_market("SE");
    for (uint64_t i = 0; i < kBatch; ++i) {
      if (seed % 2 == 0) {
        request.add_item_uris(FormatTrackUri(GidOf((seed + i * 7) % kItems)));
      } else {
        std::string bytes(kGidBytes, '\0');
        GidToBytes(GidOf((seed + i * 7) % kItems), bytes.data());
        request.mutable_item_gids()->append(bytes);
      }
    }
    v1::GetPromotionScoresResponse response;
    while (!*stop_) {
      grpc::ClientContext context;
      const grpc::Status status = stub_->GetPromotionScores(&context, request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      ASSERT_NO_FATAL_FAILURE(CheckWhole(response));
      calls_ += 1;
    }
  }

  int64_t calls() const { return calls_; }
  int64_t snapshots_seen() const { return changes_; }

 private:
  void CheckWhole(const v1::GetPromotionScoresResponse& response) {
    ASSERT_EQ(response.scores_size(), kBatch);
    const auto k = static_cast<int>(std::lround(response.scores(0)));
    ASSERT_EQ(response.snapshot().id(), SnapshotId(k));
    for (int i = 0; i < kBatch; ++i) {
      ASSERT_EQ(response.statuses(i), v1::ITEM_STATUS_FOUND);
      ASSERT_NEAR(response.scores(i), k, 1e-4) << "two snapshots in one reply";
    }
    changes_ += k != last_;
    last_ = k;
  }

  std::unique_ptr<v1::PromotionScores::Stub> stub_;
  std::atomic<bool>* stop_;
  int last_ = 0;
  int64_t calls_ = 0;
  int64_t changes_ = 0;
};

TEST(SwapUnderLoadTest, EveryReplyComesFromOneSnapshotAndNoCallFails) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(std::shared_ptr<Store> store, Store::Open({dir / "data"}));
  const auto tables = std::make_shared<LiveTables>();
  const auto metrics = std::make_shared<Metrics>();
  Loader::Options loader_options;
  loader_options.keep = kSnapshots;
  loader_options.low_priority = false;  // the clients keep every CPU busy, and a test must end
  Loader loader(store, tables, loader_options);
  for (int k = 1; k <= kSnapshots; ++k) {
    const std::filesystem::path snapshot = dir / SnapshotId(k);
    ASSERT_NO_FATAL_FAILURE(WriteSnapshot(snapshot, k));
    const LoadReport report = loader.Load(snapshot, {"test", ""}, nullptr);
    ASSERT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  }
  Server::Options options;
  options.listen = "127.0.0.1:0";
  options.threads = 2;
  OASIS_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Server> server,
                             Server::Start(options, tables, metrics, {}));

  std::atomic<bool> stop{false};
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<Client>(server->port(), &stop));
    threads.emplace_back([client = clients.back().get(), i] { client->Run(i + 1U); });
  }
  const TableName table = {"discovery-mode", "control"};
  for (int swap = 0; swap < kSwaps && !HasFailure(); ++swap) {
    const std::string id = SnapshotId(swap % kSnapshots + 1);
    const LoadReport report = loader.Publish(table, id, {"test", ""}, nullptr);
    EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();

  int64_t calls = 0;
  int64_t seen = 0;
  for (const auto& client : clients) {
    calls += client->calls();
    seen += client->snapshots_seen();
  }
  std::printf("%d swaps, %lld calls, %lld times another snapshot answered\n", kSwaps,
              static_cast<long long>(calls), static_cast<long long>(seen));
  EXPECT_GT(seen, kSwaps / 4) << "the clients hardly saw the swaps";
}

}  // namespace
}  // namespace oasis
