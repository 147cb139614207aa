#include "unit/snapshot/store_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

class StoreReplaceTest : public StoreTest {};

TEST_F(StoreReplaceTest, ReplacesADamagedCopy) {
  const Manifest manifest = Accept({.id = "a"});
  Publish("a");
  std::filesystem::remove_all(temp_ / "data/snapshots/discovery-mode/control/a/db");
  EXPECT_THAT(CountRows("a"), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("control/a/db")));
  EXPECT_THAT(store_->Replace(temp_ / "source-control-a", manifest, NoProgress()), IsOk());
  EXPECT_EQ(*CountRows("a"), 10);
  EXPECT_EQ(*store_->Live(kTable), "a");
}

TEST_F(StoreReplaceTest, AReplaceThatFailsLeavesTheOldCopy) {
  const Manifest manifest = Accept({.id = "a"});
  const std::filesystem::path source = temp_ / "source-control-a";
  const Progress cancel = [](int64_t, int64_t) { return absl::CancelledError("enough"); };
  EXPECT_THAT(store_->Replace(source, manifest, cancel),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_EQ(*CountRows("a"), 10);
  std::filesystem::remove(source / manifest.files.back().name);
  EXPECT_THAT(store_->Replace(source, manifest, NoProgress()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(manifest.files.back().name)));
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreReplaceTest, AReplaceLeavesNothingElse) {
  const Manifest manifest = Accept({.id = "a"});
  ASSERT_THAT(store_->Replace(temp_ / "source-control-a", manifest, NoProgress()), IsOk());
  int entries = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(temp_ / "data/snapshots/discovery-mode/control")) {
    EXPECT_EQ(entry.path().filename(), "a");
    ++entries;
  }
  EXPECT_EQ(entries, 1);
}

TEST_F(StoreReplaceTest, CallsItsOwnDamagedManifestLostData) {
  Accept({.id = "a"});
  const std::filesystem::path file =
      temp_ / "data/snapshots/discovery-mode/control/a/MANIFEST.json";
  WriteFile(file, "rubbish");
  EXPECT_THAT(store_->GetManifest(kTable, "a"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file.string())));
  std::filesystem::remove(file);
  EXPECT_THAT(store_->GetManifest(kTable, "a"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file.string())));
}

TEST_F(StoreReplaceTest, ReplacesOnlyWhatItHolds) {
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  EXPECT_THAT(store_->Replace(temp_ / "source", manifest, NoProgress()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'a'")));
}

}  // namespace
}  // namespace oasis::testing
