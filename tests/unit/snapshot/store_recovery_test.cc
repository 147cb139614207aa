#include <fstream>
#include <string>
#include <vector>

#include "oasis/store.h"
#include "snapshot/store/catalog.h"
#include "snapshot/store/state_db.h"
#include "support/snapshot_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TableName kTable = {"discovery-mode", "control"};

class StoreRecoveryTest : public ::testing::Test {
 protected:
  // Leaves a closed store with snapshots a and b, b live.
  void SetUp() override {
    const auto store = OpenStore(data_);
    for (const char* id : {"a", "b"}) {
      const Manifest manifest = MakeSnapshot(temp_ / id, {.id = id, .created = TestTime(3)});
      ASSERT_THAT(store->Accept(temp_ / id, manifest, TestTime(5), NoProgress()), IsOk());
      ASSERT_THAT(store->MarkLive(kTable, id, TestTime(++minutes_)), IsOk());
    }
  }

  std::unique_ptr<Store> Reopen() {
    auto store = Store::Open({.dir = data_, .observer = [this](const absl::Status& status) {
                                told_.push_back(status);
                              }});
    EXPECT_THAT(store, IsOk());
    return *std::move(store);
  }
  void PutState(const std::string& key, const std::string& value) {
    const auto state = *StateDb::Open(data_ / "state");
    rocksdb::WriteBatch batch;
    batch.Put(key, value);
    ASSERT_THAT(state->Write(std::move(batch)), IsOk());
  }

  TempDir temp_;
  const std::filesystem::path data_ = temp_ / "data";
  const std::filesystem::path table_ = data_ / "snapshots/discovery-mode/control";
  int minutes_ = 10;
  std::vector<absl::Status> told_;
};

TEST_F(StoreRecoveryTest, KeepsEverythingOverARestart) {
  { ASSERT_THAT(Reopen()->Pin(kTable, "a"), IsOk()); }
  const auto store = Reopen();
  EXPECT_EQ(*store->Live(kTable), "b");
  EXPECT_EQ(*store->Pinned(kTable), "a");
  EXPECT_EQ(*store->NewestPublished(kTable), TestTime(3));
  EXPECT_THAT(*store->List(), SizeIs(2));
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(StoreRecoveryTest, RefusesASecondServerOnTheDirectory) {
  const auto store = Reopen();
  EXPECT_THAT(
      Store::Open({.dir = data_}),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               AllOf(HasSubstr(data_.string()), HasSubstr("process " + std::to_string(getpid())))));
}

TEST_F(StoreRecoveryTest, RefusesADirectoryThatIsAFile) {
  WriteFile(temp_ / "file", "x");
  EXPECT_THAT(Store::Open({.dir = temp_ / "file"}).status().message(), HasSubstr("file"));
  EXPECT_THAT(Store::Open({.dir = temp_ / "file/below"}).status().message(),
              HasSubstr("Not a directory"));
}

TEST_F(StoreRecoveryTest, RefusesADirectoryItMayNotWriteTo) {
  EXPECT_THAT(Store::Open({.dir = "/proc/oasis"}).status().message(), HasSubstr("/proc/oasis"));
}

TEST_F(StoreRecoveryTest, RemovesWhatAnInterruptedAcceptOrRemovalLeft) {
  std::filesystem::create_directories(table_ / ".c.accepting/db");
  std::filesystem::create_directories(table_ / ".d.removing/db");
  std::filesystem::create_directories(table_ / "e/db");  // no manifest
  const auto store = Reopen();
  EXPECT_FALSE(std::filesystem::exists(table_ / ".c.accepting"));
  EXPECT_FALSE(std::filesystem::exists(table_ / ".d.removing"));
  EXPECT_FALSE(std::filesystem::exists(table_ / "e"));
  EXPECT_THAT(*store->List(), SizeIs(2));
}

TEST_F(StoreRecoveryTest, LeavesAloneWhatIsNotItsOwn) {
  std::filesystem::create_directories(data_ / "snapshots/lost+found/x/y");
  std::filesystem::create_directories(table_ / ".mine");
  WriteFile(table_ / "notes", "x");
  Reopen();
  EXPECT_TRUE(std::filesystem::exists(data_ / "snapshots/lost+found/x/y"));
  EXPECT_TRUE(std::filesystem::exists(table_ / ".mine"));
  EXPECT_TRUE(std::filesystem::exists(table_ / "notes"));
}

TEST_F(StoreRecoveryTest, RemovesNothingThroughALink) {
  std::filesystem::create_directory_symlink(data_ / "snapshots", data_ / "snapshots/link");
  std::filesystem::create_directories(temp_ / "other/db");
  std::filesystem::create_directory_symlink(temp_ / "other", table_ / "c");
  EXPECT_THAT(*Reopen()->List(), SizeIs(2));
  EXPECT_TRUE(std::filesystem::exists(table_ / "a/MANIFEST.json"));
  EXPECT_TRUE(std::filesystem::exists(temp_ / "other/db"));
}

TEST_F(StoreRecoveryTest, ForgetsASnapshotWhoseFilesAreGone) {
  std::filesystem::remove_all(table_ / "a");
  const auto store = Reopen();
  EXPECT_THAT(*store->List(), SizeIs(1));
  ASSERT_THAT(told_, SizeIs(1));
  EXPECT_THAT(
      told_[0],
      StatusIs(absl::StatusCode::kDataLoss,
               HasSubstr("discovery-mode/control/a: its files are gone; load the snapshot again")));
}

TEST_F(StoreRecoveryTest, WhatWasBeingRemovedDoesNotComeBack) {
  std::filesystem::rename(table_ / "a", table_ / ".a.removing");  // as after a kill
  EXPECT_THAT(*Reopen()->List(), SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(table_ / ".a.removing"));
  EXPECT_THAT(*Reopen()->List(), SizeIs(1));
  EXPECT_THAT(told_, IsEmpty());  // it is no damage
}

TEST_F(StoreRecoveryTest, TellsOfASnapshotThatAnInterruptedReplaceLost) {
  std::filesystem::rename(table_ / "a", table_ / ".a.replaced");  // as after a kill
  EXPECT_THAT(*Reopen()->List(), SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(table_ / ".a.replaced"));
  ASSERT_THAT(told_, SizeIs(1));
  EXPECT_THAT(told_[0], StatusIs(absl::StatusCode::kDataLoss, HasSubstr("its files are gone")));
}

TEST_F(StoreRecoveryTest, PassesOverADirectoryUnderAnotherNameThanItsSnapshot) {
  std::filesystem::rename(table_ / "a", table_ / "c");
  const auto store = Reopen();
  EXPECT_THAT(*store->List(), SizeIs(1));
  ASSERT_THAT(told_, SizeIs(2));  // a is gone, too
  EXPECT_THAT(told_[1], StatusIs(absl::StatusCode::kDataLoss,
                                 AllOf(HasSubstr((table_ / "c").string()), HasSubstr("control/a"),
                                       HasSubstr("remove the directory"))));
}

TEST_F(StoreRecoveryTest, TakesUpWholeSnapshotsThatItsStateDoesNotKnow) {
  std::filesystem::remove_all(data_ / "state");
  const auto store = Reopen();
  EXPECT_THAT(*store->List(), SizeIs(2));
  EXPECT_EQ(*store->Live(kTable), std::nullopt);
  EXPECT_THAT(store->MarkLive(kTable, "a", TestTime(1)), IsOk());
}

TEST_F(StoreRecoveryTest, MakesAnUnreadableRecordOfASnapshotAgain) {
  PutState("snapshot/discovery-mode/control/a", "rubbish");
  const auto store = Reopen();
  EXPECT_THAT(*store->List(), SizeIs(2));
  ASSERT_THAT(told_, SizeIs(1));
  EXPECT_THAT(told_[0], StatusIs(absl::StatusCode::kDataLoss, HasSubstr("control/a")));
}

TEST_F(StoreRecoveryTest, FindsTheLiveSnapshotWithoutTheRecordOfItsTable) {
  PutState("table/discovery-mode/control", "rubbish");
  const auto store = Reopen();
  EXPECT_EQ(*store->Live(kTable), "b");
  EXPECT_EQ(*store->NewestPublished(kTable), TestTime(3));
  ASSERT_THAT(told_, SizeIs(1));
  EXPECT_THAT(told_[0],
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("table/discovery-mode/control")));
}

TEST_F(StoreRecoveryTest, PassesOverAnUnknownSnapshotWhoseManifestIsDamaged) {
  std::filesystem::remove_all(data_ / "state");
  FlipByte(table_ / "a" / "MANIFEST.json", 40);
  const auto store = Reopen();
  EXPECT_THAT(*store->List(), SizeIs(1));
  ASSERT_THAT(told_, SizeIs(1));
  EXPECT_THAT(told_[0].message(), HasSubstr((table_ / "a").string()));
  // A good copy of it takes its place.
  const Manifest manifest = *ReadManifest(temp_ / "a");
  EXPECT_THAT(store->Accept(temp_ / "a", manifest, TestTime(9), NoProgress()), IsOk());
  EXPECT_THAT(*store->List(), SizeIs(2));
}

TEST_F(StoreRecoveryTest, ReportsARecordUnderAKeyThatIsNoSnapshots) {
  PutState("snapshot/odd", EncodeSnapshotRecord({}));
  const auto state = *StateDb::Open(data_ / "state");
  EXPECT_THAT(Catalog(*state).List(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("snapshot/odd: its key")));
}

TEST_F(StoreRecoveryTest, SaysWhatToDoWhenItsStateIsDamaged) {
  for (const auto& file : std::filesystem::directory_iterator(data_ / "state")) {
    if (file.path().filename().string().rfind("MANIFEST", 0) == 0)
      WriteFile(file.path(), "rubbish");
  }
  EXPECT_THAT(Store::Open({.dir = data_}),
              StatusIs(absl::StatusCode::kDataLoss, AllOf(HasSubstr((data_ / "state").string()),
                                                          HasSubstr("move this directory away"))));
}

TEST_F(StoreRecoveryTest, MissesWritesThatWereSyncedAndAreGone) {
  for (const auto& file : std::filesystem::directory_iterator(data_ / "state")) {
    if (file.path().extension() == ".log") std::filesystem::resize_file(file.path(), 40);
  }
  EXPECT_THAT(Store::Open({.dir = data_}),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr((data_ / "state").string()), HasSubstr("are lost"),
                             HasSubstr("move this directory away"))));
}

TEST_F(StoreRecoveryTest, DoesWithoutTheFileThatSaysHowManyWritesThereWere) {
  ASSERT_TRUE(std::filesystem::remove(data_ / "state/WRITTEN"));
  { ASSERT_THAT(Reopen()->Pin(kTable, "a"), IsOk()); }
  WriteFile(data_ / "state/WRITTEN", "rubbish");
  EXPECT_EQ(*Reopen()->Pinned(kTable), "a");
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(StoreRecoveryTest, ReportsAStateThatDoesNotOpen) {
  std::filesystem::remove_all(data_ / "state");
  WriteFile(data_ / "state", "a file");
  EXPECT_THAT(Store::Open({.dir = data_}).status().message(),
              HasSubstr((data_ / "state").string()));
}

}  // namespace
}  // namespace oasis::testing
