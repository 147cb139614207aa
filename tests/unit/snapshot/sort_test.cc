// The external sort: order, spilling, failures.

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "snapshot/build/row_sorter.h"
#include "snapshot/build/sort_record.h"
#include "support/full_disk.h"
#include "support/test_support.h"

namespace oasis::build {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

struct Row {
  ItemKey key;
  SourcePlace place;
  ContextId context = 0;
  CampaignId campaign = 0;
  std::vector<float> scores;
};

// Rows of few items in many places, the gids of which often share their first half.
std::vector<Row> RandomRows(int count, int signals) {
  std::mt19937_64 random(count);
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) {
    Row row;
    row.key.gid = {random() % 50 << 58, random() % 4};
    row.key.kind = random() % 2 == 0 ? ItemKind::kTrack : ItemKind::kOther;
    row.place = {static_cast<int>(random() % 3), i + 2};
    row.context = static_cast<ContextId>(random() % 100);
    row.campaign = random() % 3 == 0 ? kNoCampaign : static_cast<CampaignId>(random() % 7);
    for (int j = 0; j < signals; ++j) row.scores.push_back(static_cast<float>(random() % 1000));
    rows.push_back(row);
  }
  return rows;
}

absl::Status AddAll(const std::vector<Row>& rows, RowSorter* sorter) {
  for (const Row& row : rows) {
    OASIS_ASSIGN_OR_RETURN(uint64_t * words, sorter->Add());
    SortRecord::Write(row.key, row.place, row.context, row.campaign, row.scores, words);
  }
  return absl::OkStatus();
}

// Sorts and compares with std::sort; returns how many runs went to disk.
int ExpectSorted(std::vector<Row> rows, int signals, size_t memory_bytes) {
  const testing::TempDir dir;
  RowSorter sorter({SortRecord::Words(signals), memory_bytes, dir.path()});
  EXPECT_THAT(AddAll(rows, &sorter), IsOk());
  auto merged = sorter.Finish(nullptr);
  EXPECT_THAT(merged, IsOk());
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.key, a.place.file, a.place.line) <
           std::tie(b.key, b.place.file, b.place.line);
  });
  for (const Row& row : rows) {
    const auto next = merged->Next();
    EXPECT_THAT(next, IsOk());
    if (!next.ok() || *next == nullptr) return -1;
    const SortRecord record(*next);
    EXPECT_EQ(record.key(), row.key);
    EXPECT_EQ(record.place().file, row.place.file);
    EXPECT_EQ(record.place().line, row.place.line);
    EXPECT_EQ(record.context(), row.context);
    EXPECT_EQ(record.campaign(), row.campaign);
    for (size_t i = 0; i < row.scores.size(); ++i) EXPECT_EQ(record.score(i), row.scores[i]);
  }
  EXPECT_EQ(*merged->Next(), nullptr);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));  // the spill file has no name
  return sorter.spilled_runs();
}

TEST(RowSorterTest, SortsInMemory) {
  for (int signals : {1, 2, 3}) {
    EXPECT_EQ(ExpectSorted(RandomRows(5'000, signals), signals, size_t{1} << 24), 0);
  }
}

TEST(RowSorterTest, SortsThroughTheDiskWhenMemoryIsSmall) {
  for (int signals : {1, 2, 3}) {
    EXPECT_GT(ExpectSorted(RandomRows(20'000, signals), signals, 1), 100);
  }
}

TEST(RowSorterTest, SortsSortedAndReversedRows) {
  std::vector<Row> rows;
  for (uint64_t i = 0; i < 5'000; ++i) {
    rows.push_back({{{i, 0}, ItemKind::kTrack}, {0, static_cast<int64_t>(i)}, 0, 0, {1}});
  }
  EXPECT_GT(ExpectSorted(rows, 1, 1), 0);
  std::reverse(rows.begin(), rows.end());
  EXPECT_GT(ExpectSorted(rows, 1, 1), 0);
}

TEST(RowSorterTest, GivesNothingForNothing) { EXPECT_EQ(ExpectSorted({}, 1, 1 << 20), 0); }

TEST(RowSorterTest, EndsWhenProgressSaysSo) {
  const testing::TempDir dir;
  RowSorter sorter({SortRecord::Words(1), 1 << 20, dir.path()});
  ASSERT_THAT(AddAll(RandomRows(100, 1), &sorter), IsOk());
  EXPECT_THAT(sorter.Finish([](int64_t done, int64_t total) {
    EXPECT_EQ(done, 100);
    EXPECT_EQ(total, 100);
    return absl::CancelledError("enough");
  }),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
}

TEST(RowSorterTest, MayBeDroppedHalfWay) {
  const testing::TempDir dir;
  RowSorter sorter({SortRecord::Words(1), 1, dir.path()});
  EXPECT_THAT(AddAll(RandomRows(3'000, 1), &sorter), IsOk());
}

TEST(RowSorterTest, NamesADirectoryItCannotWriteTo) {
  RowSorter sorter({SortRecord::Words(1), 1, "/nonexistent/place"});
  EXPECT_THAT(AddAll(RandomRows(3'000, 1), &sorter),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nonexistent/place")));
}

TEST(RowSorterTest, TellsHowMuchRoomAFullDiskLacks) {
  // A limit on the size of files stands for the full disk; it holds for the whole process.
  const testing::TempDir dir;
  absl::Status status;
  {
    const testing::FilesEndAt full(10'000);
    RowSorter sorter({SortRecord::Words(1), 1, dir.path()});
    status = AddAll(RandomRows(5'000, 1), &sorter);
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted,
                               AllOf(HasSubstr(dir.path().string()),
                                     HasSubstr("more for this part"), HasSubstr("--temp-dir"))));
}

}  // namespace
}  // namespace oasis::build
