#include "snapshot/store/journal.h"

#include <string>
#include <vector>

#include "oasis/limits.h"
#include "oasis/store.h"
#include "snapshot/store/store_records.h"
#include "support/snapshot_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

JournalEntry Entry(const std::string& detail) {
  return {.time = TestTime(1),
          .actor = "alice",
          .action = "load",
          .table = {"discovery-mode", "control"},
          .snapshot_id = "a",
          .outcome = "ok",
          .detail = detail};
}

TEST(JournalTest, TellsWhatWasDoneNewestFirst) {
  const TempDir temp;
  const auto store = OpenStore(temp / "data");
  for (const char* detail : {"one", "two", "three"}) {
    ASSERT_THAT(store->Journal(Entry(detail)), IsOk());
  }
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries,
                             store->ReadJournal({.limit = 2}));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].detail, "three");
  EXPECT_EQ(entries[0].sequence, 3);
  EXPECT_EQ(entries[1].detail, "two");
  EXPECT_EQ(entries[1].time, TestTime(1));
  EXPECT_EQ(entries[1].actor, "alice");
  EXPECT_EQ(entries[1].action, "load");
  EXPECT_EQ(entries[1].table, (TableName{"discovery-mode", "control"}));
  EXPECT_EQ(entries[1].snapshot_id, "a");
  EXPECT_EQ(entries[1].outcome, "ok");
  EXPECT_TRUE(store->ReadJournal({.limit = 0})->empty());
}

TEST(JournalTest, GoesOnAfterARestart) {
  const TempDir temp;
  ASSERT_THAT(OpenStore(temp / "data")->Journal(Entry("before")), IsOk());
  const auto store = OpenStore(temp / "data");
  ASSERT_THAT(store->Journal(Entry("after")), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries,
                             store->ReadJournal({.limit = 10}));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].sequence, 2);
  EXPECT_EQ(entries[1].detail, "before");
}

TEST(JournalTest, KeepsBytesThatAreNoText) {
  const TempDir temp;
  const auto store = OpenStore(temp / "data");
  ASSERT_THAT(store->Journal(Entry("/data/\xff/x")), IsOk());
  EXPECT_THAT(store->ReadJournal({.limit = 1})->front().detail, HasSubstr("/x"));
}

class JournalStateTest : public ::testing::Test {
 protected:
  TempDir temp_;
  std::unique_ptr<StateDb> state_ = *StateDb::Open(temp_ / "state");

  void Put(const std::string& key, const std::string& value) {
    rocksdb::WriteBatch batch;
    batch.Put(key, value);
    ASSERT_THAT(state_->Write(std::move(batch)), IsOk());
  }
  // From sequence 2 on.
  void Fill(int size, const JournalEntry& entry) {
    rocksdb::WriteBatch batch;
    for (int i = 2; i < 2 + size; ++i) batch.Put(JournalKey(i), EncodeJournalEntry(entry));
    ASSERT_THAT(state_->Write(std::move(batch)), IsOk());
  }
};

TEST_F(JournalStateTest, DropsTheOldestBeyondItsLimit) {
  Fill(kMaxJournalEntries, Entry("old"));
  OASIS_ASSERT_OK_AND_ASSIGN(JournalLog journal, JournalLog::Open(*state_));
  ASSERT_THAT(journal.Append(Entry("next")), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries,
                             journal.Read({.limit = kMaxJournalEntries}));
  ASSERT_EQ(entries.size(), kMaxJournalEntries - kMaxJournalNotes + 0U);
  EXPECT_EQ(entries.front().sequence, kMaxJournalEntries + 2);
  EXPECT_EQ(entries.back().sequence, kMaxJournalNotes + 3);
}

TEST_F(JournalStateTest, WhatChangedNothingDropsOnlyItsLike) {
  JournalEntry check = Entry("a check");
  check.action = "check";
  JournalEntry withheld = Entry("pinned");
  withheld.actor = "watcher";
  withheld.outcome = "FAILED_PRECONDITION";
  JournalEntry refused = Entry("no such override");
  refused.action = "override-refused";
  ASSERT_TRUE(IsNote(check) && IsNote(withheld) && IsNote(refused));
  JournalEntry failed = Entry("may be on the disk");
  failed.action = "override-delete";
  failed.outcome = "DATA_LOSS";
  ASSERT_FALSE(IsNote(failed) || IsNote(Entry("")));
  Put(JournalKey(1), EncodeJournalEntry(Entry("who did it")));
  Fill(kMaxJournalNotes, check);
  OASIS_ASSERT_OK_AND_ASSIGN(JournalLog journal, JournalLog::Open(*state_));
  for (const JournalEntry& note : {withheld, check, refused}) {
    ASSERT_THAT(journal.Append(note), IsOk());
  }
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries,
                             journal.Read({.limit = kMaxJournalEntries}));
  ASSERT_EQ(entries.size(), kMaxJournalNotes + 1U);
  EXPECT_EQ(entries.front().detail, "no such override");
  EXPECT_EQ(entries.back().detail, "who did it");
}

TEST_F(JournalStateTest, TellsOfAnEntryThatItCannotRead) {
  Put(JournalKey(7), "{\"version\":1}");
  OASIS_ASSERT_OK_AND_ASSIGN(JournalLog journal, JournalLog::Open(*state_));
  ASSERT_THAT(journal.Append(Entry("next")), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries, journal.Read({.limit = 10}));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].sequence, 7);
  EXPECT_EQ(entries[1].outcome, "DATA_LOSS");
  EXPECT_THAT(entries[1].detail, HasSubstr("time"));
}

TEST_F(JournalStateTest, RefusesAKeyThatIsNoSequence) {
  Put("journal/x", "{}");
  EXPECT_THAT(JournalLog::Open(*state_),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("journal/x")));
}

TEST(StoreRecordsTest, RefusesOtherVersionsAndBytes) {
  EXPECT_THAT(DecodeTableRecord("\x01\x02"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no JSON object")));
  EXPECT_THAT(DecodeTableRecord(R"({"version":2,"live":"a","pinned":""})"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("version 2")));
  EXPECT_THAT(DecodeTableRecord(R"({"version":1,"live":"a"})"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("pinned")));
}

TEST(JournalTest, ShowsOnlyWhatIsAskedFor) {
  const TempDir temp;
  const auto store = OpenStore(temp / "data");
  JournalEntry entry = Entry("one");
  ASSERT_THAT(store->Journal(entry), IsOk());
  entry = {.time = TestTime(2),
           .actor = "Bob at x",
           .action = "pin",
           .table = {"other", "b"},
           .snapshot_id = "s2",
           .outcome = "NOT_FOUND",
           .detail = "two"};
  ASSERT_THAT(store->Journal(entry), IsOk());
  const auto details = [&store](const JournalFilter& filter) {
    std::string found;
    const auto entries = *store->ReadJournal(filter);
    for (const JournalEntry& read : entries) found += read.detail + " ";
    return found;
  };
  EXPECT_EQ(details({}), "two one ");
  EXPECT_EQ(details({.actor = "bob"}), "two ");
  EXPECT_EQ(details({.action = "load"}), "one ");
  EXPECT_EQ(details({.score_set = "other"}), "two ");
  EXPECT_EQ(details({.variant = "control"}), "one ");
  EXPECT_EQ(details({.snapshot_id = "s2"}), "two ");
  EXPECT_EQ(details({.before_sequence = 2}), "one ");
  EXPECT_EQ(details({.outcome = "failed"}), "two ");
  EXPECT_EQ(details({.outcome = "ok"}), "one ");
  EXPECT_EQ(details({.since = TestTime(2)}), "two ");
  EXPECT_EQ(details({.until = TestTime(2)}), "one ");
  EXPECT_EQ(details({.limit = 1, .action = "load"}), "one ");
  EXPECT_EQ(details({.actor = "alice", .action = "pin"}), "");
}

TEST(JournalTest, LetsGoOfWhatIsTooOld) {
  const TempDir temp;
  const auto store = OpenStore(temp / "data");
  JournalEntry entry = Entry("old");
  for (int i = 0; i < 3; ++i) ASSERT_THAT(store->Journal(entry), IsOk());
  entry.detail = "kept";
  entry.time += absl::Hours(24);
  ASSERT_THAT(store->Journal(entry), IsOk());
  entry.detail = "new";
  entry.time += absl::Hours(24 * kMaxJournalDays);
  ASSERT_THAT(store->Journal(entry), IsOk());
  const auto entries = *store->ReadJournal({});
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].detail, "new");
  EXPECT_EQ(entries[1].detail, "kept");
}

}  // namespace
}  // namespace oasis::testing
