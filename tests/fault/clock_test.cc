// Clocks that jump, by seconds and by years, there and back.
#include "fault/operations.h"
#include "support/watcher_support.h"

namespace oasis::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<absl::Duration> kJumps = {
    absl::Hours(-24 * 365), absl::Hours(24 * 365), absl::Seconds(-1),   absl::Hours(-1),
    absl::Hours(24 * 20),   absl::Hours(-24 * 20), absl::ZeroDuration()};

class ClockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteSources(temp_ / "sources");
    Start(TestTime(2'000'000));
  }
  void Start(absl::Time now) {
    server_.reset();
    auto server = FaultServer::Start({.data = temp_ / "data", .now = now, .keep = 2});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  void Load(const std::string& id) {
    ASSERT_THAT(
        OutcomeOf(server_->loader().Load(temp_ / "sources" / id, kOperator, NoLoadProgress())),
        IsOk());
  }
  std::string Serving() { return server_->Look()->tables.at(kModelTable).serving; }

  const TempDir temp_;
  std::unique_ptr<FaultServer> server_;
};

TEST_F(ClockTest, ARollbackAndAPruneGoByWhatWasLiveLastWhateverTheClockSaid) {
  Load("s1");
  Load("s2");
  std::string live = "s2";
  std::string before = "s1";
  int jumps = 0;
  for (const absl::Duration first : kJumps) {
    for (const absl::Duration second : kJumps) {
      SCOPED_TRACE(absl::FormatDuration(first) + ", " + absl::FormatDuration(second));
      server_->SetNow(TestTime(2'000'000) + first);
      std::string next = "s1";  // the one that is not kept
      while (next == live || next == before) ++next.back();
      Load(next);
      EXPECT_EQ(server_->Look()->tables.at(kModelTable).kept, (std::set<std::string>{live, next}));
      server_->SetNow(TestTime(2'000'000) + first + second);
      ASSERT_THAT(
          OutcomeOf(server_->loader().Rollback(kModelTable, "", kOperator, NoLoadProgress())),
          IsOk());
      EXPECT_EQ(Serving(), live);
      Start(server_->now() - second);
      EXPECT_EQ(Serving(), live);
      before = next;
      ++jumps;
      if (HasFailure()) return;
    }
  }
  server_->ReadWholeJournal();
  TellCount("pairs of clock jumps around a load, a rollback and a restart", jumps);
}

TEST_F(ClockTest, OverridesStandWhenTheClockComesBack) {
  Load("s1");
  const absl::Time now = TestTime(2'000'000);
  server_->SetNow(now);
  Override override;
  override.id = "o1";
  override.item_uri = FormatTrackUri(TestKey(2).gid);
  override.reason = "a test";
  override.expires = now + absl::Hours(24 * 10);
  ASSERT_THAT(server_->book().Put(override, kOperator), IsOk());
  int jumps = 0;
  for (const absl::Duration jump : kJumps) {
    if (jump > absl::Hours(24 * (10 + kKeptExpiredOverrideDays))) continue;
    SCOPED_TRACE(absl::FormatDuration(jump));
    server_->SetNow(now + jump);
    Override other = override;  // a change made while the clock is wrong
    other.id = "o2";
    other.expires = now + jump + absl::Hours(1);
    EXPECT_THAT(server_->book().Put(other, kOperator), IsOk());
    EXPECT_THAT(server_->book().Delete("o2", kOperator), IsOk());
    if (jumps % 2 == 1) Start(now + jump);
    server_->SetNow(now);
    const View view = *server_->Look(now);
    ASSERT_EQ(view.overrides.size(), 1U);
    ExpectServes(view, ModelSnapshotOf("s1"), now);
    ++jumps;
  }
  TellCount("clock jumps around a change of overrides", jumps);
}

TEST_F(ClockTest, ASnapshotFromTheFutureIsRefusedUntilTheClockIsRight) {
  for (const absl::Duration jump : {absl::Hours(-1), absl::Hours(-24 * 365 * 30)}) {
    server_->SetNow(TestTime(3) + jump);
    const LoadReport report =
        server_->loader().Load(temp_ / "sources/s3", kOperator, NoLoadProgress());
    EXPECT_THAT(report.status,
                StatusIs(absl::StatusCode::kFailedPrecondition, ::testing::HasSubstr("clock")));
  }
  server_->SetNow(TestTime(2'000));
  Load("s3");
  EXPECT_EQ(Serving(), "s3");
}

using WatcherClockTest = WatcherTest;

TEST_F(WatcherClockTest, WhatMayPassIsTriedAgainInItsTimeWhateverTheClockDoes) {
  Put({.id = "a"});
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kVerify ? absl::UnavailableError("not now") : absl::OkStatus();
  };
  int jumps = 0;
  for (const absl::Duration jump : kJumps) {
    SCOPED_TRACE(absl::FormatDuration(jump));
    now_ = TestTime(1'000'000);
    Poll();
    now_ += jump;
    Poll();
    EXPECT_THAT(Poll(), IsEmpty()) << "it is not tried without a pause";
    now_ += absl::Seconds(kMaxLoadRetrySeconds);
    EXPECT_THAT(Poll(), ElementsAre("? failed"));
    ++jumps;
  }
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  now_ = TestTime(1'000'000) - absl::Hours(24 * 365);
  EXPECT_THAT(Poll(), ElementsAre("a published"));
  TellCount("clock jumps between the watcher's polls", jumps);
}

}  // namespace
}  // namespace oasis::testing
