#include "snapshot/store/stored_rows.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "snapshot/store/ingest.h"
#include "snapshot/store/row_parts.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kThreads = 3;
constexpr uint64_t kItems = 6000;  // several runs a file

// A snapshot of three files as the store has it, read in small parts by several threads.
class StoredRowsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const ItemRow& row : SampleRows(kItems)) rows_[row.key] = row;
    std::vector<ItemRow> rows;
    for (const auto& [key, row] : rows_) rows.push_back(row);
    OASIS_ASSERT_OK_AND_ASSIGN(manifest_,
                               WriteSnapshot(dir_ / "s", SampleDescription(), rows, 4000));
    ASSERT_GE(manifest_.files.size(), 3u);
    ASSERT_THAT(IngestSnapshot(dir_ / "s", manifest_, dir_ / "kept", NoProgress()), IsOk());
  }

  using RowFn = std::function<absl::Status(int, const ItemRow&)>;
  absl::Status Read(const Manifest& manifest, const RowFn& row, const Progress& progress) const {
    return ReadStoredRows(dir_ / "kept/db", manifest, kThreads, row, progress,
                          /*items_per_part=*/100);
  }
  // The status of reading by the manifest with `change` made to it.
  absl::Status ReadBy(const std::function<void(Manifest&)>& change) const {
    Manifest manifest = manifest_;
    change(manifest);
    return Read(
        manifest, [](int, const ItemRow&) { return absl::OkStatus(); }, NoProgress());
  }

  TempDir dir_;
  std::map<ItemKey, ItemRow> rows_;
  Manifest manifest_;
};

TEST_F(StoredRowsTest, GivesEveryRowOnceHoweverItIsCut) {
  for (const int64_t items_per_part : {1, 70, 1000, 100'000}) {
    std::mutex mutex;
    std::map<ItemKey, ItemRow> read;
    const auto keep = [&](int thread, const ItemRow& row) {
      EXPECT_LT(thread, kThreads);
      const std::lock_guard<std::mutex> lock(mutex);
      EXPECT_TRUE(read.emplace(row.key, row).second) << FormatKey(row.key);
      return absl::OkStatus();
    };
    ASSERT_THAT(
        ReadStoredRows(dir_ / "kept/db", manifest_, kThreads, keep, NoProgress(), items_per_part),
        IsOk());
    EXPECT_TRUE(read == rows_) << items_per_part;
  }
}

TEST_F(StoredRowsTest, RefusesWhatTheManifestDoesNotSay) {
  const auto refused = StatusIs(absl::StatusCode::kDataLoss, HasSubstr("kept/db"));
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.files[1].items; }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { --m.files[1].items; }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.files[0].items, --m.files[1].items; }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.rows; }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.files[0].first_key.gid.lo; }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { --m.files[2].last_key.gid.lo; }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { std::swap(m.files[0], m.files[1]); }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { m.files.pop_back(); }), refused);
  EXPECT_THAT(ReadBy([](Manifest& m) { m.files.push_back(m.files.back()); }), refused);
}

TEST_F(StoredRowsTest, NamesTheFileAndTheItemWhoseValueIsDamaged) {
  EXPECT_THAT(ReadBy([](Manifest& m) { m.contexts.pop_back(); }),
              StatusIs(absl::StatusCode::kDataLoss,
                       ::testing::AllOf(HasSubstr(".sst: "), HasSubstr("context 2 of only 2"))));
}

TEST_F(StoredRowsTest, GivesNoWrongRowWhateverByteIsFlipped) {
  std::filesystem::path sst;
  for (const auto& entry : std::filesystem::directory_iterator(dir_ / "kept/db")) {
    if (entry.path().extension() == ".sst") sst = entry.path();
  }
  const std::string bytes = ReadFile(sst);
  for (size_t i = 0; i < bytes.size(); i += 211) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x01);
    WriteFile(sst, flipped);
    std::mutex mutex;
    size_t right = 0;
    const auto row = [&](int, const ItemRow& read) {
      const std::lock_guard<std::mutex> lock(mutex);
      right += rows_.at(read.key) == read ? 1 : 0;
      return absl::OkStatus();
    };
    const absl::Status status = Read(manifest_, row, NoProgress());
    if (status.ok()) {
      ASSERT_EQ(right, rows_.size()) << i;
    } else {
      ASSERT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("kept/db"))) << i;
    }
  }
}

TEST(RowPartsTest, RefusesAPartThatBeginsBeforeTheEndOfTheLast) {
  Manifest manifest;
  manifest.rows = 4;
  ScoreFile& file = manifest.files.emplace_back();
  file.items = 4;
  file.first_key = TrackKey(1, 1);
  file.last_key = TrackKey(1, 9);
  const std::vector<RowPart> parts(2);
  std::vector<PartContent> contents = {{2, 2, TrackKey(1, 1), TrackKey(1, 5)},
                                       {2, 2, TrackKey(1, 6), TrackKey(1, 9)}};
  EXPECT_THAT(CheckContents(parts, contents, manifest, "db"), IsOk());
  contents[1].first_key = TrackKey(1, 5);
  EXPECT_THAT(CheckContents(parts, contents, manifest, "db"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("does not come after")));
}

TEST_F(StoredRowsTest, AnErrorOfOneThreadEndsTheWork) {
  std::mutex mutex;
  int read = 0;
  const auto row = [&](int, const ItemRow&) {
    const std::lock_guard<std::mutex> lock(mutex);
    return ++read == 300 ? absl::AbortedError("enough") : absl::OkStatus();
  };
  EXPECT_EQ(Read(manifest_, row, NoProgress()), absl::AbortedError("enough"));
  EXPECT_LT(read, 3000);
}

TEST_F(StoredRowsTest, TellsTheProgressAndStopsWhenItIsRefused) {
  int64_t last = 0;
  const auto row = [](int, const ItemRow&) { return absl::OkStatus(); };
  const auto tell = [&](int64_t done, int64_t total) {
    EXPECT_GE(done, last);
    EXPECT_EQ(total, static_cast<int64_t>(kItems));
    last = done;
    return absl::OkStatus();
  };
  ASSERT_THAT(Read(manifest_, row, tell), IsOk());
  EXPECT_EQ(last, static_cast<int64_t>(kItems));
  const auto cancel = [](int64_t done, int64_t) {
    return done > 1000 ? absl::CancelledError("stop") : absl::OkStatus();
  };
  EXPECT_EQ(Read(manifest_, row, cancel), absl::CancelledError("stop"));
}

}  // namespace
}  // namespace oasis::testing
