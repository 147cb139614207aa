// kill -9 at any moment of a load: after the restart the last published snapshot answers, whole.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oasis/gid.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "oasis/v1/snapshot_admin.grpc.pb.h"
#include "support/oasis_process.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::OasisServer;
using ::oasis::testing::RunOasis;
using ::oasis::testing::TempDir;

constexpr int kKills = 20;
constexpr int kItems = 60'000;  // so that a load takes long enough to be hit in every phase

Gid GidOf(uint64_t item) { return {item * 0x9E37'79B9'7F4A'7C15, item + 1}; }

// Snapshot k scores everything k.
std::string BuildSnapshot(const TempDir& dir, int k) {
  const std::filesystem::path scores = dir / absl::StrCat("scores-", k, ".csv");
  {
    std::ofstream file(scores);
    file << "item_uri,surface,market,cohort,score\n";
    for (uint64_t i = 0; i < kItems; ++i) {
      file << FormatTrackUri(GidOf(i)) << ",radio,*,*," << k << "\n";
    }
  }
  const std::string out = (dir / absl::StrCat("snapshot-", k)).string();
  const auto built = RunOasis({"snapshot", "build", "--scores", scores.string(), "--out", out,
                               "--created", absl::StrFormat("2026-01-01T00:00:%02dZ", k)});
  EXPECT_EQ(built.exit_code, 0) << built.err;
  std::filesystem::remove(scores);
  return out;
}

// Starts a load and waits for its end; true when the server said that it is published.
bool Load(const std::string& admin, const std::string& directory) {
  const auto stub =
      v1::SnapshotAdmin::NewStub(grpc::CreateChannel(admin, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::LoadSnapshotRequest request;
  request.set_directory(directory);
  const auto stream = stub->LoadSnapshot(&context, request);
  v1::LoadSnapshotResponse response;
  bool published = false;
  while (stream->Read(&response)) published |= response.has_result();
  stream->Finish();
  return published;
}

// Asks until the server has restored its table (UNAVAILABLE before), for at most half a minute.
grpc::Status Ask(v1::PromotionScores::Stub& stub, const v1::GetPromotionScoresRequest& request,
                 v1::GetPromotionScoresResponse* response) {
  const auto until = std::chrono::system_clock::now() + std::chrono::seconds(30);
  for (;;) {
    grpc::ClientContext context;
    context.set_deadline(until);
    grpc::Status status = stub.GetPromotionScores(&context, request, response);
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE ||
        std::chrono::system_clock::now() > until) {
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

// The one score that all items have; fails when the answer is not whole.
int ScoreOfEverything(const std::string& address) {
  const auto stub = v1::PromotionScores::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  int score = -1;
  for (uint64_t begin = 0; begin < kItems; begin += 4'000) {
    v1::GetPromotionScoresRequest request;
    request.mutable_context()->set_surface("radio");
    for (uint64_t i = begin; i < begin + 4'000; ++i) {
      std::string bytes(kGidBytes, '\0');
      GidToBytes(GidOf(i), bytes.data());
      request.mutable_item_gids()->append(bytes);
    }
    v1::GetPromotionScoresResponse response;
    const grpc::Status status = Ask(*stub, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) return -1;
    if (score < 0) score = static_cast<int>(std::lround(response.scores(0)));
    for (int i = 0; i < response.scores_size(); ++i) {
      EXPECT_EQ(response.statuses(i), v1::ITEM_STATUS_FOUND);
      EXPECT_NEAR(response.scores(i), score, 1e-4);
    }
  }
  return score;
}

// Each snapshot has quite other scores, so that half of one would be seen.
const std::vector<std::string> kNoGuardrails = {"--policy", "none"};

TEST(KillTest, ServesTheLastPublishedSnapshotAfterAKillAtAnyMomentOfALoad) {
  TempDir dir;
  std::vector<std::string> snapshots = {""};
  for (int k = 1; k <= kKills + 1; ++k) snapshots.push_back(BuildSnapshot(dir, k));

  auto server = std::make_unique<OasisServer>(dir / "data", kNoGuardrails);
  ASSERT_TRUE(server->ok()) << server->process().err();
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(Load(server->admin(), snapshots[1]));
  const auto whole_load = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);

  std::mt19937_64 random(20261121);
  int live = 1;
  int killed_before = 0;
  for (int k = 2; k <= kKills + 1; ++k) {
    bool published = false;
    std::thread load([&] { published = Load(server->admin(), snapshots[static_cast<size_t>(k)]); });
    std::this_thread::sleep_for(whole_load * (random() % 1'200) / 1'000);
    server->process().Signal(SIGKILL);
    server->process().Wait();
    load.join();

    server = std::make_unique<OasisServer>(dir / "data", kNoGuardrails);
    ASSERT_TRUE(server->ok()) << server->process().err();
    const int score = ScoreOfEverything(server->listen());
    // Killed between the mark in the store and the reply, it may be either; told, it must be the
    // new.
    EXPECT_TRUE(score == k || (score == live && !published)) << score << " after " << live;
    killed_before += score == live;
    live = score;
  }
  std::printf("%d kills in a load of %lld ms: %d before it was published, %d after\n", kKills,
              static_cast<long long>(whole_load.count() / 1'000), killed_before,
              kKills - killed_before);
  EXPECT_GT(killed_before, 0) << "no kill came in time";
}

}  // namespace
}  // namespace oasis
