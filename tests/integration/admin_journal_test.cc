// The journal as clients of the admin service see it.
#include <string>

#include "oasis/limits.h"
#include "rpc/time.h"
#include "support/admin_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using AdminJournalTest = AdminFixture;

TEST_F(AdminJournalTest, TheJournalSaysWhoDidWhatAndWhy) {
  ASSERT_TRUE(LoadFrom(Make({.id = "s1"})).ok());
  ASSERT_FALSE(Publish("s9").ok());
  ASSERT_TRUE(ListJournal(0).ok());
  ASSERT_EQ(journal_.entries_size(), 2);
  const v1::JournalEntry& load = journal_.entries(1);
  EXPECT_EQ(load.sequence(), 1);
  EXPECT_THAT(load.actor(), StartsWith("user alice at ipv4:127.0.0.1:"));
  EXPECT_EQ(load.action(), "load");
  EXPECT_EQ(load.score_set(), "discovery-mode");
  EXPECT_EQ(load.variant(), "control");
  EXPECT_EQ(load.snapshot_id(), "s1");
  EXPECT_EQ(load.outcome(), "ok");
  EXPECT_THAT(load.detail(), AllOf(HasSubstr("a test"), HasSubstr("control-s1")));
  EXPECT_GT(GetTime(load.time()), TestTime(0));
  EXPECT_THAT(journal_.entries(0).actor(), StartsWith("ipv4:"));
  EXPECT_EQ(journal_.entries(0).outcome(), "NOT_FOUND");
  ASSERT_TRUE(ListJournal(1).ok());
  EXPECT_EQ(journal_.entries_size(), 1);
}

TEST_F(AdminJournalTest, TheJournalFitsInAMessage) {
  JournalEntry entry;
  entry.actor = entry.action = entry.outcome = entry.detail =
      std::string(kMaxJournalTextBytes, 'x');
  entry.table = {entry.actor, entry.actor};  // as versions before this one let in
  entry.snapshot_id = entry.actor;
  for (int i = 0; i < 1200; ++i) ASSERT_THAT(store_->Journal(entry), IsOk());
  ASSERT_TRUE(ListJournal(kMaxJournalEntries).ok());
  EXPECT_LT(journal_.entries_size(), 1200);
  EXPECT_EQ(journal_.entries(0).sequence(), 1200);
  v1::ListJournalRequest rest;
  rest.set_before_sequence(journal_.entries().rbegin()->sequence());
  rest.set_limit(2);
  ASSERT_TRUE(Call(&v1::SnapshotAdmin::Stub::ListJournal, rest, &journal_).ok());
  ASSERT_EQ(journal_.entries_size(), 2);
  EXPECT_EQ(journal_.entries(0).sequence(), rest.before_sequence() - 1);
}

TEST_F(AdminJournalTest, RefusesAnActionThatThereIsNot) {
  ASSERT_TRUE(LoadFrom(Make({.id = "s1"})).ok());
  ASSERT_TRUE(ListJournal(0, "load").ok());
  EXPECT_EQ(journal_.entries_size(), 1);
  ASSERT_TRUE(ListJournal(0, "pin").ok());
  EXPECT_EQ(journal_.entries_size(), 0);
  EXPECT_THAT(ListJournal(0, "loads"),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("load, check")));
}

TEST_F(AdminJournalTest, RefusesAJournalLimitOutOfItsRange) {
  EXPECT_THAT(ListJournal(-1), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("-1")));
  EXPECT_THAT(ListJournal(kMaxJournalEntries + 1),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("limit")));
}

}  // namespace
}  // namespace oasis::testing
