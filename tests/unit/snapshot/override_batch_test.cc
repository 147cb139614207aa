// Batches of overrides: one decision for many items, and what room they take.
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "unit/snapshot/override_book_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OverrideBatchTest : public OverrideBookFixture {
 protected:
  static std::vector<std::string> UrisOf(int first, int size) {
    std::vector<std::string> items;
    for (int i = first; i < first + size; ++i) items.push_back(UriOf(i));
    return items;
  }
  // As many as batches may have.
  std::string PutFullBatch() {
    auto batch = book_->PutBatch(Decision(), UrisOf(0, kMaxOverrides - kReservedOverrides), kAlice);
    EXPECT_THAT(batch, IsOk());
    return batch->id;
  }
};

TEST_F(OverrideBatchTest, ABatchHoldsAtOnceAndEndsAtOnce) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(9, "z"), kAlice), IsOk());
  const std::vector<std::string> items = {UriOf(3), UriOf(1), UriOf(3), UriOf(100'000)};
  OASIS_ASSERT_OK_AND_ASSIGN(const auto batch, book_->PutBatch(Decision(), items, kAlice));
  EXPECT_EQ(batch.id, "20250601-094000");
  EXPECT_EQ(batch.size, 3);
  EXPECT_EQ(batch.missing, 1);
  EXPECT_THAT(batch.why_missing, HasSubstr(UriOf(100'000)));
  EXPECT_THAT(Ids(), ElementsAre("20250601-094000-00001", "20250601-094000-00002",
                                 "20250601-094000-00003", "z"));
  EXPECT_EQ(StatusOf(1), ItemStatus::kSuppressed);
  EXPECT_EQ(StatusOf(3), ItemStatus::kSuppressed);
  EXPECT_EQ(StatusOf(4), ItemStatus::kFound);
  EXPECT_EQ(LastEntry().action, "override");
  EXPECT_THAT(LastEntry().detail, AllOf(HasSubstr("batch 20250601-094000, 3 items"),
                                        HasSubstr(UriOf(3)), HasSubstr("a test")));
  const std::vector<Override> held = book_->List();
  RestartWithBook();
  EXPECT_EQ(book_->List(), held);
  EXPECT_EQ(StatusOf(1), ItemStatus::kSuppressed);
  ASSERT_THAT(book_->DeleteBatch(batch.id, {"bob", "settled"}), IsOk());
  EXPECT_THAT(Ids(), ElementsAre("z"));
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_THAT(LastEntry().detail, AllOf(HasSubstr("3 items"), HasSubstr("settled")));
  EXPECT_THAT(book_->DeleteBatch(batch.id, kAlice),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(batch.id)));
}

TEST_F(OverrideBatchTest, BatchesOfOneSecondHaveDifferentIds) {
  MustLoad({.id = "s1"});
  OASIS_ASSERT_OK_AND_ASSIGN(const auto one, book_->PutBatch(Decision(), {UriOf(1)}, kAlice));
  OASIS_ASSERT_OK_AND_ASSIGN(const auto two, book_->PutBatch(Decision(), {UriOf(2)}, kAlice));
  EXPECT_NE(one.id, two.id);
  ASSERT_THAT(book_->DeleteBatch(one.id, kAlice), IsOk());
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_EQ(StatusOf(2), ItemStatus::kSuppressed);
}

TEST_F(OverrideBatchTest, ABatchWithABadItemOrTooManyChangesNothing) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(9, "z"), kAlice), IsOk());
  EXPECT_THAT(book_->PutBatch(Decision(), {UriOf(1), "spotify:track:short"}, kAlice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("spotify:track:short")));
  EXPECT_THAT(book_->PutBatch(Decision(), {}, kAlice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("item_uris")));
  std::vector<std::string> items = UrisOf(0, kMaxOverrides - kReservedOverrides);
  EXPECT_THAT(book_->PutBatch(Decision(), items, kAlice),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("20000")));
  EXPECT_THAT(Ids(), ElementsAre("z"));
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  items.pop_back();
  EXPECT_THAT(book_->PutBatch(Decision(), items, kAlice), IsOk());
}

TEST_F(OverrideBatchTest, BatchesLeaveRoomToStopOneMore) {
  MustLoad({.id = "s1"});
  PutFullBatch();
  EXPECT_THAT(book_->PutBatch(Decision(), UrisOf(100'000, 1), kAlice),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("19000 may be of batches")));
  EXPECT_THAT(book_->Put(SuppressItem(100'001), kAlice), IsOk());
  Override licensor = Decision();
  licensor.licensor = "acme";
  EXPECT_THAT(book_->Put(licensor, kAlice), IsOk());
  Override campaign = Decision();
  campaign.campaign = "c1";
  EXPECT_THAT(book_->Put(campaign, kAlice), IsOk());
  EXPECT_EQ(book_->List().size(), kMaxOverrides - kReservedOverrides + 3U);
}

TEST_F(OverrideBatchTest, WhatHasExpiredMakesRoomAsSoonAsItIsWanted) {
  MustLoad({.id = "s1"});
  PutFullBatch();
  now_ = TestTime(600);
  Override again = Decision();
  again.expires = TestTime(900);
  EXPECT_THAT(book_->PutBatch(again, UrisOf(100'000, 2), kAlice), IsOk());
  EXPECT_EQ(store_->Overrides()->size(), 2U);
}

TEST_F(OverrideBatchTest, ABatchIsRenewedInOneGoAlsoWhenThereIsNoRoom) {
  MustLoad({.id = "s1"});
  const std::string id = PutFullBatch();
  ASSERT_THAT(book_->Put(SuppressItem(100'000, "z"), kAlice), IsOk());
  now_ = TestTime(500);
  OASIS_ASSERT_OK_AND_ASSIGN(const auto batch,
                             book_->RenewBatch(id, TestTime(900), {"bob", "not settled"}));
  EXPECT_EQ(batch.size, kMaxOverrides - kReservedOverrides);
  EXPECT_EQ(batch.first.author, "bob");
  EXPECT_EQ(batch.first.reason, "not settled");
  EXPECT_THAT(LastEntry().detail, AllOf(HasSubstr("renewal of batch " + id),
                                        HasSubstr("19000 items"), HasSubstr("not settled")));
  now_ = TestTime(600);
  EXPECT_EQ(StatusOf(1), ItemStatus::kSuppressed);
  EXPECT_EQ(book_->List().size(), kMaxOverrides - kReservedOverrides + 0U);  // all but z
  RestartWithBook();
  EXPECT_EQ(StatusOf(1), ItemStatus::kSuppressed);
  now_ = TestTime(900);
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_THAT(book_->RenewBatch(id, TestTime(999), kAlice),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(id)));
}

}  // namespace
}  // namespace oasis::testing
