#include "machine/parallel.h"

#include <atomic>
#include <new>
#include <set>
#include <thread>
#include <vector>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

TEST(ParallelTest, DoesEveryJobOnce) {
  for (const int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> done(1000);
    ASSERT_THAT(InParallel(done.size(), threads,
                           [&](size_t job, int thread) {
                             EXPECT_LT(thread, threads);
                             ++done[job];
                             return absl::OkStatus();
                           }),
                IsOk());
    for (const std::atomic<int>& times : done) ASSERT_EQ(times, 1);
  }
}

TEST(ParallelTest, BeginsNothingAfterAnErrorAndReturnsIt) {
  std::atomic<int> begun = 0;
  const absl::Status status = InParallel(1'000'000, 3, [&](size_t job, int) {
    ++begun;
    return job == 10 ? absl::DataLossError("broken") : absl::OkStatus();
  });
  EXPECT_EQ(status, absl::DataLossError("broken"));
  EXPECT_LT(begun, 1'000'000);
}

TEST(ParallelTest, WithOneThreadDoesTheJobsInOrderOnTheCallersThread) {
  std::vector<size_t> done;
  const std::thread::id caller = std::this_thread::get_id();
  ASSERT_THAT(InParallel(5, 1,
                         [&](size_t job, int) {
                           EXPECT_EQ(std::this_thread::get_id(), caller);
                           done.push_back(job);
                           return absl::OkStatus();
                         }),
              IsOk());
  EXPECT_THAT(done, ::testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(ParallelTest, ReturnsAnExceptionAsAnError) {
  EXPECT_THAT(InParallel(2, 2, [](size_t, int) -> absl::Status { throw std::bad_alloc(); }),
              StatusIs(absl::StatusCode::kResourceExhausted, ::testing::HasSubstr("memory")));
}

TEST(ParallelTest, LoadsWithABoundedNumberOfThreads) {
  EXPECT_GE(LoadThreads(), 1);
  EXPECT_LE(LoadThreads(), kMaxLoadThreads);
}

}  // namespace
}  // namespace oasis::testing
