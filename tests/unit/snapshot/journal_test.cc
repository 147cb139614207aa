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
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries, store->ReadJournal(2));
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
  EXPECT_TRUE(store->ReadJournal(0)->empty());
}

TEST(JournalTest, GoesOnAfterARestart) {
  const TempDir temp;
  ASSERT_THAT(OpenStore(temp / "data")->Journal(Entry("before")), IsOk());
  const auto store = OpenStore(temp / "data");
  ASSERT_THAT(store->Journal(Entry("after")), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries, store->ReadJournal(10));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].sequence, 2);
  EXPECT_EQ(entries[1].detail, "before");
}

TEST(JournalTest, KeepsBytesThatAreNoText) {
  const TempDir temp;
  const auto store = OpenStore(temp / "data");
  ASSERT_THAT(store->Journal(Entry("/data/\xff/x")), IsOk());
  EXPECT_THAT(store->ReadJournal(1)->front().detail, HasSubstr("/x"));
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
};

TEST_F(JournalStateTest, DropsTheOldestBeyondItsLimit) {
  Put(JournalKey(1), EncodeJournalEntry(Entry("oldest")));
  Put(JournalKey(kMaxJournalEntries), EncodeJournalEntry(Entry("newest")));
  OASIS_ASSERT_OK_AND_ASSIGN(JournalLog journal, JournalLog::Open(*state_));
  ASSERT_THAT(journal.Append(Entry("next")), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries, journal.Read(10));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].sequence, kMaxJournalEntries + 1);
  EXPECT_EQ(entries[1].detail, "newest");
}

TEST_F(JournalStateTest, TellsOfAnEntryThatItCannotRead) {
  Put(JournalKey(7), "{\"version\":1}");
  OASIS_ASSERT_OK_AND_ASSIGN(JournalLog journal, JournalLog::Open(*state_));
  ASSERT_THAT(journal.Append(Entry("next")), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<JournalEntry> entries, journal.Read(10));
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

}  // namespace
}  // namespace oasis::testing
