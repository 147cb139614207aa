// Disks that are full, and directories that may not be used.
#include <sys/mount.h>
#include <unistd.h>

#include <string>

#include "support/full_disk.h"
#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// No file can grow at all.
class NoFileGrows : public FilesEndAt {
 public:
  NoFileGrows() : FilesEndAt(0) {}
};

class StoreDiskTest : public LoaderFixture {
 protected:
  void SetUp() override { MustLoad({.id = "s1", .score = 500}); }
};

TEST_F(StoreDiskTest, AnAcceptThatCannotWriteNamesThePathAndLeavesNothing) {
  const std::filesystem::path dir = Make({.id = "s2"});
  const Manifest manifest = *ReadManifest(dir);
  absl::Status status;
  {
    const NoFileGrows full;
    status = store_->Accept(dir, manifest, TestTime(1), NoProgress());
  }
  EXPECT_THAT(status.message(), AllOf(HasSubstr(".s2.accepting"), HasSubstr("File too large")));
  EXPECT_THAT(Kept(), ElementsAre("s1"));
  EXPECT_FALSE(std::filesystem::exists(KeptDir(".s2.accepting")));
  EXPECT_THAT(store_->Accept(dir, manifest, TestTime(1), NoProgress()), IsOk());
}

TEST_F(StoreDiskTest, TheStateCanBeWrittenAgainWhenTheDiskWorks) {
  absl::Status first;
  absl::Status second;
  absl::StatusOr<std::optional<std::string>> meanwhile;
  {
    const NoFileGrows full;
    first = store_->Pin(kTable, "s1");
    second = store_->Pin(kTable, "s1");
    meanwhile = store_->Live(kTable);
  }
  EXPECT_THAT(first.message(), HasSubstr((data_ / "state").string()));
  EXPECT_THAT(second.message(), HasSubstr((data_ / "state").string()));
  ASSERT_THAT(meanwhile, IsOk());
  EXPECT_EQ(*meanwhile, "s1");
  EXPECT_EQ(*store_->Pinned(kTable), std::nullopt);
  EXPECT_THAT(store_->Pin(kTable, "s1"), IsOk());
  Restart();
  EXPECT_EQ(*store_->Pinned(kTable), "s1");
}

TEST_F(StoreDiskTest, AReadAfterAFailedWriteTellsWhatIsOnTheDisk) {
  const NoFileGrows full;
  EXPECT_FALSE(store_->Pin(kTable, "s1").ok());
  EXPECT_EQ(*store_->Live(kTable), "s1");
  std::filesystem::rename(data_ / "state", data_ / "away");
  EXPECT_THAT(store_->Live(kTable).status().message(), HasSubstr((data_ / "state").string()));
  std::filesystem::remove_all(data_ / "state");
  std::filesystem::rename(data_ / "away", data_ / "state");
  EXPECT_EQ(*store_->Live(kTable), "s1");
}

TEST_F(StoreDiskTest, AKeptCopyThatCannotBeReadNowIsNotReplaced) {
  MustLoad({.id = "s2", .score = 600});
  std::filesystem::remove(KeptDir("s1") / "table");
  const std::filesystem::path db = KeptDir("s1") / "db";
  std::filesystem::permissions(temp_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(db, std::filesystem::perms::none);
  LoadReport report;
  {
    const AsNobody nobody;
    report = Load(temp_ / "discovery-mode-control-s1");
  }
  std::filesystem::permissions(db, std::filesystem::perms(0755));
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kUnavailable,
                                      AllOf(HasSubstr(db.string()), HasSubstr("denied"))));
  EXPECT_EQ(report.failed_in, LoadPhase::kBuild);
  EXPECT_EQ(Score(), 600);
  EXPECT_EQ(Load(temp_ / "discovery-mode-control-s1").outcome, LoadOutcome::kPublished);
}

TEST_F(StoreDiskTest, RefusesADataDirectoryItMayNotWriteTo) {
  std::filesystem::permissions(temp_.path(), std::filesystem::perms(0755));
  const AsNobody nobody;
  EXPECT_THAT(Store::Open({.dir = temp_ / "other"}),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr((temp_ / "other").string()), HasSubstr("denied"),
                             HasSubstr("give the user of this process access"))));
}

TEST_F(StoreDiskTest, AStateThatWentAwayIsAnErrorAndNoCrash) {
  absl::Status status;
  {
    const NoFileGrows full;
    store_->Pin(kTable, "s1").IgnoreError();
    std::filesystem::rename(data_ / "state", data_ / "away");
    status = store_->Pin(kTable, "s1");
  }
  const std::string state = (data_ / "state").string();
  EXPECT_THAT(status.message(), HasSubstr(state));
  EXPECT_THAT(store_->Live(kTable).status().message(), HasSubstr(state));
  EXPECT_THAT(store_->List().status().message(), HasSubstr(state));
  EXPECT_THAT(store_->ReadJournal({.limit = 1}).status().message(), HasSubstr(state));
  std::filesystem::remove_all(data_ / "state");
  std::filesystem::rename(data_ / "away", data_ / "state");
  EXPECT_THAT(store_->Pin(kTable, "s1"), IsOk());
}

TEST_F(StoreDiskTest, ALoadThatCannotMarkItsSnapshotLiveLeavesTheLiveOne) {
  const std::filesystem::path dir = Make({.id = "s2", .score = 600});
  std::unique_ptr<NoFileGrows> full;
  fail_point_ = [&](LoadPhase phase) {
    if (phase == LoadPhase::kPublish) full = std::make_unique<NoFileGrows>();
    return absl::OkStatus();
  };
  const LoadReport report = Load(dir);
  full.reset();
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
  EXPECT_EQ(report.failed_in, LoadPhase::kPublish);
  EXPECT_THAT(report.status.message(), AllOf(HasSubstr((data_ / "state").string()),
                                             HasSubstr("could not be removed from the store")));
  EXPECT_EQ(Score(), 500);
  EXPECT_EQ(Live(), "s1");
  EXPECT_EQ(Load(dir).outcome, LoadOutcome::kPublished);
  Restart();
  loader_->Restore();
  EXPECT_EQ(Score(), 600);
}

TEST_F(StoreDiskTest, APublishThatCannotBeJournaledSaysSo) {
  const std::filesystem::path dir = Make({.id = "s2", .score = 600});
  std::unique_ptr<NoFileGrows> full;
  fail_point_ = [&](LoadPhase phase) {
    if (phase == LoadPhase::kRetire) full = std::make_unique<NoFileGrows>();
    return absl::OkStatus();
  };
  const LoadReport report = Load(dir);
  const absl::Status pinned = loader_->Pin(kTable, "s9", kAlice).status();
  full.reset();
  EXPECT_EQ(report.outcome, LoadOutcome::kPublished);
  EXPECT_THAT(report.status.message(), HasSubstr("the journal could not be written"));
  EXPECT_EQ(report.failed_in, LoadPhase::kRetire);
  EXPECT_THAT(pinned, StatusIs(absl::StatusCode::kNotFound, HasSubstr("'s9'")));
  EXPECT_EQ(Score(), 600);
}

// A file system of its own, of two megabytes; root alone can make one.
class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(disk_);
    mounted_ = mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=2m") == 0;
    if (!mounted_) GTEST_SKIP() << "cannot mount a small file system here";
  }
  void TearDown() override {
    if (mounted_) umount2(disk_.c_str(), MNT_DETACH);
  }

  // Leaves so many bytes free.
  void Fill(size_t free_bytes) const {
    WriteFile(ballast_, std::string(4 << 20, 'x'));  // as much of it as fits
    std::filesystem::resize_file(ballast_, std::filesystem::file_size(ballast_) - free_bytes);
  }

  TempDir temp_;
  const std::filesystem::path disk_ = temp_ / "disk";
  const std::filesystem::path ballast_ = disk_ / "ballast";
  bool mounted_ = false;
};

TEST_F(FullDiskTest, RefusesASnapshotThatDoesNotFit) {
  const auto store = OpenStore(disk_ / "data");
  const std::filesystem::path big = temp_ / "big";
  const Manifest manifest =
      MakeSnapshot(big, {.id = "big", .items = 50'000, .items_per_file = 1'000'000});
  Fill(100'000);
  EXPECT_THAT(store->Accept(big, manifest, TestTime(1), NoProgress()),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       AllOf(HasSubstr(".big.accepting"), HasSubstr("No space left"),
                             HasSubstr("free room there"))));
  EXPECT_THAT(*store->List(), IsEmpty());
  std::filesystem::remove(ballast_);
  EXPECT_THAT(store->Accept(big, manifest, TestTime(1), NoProgress()), IsOk());
}

TEST_F(FullDiskTest, TheStateCanBeWrittenAgainWhenThereIsRoom) {
  auto store = OpenStore(disk_ / "data");
  Fill(0);
  JournalEntry entry;
  entry.detail = "text";
  absl::Status status;
  for (int i = 0; i < 1000 && status.ok(); ++i) status = store->Journal(entry);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted,
                               HasSubstr((disk_ / "data/state").string())));
  EXPECT_THAT(store->ReadJournal({.limit = 1}), IsOk());
  std::filesystem::remove(ballast_);
  entry.detail = "after";
  EXPECT_THAT(store->Journal(entry), IsOk());
  store.reset();
  store = OpenStore(disk_ / "data");
  EXPECT_EQ(store->ReadJournal({.limit = 1})->at(0).detail, "after");
}

TEST_F(FullDiskTest, RefusesToStartWhereThereIsNoRoom) {
  Fill(0);
  EXPECT_THAT(Store::Open({.dir = disk_ / "data"}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr((disk_ / "data").string())));
}

}  // namespace
}  // namespace oasis::testing
