#include "oasis/recent_requests.h"

#include <string>
#include <thread>
#include <vector>

#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

RecentRequest On(const std::string& surface) { return {surface, "SE", "", {TrackKey(1, 2)}}; }

TEST(RecentRequestsTest, KeepsTheRequestsOfEachTableApart) {
  RecentRequests recent;
  recent.TryAdd("discovery-mode", "control", On("radio"));
  recent.TryAdd("discovery-mode", "arm", On("mix"));
  ASSERT_THAT(recent.Of("discovery-mode", "control"), SizeIs(1));
  EXPECT_EQ(recent.Of("discovery-mode", "control")[0].surface, "radio");
  EXPECT_EQ(recent.Of("discovery-mode", "control")[0].market, "SE");
  EXPECT_THAT(recent.Of("discovery-mode", "control")[0].keys, SizeIs(1));
  EXPECT_EQ(recent.Of("discovery-mode", "arm")[0].surface, "mix");
  EXPECT_THAT(recent.Of("other", "control"), IsEmpty());
}

TEST(RecentRequestsTest, ForgetsTheOldestBeyondItsLimit) {
  RecentRequests recent;
  for (size_t i = 0; i < kMaxRecentRequests + 3; ++i) {
    recent.TryAdd("s", "v", On(std::to_string(i)));
  }
  std::vector<int> kept;
  for (const RecentRequest& request : recent.Of("s", "v")) {
    kept.push_back(std::stoi(request.surface));
  }
  ASSERT_THAT(kept, SizeIs(kMaxRecentRequests));
  EXPECT_EQ(*std::min_element(kept.begin(), kept.end()), 3);
}

TEST(RecentRequestsTest, ManyThreadsAddWhileOneReads) {
  RecentRequests recent;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) recent.TryAdd("s", "v", On("radio"));
    });
  }
  for (int i = 0; i < 100; ++i) {
    for (const RecentRequest& request : recent.Of("s", "v")) EXPECT_EQ(request.surface, "radio");
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(recent.Of("s", "v"), ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace oasis::testing
