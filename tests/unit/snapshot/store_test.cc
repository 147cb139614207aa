#include <sys/stat.h>

#include <map>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "unit/snapshot/store_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(StoreTest, GivesTheAcceptedRowsBack) {
  Accept({.id = "a", .items = 10});
  EXPECT_THAT(CountRows("a"), IsOk());
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreTest, GivesTheAcceptedRowsBackWithoutTheSource) {
  Accept({.id = "a", .items = 10});
  std::filesystem::remove_all(temp_ / "source-control-a");
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreTest, AcceptsASnapshotOfOneItemAndOneFile) {
  Accept({.id = "a", .items = 1});
  EXPECT_EQ(*CountRows("a"), 1);
}

TEST_F(StoreTest, LeavesTheSourceAsItWas) {
  const SnapshotSpec spec = {.id = "a"};
  const Manifest manifest = MakeSnapshot(temp_ / "source", spec);
  std::map<std::string, std::string> before;
  for (const auto& file : std::filesystem::directory_iterator(temp_ / "source")) {
    before[file.path().filename()] = ReadFile(file.path());
  }
  ASSERT_GE(before.size(), 3U);
  ASSERT_THAT(store_->Accept(temp_ / "source", manifest, TestTime(1), NoProgress()), IsOk());
  EXPECT_EQ(*CountRows("a"), spec.items);
  ASSERT_THAT(store_->Remove(kTable, "a"), IsOk());
  std::map<std::string, std::string> after;
  for (const auto& file : std::filesystem::directory_iterator(temp_ / "source")) {
    after[file.path().filename()] = ReadFile(file.path());
  }
  EXPECT_EQ(before, after);
}

TEST_F(StoreTest, SharesTheBytesOfTheFilesWithTheSource) {
  const Manifest manifest = Accept({.id = "a"});
  struct stat found;
  ASSERT_EQ(stat((temp_ / "source-control-a" / manifest.files[0].name).c_str(), &found), 0);
  EXPECT_EQ(found.st_nlink, 2U);
}

TEST_F(StoreTest, CopiesWhereALinkIsNotPossible) {
  struct stat here;
  struct stat there;
  if (stat("/dev/shm", &there) != 0 || stat(temp_.path().c_str(), &here) != 0 ||
      here.st_dev == there.st_dev || access("/dev/shm", W_OK) != 0) {
    GTEST_SKIP() << "/dev/shm is not a second file system here";
  }
  std::string other = "/dev/shm/oasis-test-XXXXXX";
  ASSERT_NE(mkdtemp(other.data()), nullptr);
  const Manifest manifest = MakeSnapshot(other + "/source", {.id = "a", .items = 10});
  int64_t last = 0;
  const Progress progress = [&](int64_t done, int64_t total) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, total);
    last = done;
    return absl::OkStatus();
  };
  EXPECT_THAT(store_->Accept(other + "/source", manifest, TestTime(1), progress), IsOk());
  EXPECT_GT(last, 0);
  EXPECT_EQ(*CountRows("a"), 10);
  std::filesystem::remove_all(other);
}

TEST_F(StoreTest, TakesInReadOnlyFilesOfItsOwnUser) {
  std::filesystem::permissions(temp_.path(), std::filesystem::perms::all);
  const AsNobody nobody;
  const auto store = OpenStore(temp_ / "theirs");
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  for (const ScoreFile& file : manifest.files) {
    std::filesystem::permissions(temp_ / "source" / file.name, std::filesystem::perms(0444));
  }
  EXPECT_THAT(store->Accept(temp_ / "source", manifest, TestTime(1), NoProgress()), IsOk());
}

TEST_F(StoreTest, RefusesASecondAcceptOfTheSameId) {
  const Manifest manifest = Accept({.id = "a"});
  EXPECT_THAT(store_->Accept(temp_ / "source-control-a", manifest, TestTime(9), NoProgress()),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("'a'")));
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreTest, TellsTheSameSnapshotFromAnotherOfItsId) {
  const Manifest manifest = Accept({.id = "a"});
  EXPECT_TRUE(*store_->Holds(manifest));
  const Manifest other = MakeSnapshot(temp_ / "other", {.id = "a", .score = 7});
  EXPECT_THAT(store_->Holds(other), StatusIs(absl::StatusCode::kAlreadyExists,
                                             HasSubstr("an id names one content for ever")));
  const Manifest unknown = MakeSnapshot(temp_ / "unknown", {.id = "b"});
  EXPECT_FALSE(*store_->Holds(unknown));
}

TEST_F(StoreTest, RefusesAFileThatChangedItsSizeAfterTheVerify) {
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  const std::filesystem::path file = temp_ / "source" / manifest.files[1].name;
  std::filesystem::resize_file(file, manifest.files[1].bytes - 1);
  EXPECT_THAT(store_->Accept(temp_ / "source", manifest, TestTime(1), NoProgress()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file.string())));
  EXPECT_THAT(Ids(), IsEmpty());
}

TEST_F(StoreTest, RefusesAMissingFileByItsName) {
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  std::filesystem::remove(temp_ / "source" / manifest.files[0].name);
  EXPECT_THAT(store_->Accept(temp_ / "source", manifest, TestTime(1), NoProgress()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(manifest.files[0].name)));
}

TEST_F(StoreTest, RefusesFilesThatAreNoRocksDbFiles) {
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  const std::filesystem::path file = temp_ / "source" / manifest.files[0].name;
  WriteFile(file, std::string(manifest.files[0].bytes, 'x'));
  EXPECT_THAT(store_->Accept(temp_ / "source", manifest, TestTime(1), NoProgress()),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr((temp_ / "source").string()), HasSubstr("a.accepting"))));
  EXPECT_THAT(Ids(), IsEmpty());
}

TEST_F(StoreTest, StopsAnAcceptThatItsCallerCancels) {
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  const Progress cancel = [](int64_t, int64_t) { return absl::CancelledError("enough"); };
  EXPECT_THAT(store_->Accept(temp_ / "source", manifest, TestTime(1), cancel),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_THAT(Ids(), IsEmpty());
  EXPECT_THAT(
      std::filesystem::is_empty(temp_ / "data" / "snapshots" / "discovery-mode" / "control"), true);
}

TEST_F(StoreTest, ReportsADamagedBlockByTheDatabase) {
  Accept({.id = "a"});
  const std::filesystem::path db = temp_ / "data/snapshots/discovery-mode/control/a/db";
  for (const auto& file : std::filesystem::directory_iterator(db)) {
    if (file.path().extension() == ".sst") FlipByte(file.path(), 20);
  }
  EXPECT_THAT(CountRows("a"), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(db.string())));
}

TEST_F(StoreTest, ListsByTableThenNewestAccepted) {
  Accept({.id = "a", .variant = "control"});
  Accept({.id = "b", .variant = "control", .items = 7});
  Accept({.id = "z", .variant = "arm"});
  EXPECT_THAT(Ids(), ElementsAre("z", "b", "a"));
  const StoredSnapshot b = (*store_->List())[1];
  EXPECT_EQ(b.table, kTable);
  EXPECT_EQ(b.created, TestTime(0));
  EXPECT_EQ(b.accepted, TestTime(2));
  EXPECT_EQ(b.published, absl::InfinitePast());
  EXPECT_EQ(b.items, 7);
  EXPECT_EQ(b.rows, 14);
  EXPECT_GT(b.disk_bytes, 0);
  EXPECT_FALSE(b.live);
}

TEST_F(StoreTest, MarksOneSnapshotLive) {
  Accept({.id = "a", .created = TestTime(100)});
  Accept({.id = "b", .created = TestTime(50)});
  EXPECT_EQ(*store_->Live(kTable), std::nullopt);
  EXPECT_EQ(*store_->NewestPublished(kTable), absl::InfinitePast());
  Publish("a");
  Publish("b");
  EXPECT_EQ(*store_->Live(kTable), "b");
  EXPECT_EQ(*store_->NewestPublished(kTable), TestTime(100));
  EXPECT_TRUE((*store_->List())[0].live);
  EXPECT_FALSE((*store_->List())[1].live);
}

TEST_F(StoreTest, MarksNothingLiveThatItDoesNotHave) {
  EXPECT_THAT(store_->MarkLive(kTable, "a", TestTime(1)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("snapshot 'a'")));
  EXPECT_THAT(store_->GetManifest(kTable, "../../../etc"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'../../../etc'")));
}

TEST_F(StoreTest, PrunesByWhenASnapshotWentLiveButNeverTheLiveOrAPinnedOne) {
  for (const char* id : {"a", "b", "c", "d", "e"}) Accept({.id = id});
  for (const char* id : {"a", "b", "c", "d"}) Publish(id);
  Publish("a");
  ASSERT_THAT(store_->Pin(kTable, "b"), IsOk());
  auto removed = store_->Prune(kTable, 2);
  ASSERT_THAT(removed, IsOk());
  EXPECT_THAT(*removed, ElementsAre("c", "e"));  // e was never live, b is pinned
  EXPECT_THAT(Ids(), ElementsAre("d", "b", "a"));
  EXPECT_FALSE(std::filesystem::exists(temp_ / "data/snapshots/discovery-mode/control/c"));
}

TEST_F(StoreTest, PrunesNothingOfAnotherTable) {
  Accept({.id = "a", .variant = "arm"});
  EXPECT_THAT(*store_->Prune(kTable, 1), IsEmpty());
  EXPECT_THAT(Ids(), ElementsAre("a"));
}

TEST_F(StoreTest, RemovesAnythingButTheLiveSnapshot) {
  Accept({.id = "a"});
  Accept({.id = "b"});
  Publish("a");
  EXPECT_THAT(store_->Remove(kTable, "a"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is live")));
  EXPECT_THAT(store_->Remove(kTable, "b"), IsOk());
  EXPECT_THAT(store_->Remove(kTable, "b"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("'b'")));
  EXPECT_THAT(Ids(), ElementsAre("a"));
}

TEST_F(StoreTest, NeverRemovesThePinnedSnapshot) {
  Accept({.id = "a"});
  ASSERT_THAT(store_->Pin(kTable, "a"), IsOk());
  EXPECT_THAT(store_->Remove(kTable, "a"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is pinned")));
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreTest, PinsAndUnpins) {
  Accept({.id = "a"});
  EXPECT_EQ(*store_->Pinned(kTable), std::nullopt);
  EXPECT_THAT(store_->Unpin(kTable),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is not pinned")));
  EXPECT_THAT(store_->Pin(kTable, "b"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("'b'")));
  EXPECT_THAT(store_->Pin(kTable, "a"), IsOk());
  EXPECT_EQ(*store_->Pinned(kTable), "a");
  EXPECT_THAT(store_->Unpin(kTable), IsOk());
  EXPECT_EQ(*store_->Pinned(kTable), std::nullopt);
}

TEST_F(StoreTest, KeepsNoLogFiles) {
  Accept({.id = "a"});
  ASSERT_EQ(*CountRows("a"), 10);
  for (const auto& file : std::filesystem::recursive_directory_iterator(temp_ / "data")) {
    EXPECT_NE(file.path().filename().string().substr(0, 3), "LOG") << file.path();
  }
}

}  // namespace
}  // namespace oasis::testing
