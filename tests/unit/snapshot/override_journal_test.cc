// What changes of overrides leave in the journal, done or refused.
#include <string>

#include "oasis/limits.h"
#include "unit/snapshot/override_book_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using OverrideJournalTest = OverrideBookFixture;

TEST_F(OverrideJournalTest, TellsWhoDidWhatAndWhy) {
  Override cap = SuppressItem(1, "o1");
  cap.item_uri = "";
  cap.licensor = "acme";
  cap.action = OverrideAction::kCap;
  cap.score = 0.25F;
  cap.market = "SE";
  ASSERT_THAT(book_->Put(cap, kAlice), IsOk());
  EXPECT_EQ(LastEntry().action, "override");
  EXPECT_EQ(LastEntry().actor, "alice");
  EXPECT_EQ(LastEntry().outcome, "ok");
  EXPECT_EQ(LastEntry().detail,
            "o1: cap 0.25 licensor 'acme' on */SE until 2025-06-01T18:00:00Z; a test");
  ASSERT_THAT(book_->Delete("o1", {"bob", "settled"}), IsOk());
  EXPECT_EQ(LastEntry().action, "override-delete");
  EXPECT_EQ(LastEntry().actor, "bob");
  EXPECT_THAT(LastEntry().detail, HasSubstr("; settled"));
}

TEST_F(OverrideJournalTest, TellsWhatWasAskedWhenAPutIsRefused) {
  Override far = SuppressItem(1);
  far.score_set = "other";
  far.expires = now_ + absl::Hours(24 * kMaxOverrideDays + 1);
  ASSERT_FALSE(book_->Put(far, kAlice).ok());
  EXPECT_EQ(LastEntry().action, "override-refused");
  EXPECT_EQ(LastEntry().actor, "alice");
  EXPECT_EQ(LastEntry().time, now_);
  EXPECT_EQ(LastEntry().table.score_set, "other");
  EXPECT_EQ(LastEntry().outcome, "INVALID_ARGUMENT");
  EXPECT_THAT(LastEntry().detail,
              AllOf(StartsWith("suppress item " + UriOf(1)), HasSubstr("; a test; expires is")));
  far.id = "o1";
  ASSERT_FALSE(book_->Put(far, kAlice).ok());
  EXPECT_THAT(LastEntry().detail, StartsWith("o1: suppress item"));
}

TEST_F(OverrideJournalTest, TellsWhatWasAskedWhenThereIsNoneToEndOrRenew) {
  const Caller bob = {"bob", "settled"};
  ASSERT_FALSE(book_->Delete("o1", bob).ok());
  EXPECT_EQ(LastEntry().action, "override-refused");
  EXPECT_EQ(LastEntry().actor, "bob");
  EXPECT_EQ(LastEntry().outcome, "NOT_FOUND");
  EXPECT_THAT(LastEntry().detail, StartsWith("delete of o1; settled; there is no override 'o1'"));
  ASSERT_FALSE(book_->DeleteBatch("b1", bob).ok());
  EXPECT_EQ(LastEntry().action, "override-refused");
  EXPECT_THAT(LastEntry().detail,
              StartsWith("delete of batch b1; settled; there is no override of a batch"));
  ASSERT_FALSE(book_->Renew("o1", TestTime(900), bob).ok());
  EXPECT_EQ(LastEntry().action, "override-refused");
  EXPECT_THAT(LastEntry().detail, StartsWith("renewal of o1; settled; there is no override 'o1'"));
  ASSERT_FALSE(book_->RenewBatch("b1", TestTime(900), bob).ok());
  EXPECT_THAT(LastEntry().detail, StartsWith("renewal of batch b1; settled; "));
  ASSERT_FALSE(book_->Delete("o1", {"bob", ""}).ok());
  EXPECT_EQ(LastEntry().detail, "delete of o1; reason is empty: say it");
}

TEST_F(OverrideJournalTest, TellsWhatWasAskedWhenABatchIsRefused) {
  ASSERT_FALSE(book_->PutBatch(Decision(), {UriOf(1), "spotify:track:short"}, kAlice).ok());
  EXPECT_EQ(LastEntry().action, "override-refused");
  EXPECT_EQ(LastEntry().outcome, "INVALID_ARGUMENT");
  EXPECT_THAT(LastEntry().detail,
              AllOf(StartsWith("batch of 2 items: suppress on "), HasSubstr("; a test; item_uri"),
                    HasSubstr("'spotify:track:short'")));
  ASSERT_FALSE(book_->PutBatch(Decision(), {}, kAlice).ok());
  EXPECT_THAT(LastEntry().detail, EndsWith("item_uris is empty: name the items"));
}

TEST_F(OverrideJournalTest, KeepsARefusedTextShortAndOnOneLine) {
  Override odd = SuppressItem(1);
  odd.item_uri.clear();
  odd.licensor = "acme\n\x1b[2J" + std::string(100'000, 'x');
  odd.score_set = "\r";
  for (int i = 0; i < 50'000; ++i) odd.score_set += "é";
  ASSERT_FALSE(book_->Put(odd, kAlice).ok());
  EXPECT_THAT(LastEntry().detail, StartsWith("suppress licensor 'acme??[2Jxxx"));
  EXPECT_THAT(LastEntry().detail, HasSubstr("; licensor has 100009 bytes: give at most"));
  EXPECT_LT(LastEntry().detail.size(), kMaxJournalTextBytes);
  EXPECT_THAT(LastEntry().table.score_set, AllOf(StartsWith("?é"), EndsWith("é")));
  EXPECT_EQ(LastEntry().table.score_set.size(), kMaxNameBytes - 1);  // no half of a letter
}

}  // namespace
}  // namespace oasis::testing
