#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LoaderPinTest : public LoaderFixture {
 protected:
  void SetUp() override {
    MustLoad({.id = "s1", .score = 100});
    MustLoad({.id = "s2", .score = 200});
    ASSERT_THAT(loader_->Pin(kTable, "s2", kAlice), IsOk());
  }
};

TEST_F(LoaderPinTest, APinnedTableTakesNoOtherSnapshot) {
  const auto refused = StatusIs(absl::StatusCode::kFailedPrecondition,
                                AllOf(HasSubstr("pinned to snapshot 's2'"), HasSubstr("unpin")));
  EXPECT_THAT(Load(Make({.id = "s3"})).status, refused);
  EXPECT_THAT(loader_->Publish(kTable, "s1", kAlice, NoLoadProgress()).status, refused);
  EXPECT_THAT(loader_->Rollback(kTable, "", kAlice, NoLoadProgress()).status, refused);
  EXPECT_EQ(Score(), 200);
  EXPECT_THAT(Kept(), ElementsAre("s2", "s1"));
}

TEST_F(LoaderPinTest, AnUnpinnedTableTakesTheNext) {
  ASSERT_THAT(loader_->Unpin(kTable, kAlice), IsOk());
  EXPECT_EQ(Load(Make({.id = "s3"})).outcome, LoadOutcome::kPublished);
}

TEST_F(LoaderPinTest, APinThatComesDuringALoadCounts) {
  ASSERT_THAT(loader_->Unpin(kTable, kAlice), IsOk());
  fail_point_ = [this](LoadPhase phase) {
    if (phase != LoadPhase::kWarm) return absl::OkStatus();
    return loader_->Pin(kTable, "s2", kAlice).status();
  };
  const LoadReport report = Load(Make({.id = "s3"}));
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("pinned")));
  EXPECT_EQ(report.failed_in, LoadPhase::kPublish);
  EXPECT_THAT(Kept(), ElementsAre("s2", "s1"));
}

// The time is asked for between the last look at the pin and the swap.
TEST_F(LoaderPinTest, APinOfWhatIsLiveDuringTheSwapIsOfWhatGoesLive) {
  ASSERT_THAT(loader_->Unpin(kTable, kAlice), IsOk());
  std::atomic<bool> swapping{false};
  absl::StatusOr<Pinned> pinned;
  absl::Notification done;
  std::thread pins;
  fail_point_ = [&](LoadPhase phase) {
    swapping = phase == LoadPhase::kPublish;
    return absl::OkStatus();
  };
  asked_the_time_ = [&] {
    if (!swapping.exchange(false)) return;
    pins = std::thread([&] {
      pinned = loader_->Pin(kTable, "", kAlice);
      done.Notify();
    });
    EXPECT_FALSE(done.WaitForNotificationWithTimeout(absl::Milliseconds(50))) << "it did not wait";
  };
  const LoadReport report = Load(Make({.id = "s3"}));
  pins.join();
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  ASSERT_THAT(pinned, IsOk());
  EXPECT_EQ(pinned->snapshot_id, "s3");
  EXPECT_TRUE(pinned->live);
}

TEST_F(LoaderPinTest, ThePinnedSnapshotMayComeBack) {
  ASSERT_THAT(loader_->Pin(kTable, "s1", kAlice), IsOk());
  EXPECT_EQ(loader_->Publish(kTable, "s1", kAlice, NoLoadProgress()).outcome,
            LoadOutcome::kPublished);
  EXPECT_EQ(Score(), 100);
}

TEST_F(LoaderPinTest, APinnedSnapshotIsNotPruned) {
  keep_ = 1;
  ASSERT_THAT(loader_->Unpin(kTable, kAlice), IsOk());
  ASSERT_THAT(loader_->Pin(kTable, "s1", kAlice), IsOk());
  Restart();
  loader_->Restore();
  EXPECT_THAT(Kept(), ElementsAre("s2", "s1"));
  EXPECT_EQ(Score(), 200);  // a pin keeps others from coming, not the live one from staying
}

TEST_F(LoaderPinTest, PinsOnlyWhatIsKept) {
  EXPECT_THAT(loader_->Pin(kTable, "s9", kAlice),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'s9'")));
  EXPECT_EQ(LastEntry().outcome, "NOT_FOUND");
}

TEST_F(LoaderPinTest, TheJournalTellsOfPins) {
  EXPECT_EQ(LastEntry().action, "pin");
  EXPECT_EQ(LastEntry().snapshot_id, "s2");
  EXPECT_EQ(LastEntry().outcome, "ok");
  EXPECT_EQ(LastEntry().detail, "a test");
  ASSERT_THAT(loader_->Unpin(kTable, kAlice), IsOk());
  EXPECT_EQ(LastEntry().action, "unpin");
}

}  // namespace
}  // namespace oasis::testing
