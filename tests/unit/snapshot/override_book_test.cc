#include "oasis/override_book.h"

#include <functional>
#include <string>

#include "unit/snapshot/override_book_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using OverrideBookTest = OverrideBookFixture;

TEST_F(OverrideBookTest, WhatIsPutHoldsAtOnceAndThroughSwapsAndRestarts) {
  MustLoad({.id = "s1"});
  OASIS_ASSERT_OK_AND_ASSIGN(const OverrideBook::Change change,
                             book_->Put(SuppressItem(3), kAlice));
  EXPECT_EQ(change.override.author, "alice");
  EXPECT_EQ(change.override.created, now_);
  EXPECT_FALSE(change.replaced);
  EXPECT_EQ(told_, 1U);
  EXPECT_THAT(change.journaled, IsOk());
  EXPECT_EQ(StatusOf(3), ItemStatus::kSuppressed);
  EXPECT_EQ(StatusOf(4), ItemStatus::kFound);
  MustLoad({.id = "s2"});
  EXPECT_EQ(StatusOf(3), ItemStatus::kSuppressed);
  RestartWithBook();
  EXPECT_EQ(StatusOf(3), ItemStatus::kSuppressed);
  EXPECT_THAT(book_->List(), ElementsAre(change.override));
}

TEST_F(OverrideBookTest, AnIdIsMadeUpAndOnePutAgainReplaces) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(1), kAlice), IsOk());
  ASSERT_THAT(book_->Put(SuppressItem(2), kAlice), IsOk());
  EXPECT_THAT(Ids(), ElementsAre("20250601-094000", "20250601-094000-2"));
  OASIS_ASSERT_OK_AND_ASSIGN(const auto change,
                             book_->Put(SuppressItem(5, "20250601-094000"), kAlice));
  EXPECT_TRUE(change.replaced);
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_EQ(StatusOf(5), ItemStatus::kSuppressed);
}

TEST_F(OverrideBookTest, WhatIsDeletedHoldsNoMore) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(1, "o1"), kAlice), IsOk());
  EXPECT_THAT(book_->Delete("o1", {"bob", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason")));
  ASSERT_THAT(book_->Delete("o1", {"bob", "settled"}), IsOk());
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_THAT(book_->Delete("o1", {"bob", "settled"}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'o1'")));
  RestartWithBook();
  EXPECT_THAT(Ids(), IsEmpty());
}

TEST_F(OverrideBookTest, OneIsRenewedByItsIdAlone) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(1, "o1"), kAlice), IsOk());
  now_ = TestTime(500);
  EXPECT_THAT(book_->Renew("o1", TestTime(900), {"bob", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason")));
  EXPECT_THAT(book_->Renew("o1", TestTime(500), kAlice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not after now")));
  EXPECT_THAT(book_->Renew("o2", TestTime(900), kAlice),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'o2'")));
  ASSERT_THAT(book_->Renew("o1", TestTime(900), {"bob", "not settled"}), IsOk());
  EXPECT_THAT(LastEntry().detail,
              AllOf(HasSubstr("renewal of o1: suppress item"), HasSubstr("; not settled")));
  now_ = TestTime(899);
  EXPECT_EQ(StatusOf(1), ItemStatus::kSuppressed);
  EXPECT_THAT(Ids(), ElementsAre("o1"));
}

TEST_F(OverrideBookTest, WhatHasExpiredIsGoneAndLeavesTheStoreLater) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(1, "o1"), kAlice), IsOk());
  now_ = TestTime(600);
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_THAT(Ids(), IsEmpty());
  EXPECT_THAT(book_->Delete("o1", kAlice), StatusIs(absl::StatusCode::kNotFound, HasSubstr("o1")));
  EXPECT_EQ(store_->Overrides()->size(), 1U);
  now_ += absl::Hours(24 * kKeptExpiredOverrideDays);
  EXPECT_THAT(book_->Delete("o1", kAlice), StatusIs(absl::StatusCode::kNotFound, HasSubstr("o1")));
  EXPECT_THAT(*store_->Overrides(), IsEmpty());
}

TEST_F(OverrideBookTest, WhatIsPutUnderTheIdOfAnExpiredOneReplacesNothing) {
  MustLoad({.id = "s1"});
  ASSERT_THAT(book_->Put(SuppressItem(1, "o1"), kAlice), IsOk());
  now_ = TestTime(600);
  Override again = SuppressItem(2, "o1");
  again.expires = TestTime(900);
  OASIS_ASSERT_OK_AND_ASSIGN(const auto change, book_->Put(again, kAlice));
  EXPECT_FALSE(change.replaced);
  EXPECT_EQ(StatusOf(1), ItemStatus::kFound);
  EXPECT_EQ(StatusOf(2), ItemStatus::kSuppressed);
}

TEST_F(OverrideBookTest, WhatIsRefusedChangesNothing) {
  Override bad = SuppressItem(1, "o1");
  bad.expires = now_;
  EXPECT_THAT(book_->Put(bad, kAlice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expires")));
  EXPECT_THAT(Ids(), IsEmpty());
}

TEST_F(OverrideBookTest, SaysHowMuchItIsAboutOrThatItIsAboutNothing) {
  OASIS_ASSERT_OK_AND_ASSIGN(auto change, book_->Put(SuppressItem(3, "o"), kAlice));
  EXPECT_EQ(change.missing, "nothing is live yet");
  MustLoad({.id = "s1"});
  OASIS_ASSERT_OK_AND_ASSIGN(change, book_->Put(SuppressItem(3, "o"), kAlice));
  EXPECT_EQ(change.missing, "");
  EXPECT_EQ(change.about, "an item in 1 live table");
  EXPECT_THAT(store_->ReadJournal({.limit = 1})->at(0).detail,
              HasSubstr("; in place of suppress item spotify:track:"));

  const auto missing = [&](const std::function<void(Override&)>& edit) {
    Override override = SuppressItem(3, "o");
    edit(override);
    absl::StatusOr<OverrideBook::Change> put = book_->Put(override, kAlice);
    return put.ok() ? put->missing : put.status().ToString();
  };
  EXPECT_THAT(missing([](Override& o) {
                o.item_uri = FormatTrackUri({9, 9});
              }),
              HasSubstr("no live table has spotify:track:"));
  EXPECT_THAT(missing([](Override& o) { o.item_uri = "", o.campaign = "nonexistent"; }),
              HasSubstr("no live campaign is 'nonexistent'"));
  EXPECT_THAT(missing([](Override& o) { o.item_uri = "", o.licensor = "Grupp"; }),
              HasSubstr("of the licensor 'Grupp'"));
  EXPECT_THAT(missing([](Override& o) { o.surface = "rdaio"; }), HasSubstr("surface 'rdaio'"));
  EXPECT_THAT(missing([](Override& o) { o.market = "UK"; }), HasSubstr("names the market 'UK'"));
  EXPECT_EQ(missing([](Override& o) { o.market = "SE"; }), "");
  EXPECT_THAT(missing([](Override& o) { o.score_set = "nope"; }), HasSubstr("score set is 'nope'"));
  EXPECT_THAT(missing([](Override& o) { o.action = OverrideAction::kCap, o.signal = "nosuch"; }),
              HasSubstr("signal 'nosuch'"));
  EXPECT_EQ(missing([](Override& o) {
              o.action = OverrideAction::kSet, o.item_uri = FormatTrackUri({9, 9});
            }),
            "");  // needs no row
}

TEST_F(OverrideBookTest, ARecordThatCannotBeReadKeepsTheServerFromStarting) {
  Override odd = SuppressItem(1, "o1");
  odd.action = static_cast<OverrideAction>(7);
  ASSERT_THAT(store_->PutOverrides({odd}), IsOk());
  EXPECT_THAT(OverrideBook::Open(store_, tables_, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("override/o1")));
}

}  // namespace
}  // namespace oasis::testing
