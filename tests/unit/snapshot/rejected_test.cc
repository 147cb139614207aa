// Snapshots that do not come by themselves any more: what was rolled back from, and what guardrails
// blocked.
#include <filesystem>
#include <string>
#include <vector>

#include "oasis/guardrails.h"
#include "oasis/limits.h"
#include "support/watcher_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RejectedTest : public WatcherTest {
 protected:
  RejectedTest() {
    guardrails_.emplace();
    Restart();
  }
  LoadReport Rollback() { return loader_->Rollback(kTable, "", kAlice, NoLoadProgress()); }
  // One more than are remembered, "bad-0" first; those that are remembered then.
  std::vector<RejectedSnapshot> RejectOneTooMany() {
    Manifest manifest = *store_->GetManifest(kTable, "good");
    for (size_t i = 0; i <= kMaxRejectedSnapshots; ++i) {
      manifest.snapshot_id = "bad-" + std::to_string(i);
      EXPECT_THAT(store_->Reject(manifest), IsOk());
    }
    return *store_->Rejected(kTable);
  }

  const SnapshotSpec good_ = {.id = "good", .created = TestTime(1), .items = 10, .score = 500};
  const SnapshotSpec halved_ = {.id = "halved", .created = TestTime(2), .items = 5, .score = 500};
};

TEST_F(RejectedTest, WhatGuardrailsBlockedDoesNotComeAfterARestartNorFromAnotherDirectory) {
  Put(good_);
  ASSERT_THAT(Poll(), ElementsAre("good published"));
  const std::filesystem::path dir = Put(halved_);
  ASSERT_THAT(Poll(), ElementsAre("halved failed"));
  std::filesystem::copy(dir, watched_ / "copy");
  EXPECT_THAT(Poll(), IsEmpty());
  // As where the requests that it was judged by are not there any more.
  guardrails_.reset();
  RestartAll();
  loader_->Restore();
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_EQ(Live(), "good");
  EXPECT_THAT(observed_, Contains(StatusIs(absl::StatusCode::kFailedPrecondition,
                                           AllOf(HasSubstr(dir.string()), HasSubstr("blocked")))));
  EXPECT_EQ(LastEntry().snapshot_id, "halved");
  EXPECT_EQ(LastEntry().outcome, "FAILED_PRECONDITION");
  EXPECT_THAT(LastEntry().detail, HasSubstr("guardrails blocked it"));
}

TEST_F(RejectedTest, WhatIsBlockedComesWhenItsBytesChange) {
  Put(good_);
  ASSERT_THAT(Poll(), ElementsAre("good published"));
  const std::filesystem::path dir = Put(halved_);
  ASSERT_THAT(Poll(), ElementsAre("halved failed"));
  std::filesystem::remove_all(dir);
  SnapshotSpec mended = halved_;
  mended.items = 10;
  Put(mended);
  EXPECT_THAT(Poll(), ElementsAre("halved published"));
}

TEST_F(RejectedTest, SomebodyMayLoadWhatIsBlockedAndThenItIsNotRejectedAnyMore) {
  Put(good_);
  ASSERT_THAT(Poll(), ElementsAre("good published"));
  const std::filesystem::path dir = Put(halved_);
  ASSERT_THAT(Poll(), ElementsAre("halved failed"));
  ASSERT_THAT(*store_->Rejected(kTable), SizeIs(1));
  const LoadReport forced = loader_->Load(dir, kAlice, NoLoadProgress(), {.force = true});
  EXPECT_EQ(forced.outcome, LoadOutcome::kPublished) << forced.status;
  EXPECT_THAT(*store_->Rejected(kTable), IsEmpty());
}

TEST_F(RejectedTest, TheListOutlastsTheSnapshots) {
  keep_ = 1;
  RestartAll();
  for (const std::string id : {"a", "b", "c"}) {
    SnapshotSpec spec = good_;
    spec.id = id;
    spec.created = TestTime(id[0]);
    Put(spec);
    ASSERT_THAT(Poll(), SizeIs(1));
  }
  keep_ = 3;
  RestartAll();
  loader_->Restore();
  Put({.id = "d", .created = TestTime(200), .items = 10, .score = 500});
  ASSERT_THAT(Poll(), ElementsAre("d published"));
  ASSERT_EQ(Rollback().snapshot_id, "c");
  keep_ = 1;
  RestartAll();
  loader_->Restore();
  Put({.id = "e", .created = TestTime(201), .items = 10, .score = 500});
  ASSERT_THAT(Poll(), ElementsAre("e published"));
  ASSERT_THAT(Kept(), Not(Contains("d")));
  std::filesystem::remove_all(watched_ / "d");
  Put({.id = "d", .created = TestTime(202), .items = 9, .score = 500});
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_EQ(Live(), "e");
}

TEST_F(RejectedTest, AnotherContentOfAnIdStaysAwayAlsoAfterALoadByHandWasBlocked) {
  keep_ = 2;
  RestartAll();
  Put(good_);
  ASSERT_THAT(Poll(), ElementsAre("good published"));
  const std::filesystem::path dir = Put(halved_);
  ASSERT_EQ(loader_->Load(dir, kAlice, NoLoadProgress(), {.force = true}).outcome,
            LoadOutcome::kPublished);
  ASSERT_EQ(Rollback().snapshot_id, "good");
  ASSERT_TRUE(Load(dir).blocked());
  Put({.id = "next", .created = TestTime(3), .items = 10, .score = 500});
  ASSERT_THAT(Poll(), ElementsAre("next published"));
  ASSERT_THAT(Kept(), Not(Contains("halved")));
  std::filesystem::remove_all(dir);
  Put({.id = "halved", .created = TestTime(4), .items = 10, .score = 500});
  EXPECT_THAT(Poll(), IsEmpty());
  EXPECT_EQ(Live(), "next");
}

TEST_F(RejectedTest, SeveralContentsOfOneIdAreRemembered) {
  Put(good_);
  ASSERT_THAT(Poll(), ElementsAre("good published"));
  SnapshotSpec fewer = halved_;
  fewer.items = 4;
  for (const SnapshotSpec& spec : {halved_, fewer}) {
    const std::filesystem::path dir = Put(spec);
    ASSERT_THAT(Poll(), ElementsAre("halved failed"));
    std::filesystem::rename(dir, temp_ / std::to_string(spec.items));
  }
  EXPECT_THAT(*store_->Rejected(kTable), SizeIs(2));
  std::filesystem::rename(temp_ / std::to_string(halved_.items), watched_ / "halved");
  EXPECT_THAT(Poll(), IsEmpty());
}

TEST_F(RejectedTest, WhatWasRolledBackFromIsForgottenLast) {
  Put(good_);
  ASSERT_THAT(Poll(), SizeIs(1));
  Put({.id = "back", .created = TestTime(2), .items = 10, .score = 500});
  ASSERT_THAT(Poll(), ElementsAre("back published"));
  ASSERT_EQ(Rollback().snapshot_id, "good");
  const std::vector<RejectedSnapshot> rejected = RejectOneTooMany();
  ASSERT_THAT(rejected, SizeIs(kMaxRejectedSnapshots));
  EXPECT_EQ(rejected[0].snapshot_id, "back");
  EXPECT_EQ(rejected[1].snapshot_id, "bad-2");
}

TEST_F(RejectedTest, TheOldestAreForgotten) {
  Put(good_);
  ASSERT_THAT(Poll(), SizeIs(1));
  const std::vector<RejectedSnapshot> rejected = RejectOneTooMany();
  ASSERT_THAT(rejected, SizeIs(kMaxRejectedSnapshots));
  EXPECT_EQ(rejected.front().snapshot_id, "bad-1");
}

}  // namespace
}  // namespace oasis::testing
