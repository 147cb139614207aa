// Loads that guardrails judge, and loads on a machine with room for one table.
#include <memory>
#include <string>
#include <vector>

#include "oasis/guardrails.h"
#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class LoaderGuardrailsTest : public LoaderFixture {
 protected:
  LoaderGuardrailsTest() {
    guardrails_.emplace();
    recent_requests_ = std::make_shared<RecentRequests>();
    Restart();
  }
  LoadReport Force(const std::filesystem::path& dir) {
    return loader_->Load(dir, kAlice, NoLoadProgress(), {.force = true});
  }

  const SnapshotSpec good_ = {.id = "good", .items = 10, .score = 500};
  const SnapshotSpec halved_ = {.id = "halved", .created = TestTime(1), .items = 5, .score = 500};
};

TEST_F(LoaderGuardrailsTest, ABlockedSnapshotCostsNothingThatIsHeld) {
  MustLoad(good_);
  const LoadReport report = Load(Make(halved_));
  EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
  EXPECT_EQ(report.failed_in, LoadPhase::kCheck);
  EXPECT_TRUE(report.blocked());
  EXPECT_THAT(report.status,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("'halved'"), HasSubstr("number of items 50.0 %"),
                             HasSubstr("blocks at 30.0 %"), HasSubstr("--force"))));
  EXPECT_EQ(Live(), "good");
  EXPECT_EQ(Score(), 500);
  EXPECT_THAT(Kept(), Not(Contains("halved")));
  EXPECT_EQ(LastEntry().outcome, "FAILED_PRECONDITION");
}

TEST_F(LoaderGuardrailsTest, AForcedSnapshotGoesLiveAndTheJournalSaysWhoAndWhy) {
  MustLoad(good_);
  const LoadReport report = Force(Make(halved_));
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  EXPECT_TRUE(report.forced);
  EXPECT_EQ(Live(), "halved");
  EXPECT_EQ(LastEntry().actor, "alice");
  EXPECT_THAT(LastEntry().detail,
              AllOf(HasSubstr("reason: a test"), HasSubstr("forced past guardrails: blocked"),
                    HasSubstr("number of items")));
  Restart();  // what was forced stays
  loader_->Restore();
  EXPECT_EQ(Score(), 500);
  EXPECT_EQ(Live(), "halved");
}

TEST_F(LoaderGuardrailsTest, TheJournalSaysWhatWasForcedEvenIfTheCleaningUpFails) {
  MustLoad(good_);
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kRetire ? absl::InternalError("broken here") : absl::OkStatus();
  };
  EXPECT_EQ(Force(Make(halved_)).outcome, LoadOutcome::kPublished);
  EXPECT_THAT(LastEntry().detail,
              AllOf(HasSubstr("forced past guardrails: blocked"), HasSubstr("broken here")));
}

TEST_F(LoaderGuardrailsTest, WhatPassesIsNotForced) {
  MustLoad(good_);
  const LoadReport report = Force(Make({.id = "next", .created = TestTime(1), .score = 500}));
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  EXPECT_FALSE(report.forced);
  ASSERT_NE(report.guardrails, nullptr);
  EXPECT_THAT(LastEntry().detail, Not(HasSubstr("forced")));
}

TEST_F(LoaderGuardrailsTest, AWarningIsToldAndDoesNotStop) {
  MustLoad(good_);
  const LoadReport report =
      Load(Make({.id = "fewer", .created = TestTime(1), .items = 8, .score = 500}));
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  EXPECT_EQ(report.guardrails->verdict, Verdict::kWarn);
  EXPECT_THAT(LastEntry().detail, HasSubstr("guardrails: passed with warnings"));
}

TEST_F(LoaderGuardrailsTest, AFirstSnapshotIsCheckedForWhatNeedsNoLiveOne) {
  const LoadReport report = Load(Make({.id = "loud", .items = 0}));
  EXPECT_TRUE(report.blocked());
  EXPECT_THAT(report.status.message(), HasSubstr("has no rows"));
  EXPECT_EQ(Live(), "none");
}

TEST_F(LoaderGuardrailsTest, WhatSomebodyChoseIsNotCompared) {
  MustLoad(good_);
  ASSERT_EQ(Force(Make(halved_)).outcome, LoadOutcome::kPublished);
  const LoadReport back = loader_->Rollback(kTable, "", kAlice, NoLoadProgress());
  EXPECT_EQ(back.outcome, LoadOutcome::kPublished) << back.status;
  EXPECT_EQ(back.guardrails, nullptr);
  EXPECT_EQ(Live(), "good");
}

// What a server that was killed between the store and the guardrails leaves behind.
TEST_F(LoaderGuardrailsTest, APublishOfWhatNeverWasLiveIsHeldToThem) {
  MustLoad(good_);
  const std::filesystem::path dir = Make(halved_);
  ASSERT_THAT(store_->Accept(dir, *ReadManifest(dir), TestTime(1), NoProgress()), IsOk());
  const LoadReport published = loader_->Publish(kTable, "halved", kAlice, NoLoadProgress());
  EXPECT_TRUE(published.blocked()) << published.status;
  EXPECT_THAT(published.status.message(),
              AllOf(HasSubstr("never was live"), HasSubstr("number of items 50.0 %"),
                    HasSubstr("a publish with --force")));
  EXPECT_TRUE(loader_->Rollback(kTable, "halved", kAlice, NoLoadProgress()).blocked());
  EXPECT_EQ(Live(), "good");
  EXPECT_EQ(store_->Rejected(kTable)->size(), 1U);

  const LoadReport forced =
      loader_->Publish(kTable, "halved", kAlice, NoLoadProgress(), {.force = true});
  EXPECT_EQ(forced.outcome, LoadOutcome::kPublished) << forced.status;
  EXPECT_TRUE(forced.forced);
  EXPECT_THAT(LastEntry().detail, HasSubstr("forced past guardrails: blocked"));
  const LoadReport back = loader_->Publish(kTable, "good", kAlice, NoLoadProgress());
  EXPECT_EQ(back.outcome, LoadOutcome::kPublished) << back.status;
  EXPECT_EQ(back.guardrails, nullptr);  // it was live before
}

TEST_F(LoaderGuardrailsTest, ACheckTellsThatTheIdIsOfAnotherSnapshot) {
  MustLoad(good_);
  const std::filesystem::path dir = temp_ / "other";
  MakeSnapshot(dir, {.id = "good", .created = TestTime(1), .items = 9, .score = 500});
  const LoadReport report = loader_->Check(dir, kAlice, NoLoadProgress());
  EXPECT_EQ(report.outcome, LoadOutcome::kChecked) << report.status;
  EXPECT_THAT(GuardrailSummary(*report.guardrails), HasSubstr("blocked: id of another snapshot"));
  EXPECT_THAT(Load(dir).status,
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("an id names one content")));

  auto policies =
      GuardrailPolicies::Parse(R"({"defaults": {"reused_id": {"warn": null, "block": null}}})");
  ASSERT_THAT(policies, IsOk());
  guardrails_ = *policies;
  Restart();
  loader_->Restore();
  EXPECT_THAT(loader_->Check(dir, kAlice, NoLoadProgress()).status,
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("an id names one content")));
}

TEST_F(LoaderGuardrailsTest, RecentRequestsAreReplayed) {
  MustLoad(good_);
  // The items that are gone are those that are asked for.
  std::vector<ItemKey> keys;
  for (int i = 0; i < 500; ++i) keys.push_back(TestKey(8 + i % 2));
  for (int i = 0; i < 4; ++i) {
    recent_requests_->TryAdd("discovery-mode", "control", {"radio", "", "", keys});
  }
  const LoadReport report =
      Load(Make({.id = "fewer", .created = TestTime(1), .items = 8, .score = 500}));
  EXPECT_TRUE(report.blocked());
  EXPECT_EQ(report.guardrails->replay.requests, 4);
  EXPECT_EQ(report.guardrails->replay.items, 2000);
  EXPECT_THAT(report.status.message(), HasSubstr("recent items found (promotion) 100.0 %"));
}

TEST_F(LoaderGuardrailsTest, ACheckLoadsNothing) {
  MustLoad(good_);
  const std::filesystem::path dir = Make(halved_);
  const LoadReport report = loader_->Check(dir, kAlice, NoLoadProgress());
  EXPECT_EQ(report.outcome, LoadOutcome::kChecked) << report.status;
  EXPECT_FALSE(report.forced);
  ASSERT_NE(report.guardrails, nullptr);
  EXPECT_EQ(report.guardrails->verdict, Verdict::kBlock);
  EXPECT_EQ(report.guardrails->live->info.snapshot_id, "good");
  EXPECT_EQ(Live(), "good");
  EXPECT_EQ(Score(), 500);
  EXPECT_THAT(Kept(), Not(Contains("halved")));
}

TEST_F(LoaderGuardrailsTest, ACheckOfADamagedSnapshotFails) {
  const std::filesystem::path dir = Make(halved_);
  FlipByte(dir / "scores-00000.sst", 20);
  const LoadReport report = loader_->Check(dir, kAlice, NoLoadProgress());
  EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("scores-00000.sst")));
}

TEST_F(LoaderGuardrailsTest, WithoutGuardrailsThereIsNothingToCheck) {
  guardrails_.reset();
  Restart();
  MustLoad(good_);
  EXPECT_EQ(Load(Make(halved_)).outcome, LoadOutcome::kPublished);
  EXPECT_THAT(loader_->Check(Make({.id = "x"}), kAlice, NoLoadProgress()).status,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("without guardrails")));
}

// A machine that has room for one table of ten items, beside what is live.
class LoaderDropFirstTest : public LoaderFixture {
 protected:
  LoaderDropFirstTest() {
    drop_first_ = true;
    Restart();
    MustLoad({.id = "old", .score = 500});
    // Not enough, but for what the live one gives back.
    available_memory_ = TableBuilder::EstimateBytes(10, 20, 1, 0) - 1;
    fail_point_ = [this](LoadPhase phase) {
      serving_.push_back(Score());
      return phase == fails_in_ ? absl::InternalError("injected") : absl::OkStatus();
    };
  }

  std::vector<std::optional<int>> serving_;  // at the beginning of each phase
  LoadPhase fails_in_ = LoadPhase::kDone;
  const SnapshotSpec next_ = {.id = "next", .created = TestTime(1), .score = 600};
};

TEST_F(LoaderDropFirstTest, TheLiveTableMakesRoomForTheNext) {
  const LoadReport report = Load(Make(next_));
  ASSERT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
  EXPECT_EQ(report.replaced, "old");
  EXPECT_EQ(Score(), 600);
  // Waiting, verify, ingest, build with the old one; warm and publish without; then the new one.
  EXPECT_THAT(serving_,
              ::testing::ElementsAre(500, 500, 500, 500, std::nullopt, std::nullopt, 600));
  tables_->Visit([](const TableSet& live) { EXPECT_FALSE(live.replacing()); });
}

TEST_F(LoaderDropFirstTest, TheOldTableComesBackWhenTheNextFails) {
  const std::filesystem::path dir = Make(next_);
  for (const LoadPhase phase : {LoadPhase::kWarm, LoadPhase::kPublish}) {
    fails_in_ = phase;
    const LoadReport report = Load(dir);
    EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
    EXPECT_EQ(report.status.message(), "injected");
    EXPECT_EQ(Score(), 500) << LoadPhaseName(phase);
    EXPECT_EQ(Live(), "old");
    tables_->Visit([](const TableSet& live) { EXPECT_FALSE(live.replacing()); });
  }
}

TEST_F(LoaderDropFirstTest, WhatIsDamagedIsRefusedBeforeAnythingIsDropped) {
  const std::filesystem::path dir = Make(next_);
  FlipByte(dir / "scores-00000.sst", 20);
  EXPECT_THAT(Load(dir).status,
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("scores-00000.sst")));
  EXPECT_THAT(serving_, ::testing::Each(500));
}

TEST_F(LoaderDropFirstTest, WhatWouldNotFitEvenThenIsRefused) {
  const LoadReport report =
      Load(Make({.id = "huge", .created = TestTime(1), .items = 20'000, .items_per_file = 20'000}));
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kResourceExhausted,
                                      HasSubstr("once the live one is gone")));
  EXPECT_EQ(Score(), 500);
}

TEST_F(LoaderDropFirstTest, ACheckSaysWhereTheTwoCanBeCompared) {
  guardrails_.emplace();
  available_memory_ = int64_t{1} << 40;
  Restart();
  loader_->Restore();
  available_memory_ = TableBuilder::EstimateBytes(10, 20, 1, 0) - 1;
  const std::filesystem::path dir = Make(next_);
  EXPECT_THAT(loader_->Check(dir, kAlice, NoLoadProgress()).status,
              StatusIs(absl::StatusCode::kResourceExhausted,
                       AllOf(HasSubstr("no room to compare two tables"), HasSubstr("--against"),
                             Not(HasSubstr("or serve with")))));
  EXPECT_EQ(Load(dir).outcome, LoadOutcome::kPublished);
}

TEST_F(LoaderDropFirstTest, IsNotDoneUnlessItWasAskedFor) {
  drop_first_ = false;
  available_memory_ = int64_t{1} << 40;
  Restart();
  loader_->Restore();
  available_memory_ = 0;
  EXPECT_THAT(Load(Make(next_)).status,
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("--drop-first")));
  EXPECT_EQ(Score(), 500);
}

}  // namespace
}  // namespace oasis::testing
