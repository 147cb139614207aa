

#include "support/full_disk.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

TEST(SnapshotWriterTest, WritesRowsThatReadBackEqual) {
  TempDir dir;
  const std::vector<ItemRow> rows = SampleRows(1000);
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), rows));
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<ItemRow> read, ReadAllRows(dir / "s", manifest));
  EXPECT_TRUE(read == rows);
  EXPECT_EQ(manifest.items, 1000);
  EXPECT_EQ(manifest.rows, 1000 + 500 + 333);
}

TEST(SnapshotWriterTest, ReturnsTheManifestThatItWrote) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest written,
                             WriteSnapshot(dir / "s", SampleDescription(), SampleRows(50)));
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest read, ReadManifest(dir / "s"));
  EXPECT_TRUE(read == written);
}

TEST(SnapshotWriterTest, SplitsFilesAtTheirRows) {
  TempDir dir;
  const std::vector<ItemRow> rows = SampleRows(10);  // of 1 2 2 2 1 3 1 2 2 2 cells
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), rows, 6));
  ASSERT_THAT(manifest.files, SizeIs(3));
  EXPECT_EQ(manifest.files[0].name, "scores-00000.sst");
  EXPECT_EQ(manifest.files[1].name, "scores-00001.sst");
  EXPECT_EQ(manifest.files[0].items + manifest.files[1].items + manifest.files[2].items, 10);
  EXPECT_EQ(manifest.files[0].first_key, rows[0].key);
  EXPECT_EQ(manifest.files[2].last_key, rows[9].key);
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<ItemRow> read, ReadAllRows(dir / "s", manifest));
  EXPECT_TRUE(read == rows);
}

TEST(SnapshotWriterTest, WorksOutStatisticsPerContextAndSignal) {
  TempDir dir;
  const std::vector<ItemRow> rows = {
      MakeRow(TrackKey(0, 1), {{0, {-kQuantisedMax, 0}}, {2, {100, 200}}}),
      MakeRow(TrackKey(0, 2), {{0, {kQuantisedMax, 0}}}),
  };
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), rows));
  ASSERT_THAT(manifest.statistics, SizeIs(4));  // contexts 0 and 2, two signals each
  const ScoreStatistics& first = manifest.statistics[0];
  EXPECT_EQ(first.context, 0);
  EXPECT_EQ(first.signal, 0);
  EXPECT_EQ(first.rows, 2);
  EXPECT_DOUBLE_EQ(first.min, -0.5);
  EXPECT_DOUBLE_EQ(first.max, 0.5);
  EXPECT_DOUBLE_EQ(first.mean, 0);
  EXPECT_EQ(first.histogram.front(), 1);
  EXPECT_EQ(first.histogram.back(), 1);
  EXPECT_EQ(manifest.statistics[3].context, 2);
  EXPECT_EQ(manifest.statistics[3].signal, 1);
  EXPECT_DOUBLE_EQ(manifest.statistics[3].mean, 2.0 * 200 / kQuantisedMax);
}

TEST(SnapshotWriterTest, SpreadsSentinelsOverAllItems) {
  TempDir dir;
  const std::vector<ItemRow> rows = SampleRows(10'000);
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), rows));
  ASSERT_THAT(manifest.sentinels, SizeIs(kSentinels));
  EXPECT_EQ(manifest.sentinels.front().key, rows.front().key);
  EXPECT_GT(manifest.sentinels.back().key, rows[8'000].key);
  EXPECT_LT(manifest.sentinels[kSentinels / 2].key, rows[6'000].key);
  EXPECT_GT(manifest.sentinels[kSentinels / 2].key, rows[4'000].key);
}

TEST(SnapshotWriterTest, MakesEveryItemOfASmallSnapshotASentinel) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), SampleRows(3)));
  ASSERT_THAT(manifest.sentinels, SizeIs(3));
  EXPECT_EQ(manifest.sentinels[1].context, 1);  // the second item's second cell
  EXPECT_THAT(manifest.sentinels[1].scores,
              ElementsAre(Dequantise(2, manifest.signals[0]),
                          Dequantise(37 - kQuantisedMax, manifest.signals[1])));
}

TEST(SnapshotWriterTest, WritesAnEmptySnapshotThatVerifies) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), {}));
  EXPECT_THAT(manifest.files, SizeIs(0));
  EXPECT_THAT(VerifySnapshot(dir / "s", NoProgress()), IsOk());
}

TEST(SnapshotWriterTest, GivesTheSameContentTheSameIdAndOtherContentAnother) {
  TempDir dir;
  Manifest description = SampleDescription();
  description.snapshot_id.clear();
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest a,
                             WriteSnapshot(dir / "a", description, SampleRows(9)));
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest b,
                             WriteSnapshot(dir / "b", description, SampleRows(9)));
  std::vector<ItemRow> other_rows = SampleRows(9);
  ++other_rows.back().scores.back();
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest c, WriteSnapshot(dir / "c", description, other_rows));
  EXPECT_THAT(a.snapshot_id, MatchesRegex("20261121T073000Z-[0-9a-f]{8}"));
  EXPECT_EQ(a.snapshot_id, b.snapshot_id);
  EXPECT_NE(a.snapshot_id, c.snapshot_id);
}

// docs/snapshot_format.md says why RocksDB's session id cannot be ours.
TEST(SnapshotWriterTest, WritesTheSameBytesButForRocksDbsSessionId) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(Manifest a,
                             WriteSnapshot(dir / "a", SampleDescription(), SampleRows(5'000)));
  OASIS_ASSERT_OK_AND_ASSIGN(Manifest b,
                             WriteSnapshot(dir / "b", SampleDescription(), SampleRows(5'000)));
  const std::string bytes_a = ReadFile(dir / "a" / a.files[0].name);
  const std::string bytes_b = ReadFile(dir / "b" / b.files[0].name);
  ASSERT_EQ(bytes_a.size(), bytes_b.size());
  size_t different = 0;
  for (size_t i = 0; i < bytes_a.size(); ++i) different += bytes_a[i] != bytes_b[i] ? 1 : 0;
  EXPECT_LE(different, 20u + 4u);  // the id, and the checksum of the block it is in
  a.files[0].checksum = b.files[0].checksum = 0;
  EXPECT_TRUE(a == b);
}

TEST(SnapshotWriterTest, RefusesADirectoryThatIsNotEmpty) {
  TempDir dir;
  WriteFile(dir / "something", "");
  EXPECT_THAT(SnapshotWriter::Create(dir.path(), SampleDescription()),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("is not empty")));
}

TEST(SnapshotWriterTest, TakesAnEmptyDirectoryThatExists) {
  TempDir dir;
  EXPECT_THAT(SnapshotWriter::Create(dir.path(), SampleDescription()), IsOk());
}

TEST(SnapshotWriterTest, NamesTheDirectoryThatCannotBeMade) {
  TempDir dir;
  WriteFile(dir / "file", "");
  const absl::Status status =
      SnapshotWriter::Create(dir / "file" / "s", SampleDescription()).status();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("file/s: "), HasSubstr("Not a directory")));
}

TEST(SnapshotWriterTest, RefusesABadDescriptionBeforeMakingTheDirectory) {
  TempDir dir;
  Manifest description = SampleDescription();
  description.variant = "no/slash";
  EXPECT_THAT(SnapshotWriter::Create(dir / "s", description),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("variant 'no/slash'")));
  EXPECT_FALSE(std::filesystem::exists(dir / "s"));
}

class RefusedRowTest : public ::testing::Test {
 protected:
  absl::Status Add(const ItemRow& row) {
    auto writer = SnapshotWriter::Create(dir_ / "s", SampleDescription());
    if (!writer.ok()) return writer.status();
    if (absl::Status first = writer->Add(SampleRow(7)); !first.ok()) return first;
    return writer->Add(row);
  }

  TempDir dir_;
};

TEST_F(RefusedRowTest, WhenItsKeyDoesNotAscend) {
  EXPECT_THAT(Add(SampleRow(7)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("keys must ascend")));
}

TEST_F(RefusedRowTest, WhenItsKeyIsInvalid) {
  EXPECT_THAT(Add(MakeRow({{9, 9}, ItemKind::kInvalid}, {{0, {1, 1}}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("key is invalid")));
}

TEST_F(RefusedRowTest, WhenItHasNoCells) {
  EXPECT_THAT(Add(MakeRow(TrackKey(9, 9), {})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no cells")));
}

TEST_F(RefusedRowTest, WhenScoresAreMissing) {
  EXPECT_THAT(Add(MakeRow(TrackKey(9, 9), {{0, {1}}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 scores for 2 signals")));
}

TEST_F(RefusedRowTest, WhenContextsDoNotAscend) {
  EXPECT_THAT(Add(MakeRow(TrackKey(9, 9), {{1, {1, 1}}, {1, {1, 1}}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("context 1 after 1")));
}

TEST_F(RefusedRowTest, WhenAContextIsUnknown) {
  EXPECT_THAT(Add(MakeRow(TrackKey(9, 9), {{3, {1, 1}}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("context 3 of only 3")));
}

TEST_F(RefusedRowTest, WhenACampaignIsUnknown) {
  EXPECT_THAT(Add(MakeRow(TrackKey(9, 9), {{0, {1, 1}, 2}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("campaign 2 of only 2")));
}

TEST_F(RefusedRowTest, WhenAScoreIsBelowTheRange) {
  EXPECT_THAT(Add(MakeRow(TrackKey(9, 9), {{0, {1, INT16_MIN}}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("-32768 is below")));
}

TEST(SnapshotWriterTest, GoesOnAfterARefusedRow) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(SnapshotWriter writer,
                             SnapshotWriter::Create(dir / "s", SampleDescription()));
  ASSERT_THAT(writer.Add(SampleRow(1)), IsOk());
  EXPECT_FALSE(writer.Add(SampleRow(0)).ok());
  ASSERT_THAT(writer.Add(SampleRow(2)), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest, writer.Finish());
  EXPECT_EQ(manifest.items, 2);
}

TEST(SnapshotWriterTest, FinishesOnlyOnce) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(SnapshotWriter writer,
                             SnapshotWriter::Create(dir / "s", SampleDescription()));
  ASSERT_THAT(writer.Finish(), IsOk());
  EXPECT_THAT(writer.Finish(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("finished")));
  EXPECT_THAT(writer.Add(SampleRow(0)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("finished")));
}

TEST(SnapshotWriterTest, NamesTheScoreFileThatCannotBeWritten) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(SnapshotWriter writer,
                             SnapshotWriter::Create(dir / "s", SampleDescription()));
  ASSERT_THAT(writer.Add(SampleRow(0)), IsOk());
  const FilesEndAt limit(64);
  const absl::Status status = writer.Finish().status();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("scores-00000.sst"), HasSubstr("File too large")));
  EXPECT_FALSE(std::filesystem::exists(dir / "s" / std::string(kManifestFile)));
}

TEST(SnapshotWriterTest, LeavesNoManifestWhenItCannotBeWritten) {
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest,
                             WriteSnapshot(dir / "s", SampleDescription(), SampleRows(3)));
  std::filesystem::create_directory(dir / "t");
  const FilesEndAt limit(64);
  const absl::Status status = WriteManifest(dir / "t", manifest);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("MANIFEST.json"), HasSubstr("File too large")));
  EXPECT_TRUE(std::filesystem::is_empty(dir / "t"));
}

}  // namespace
}  // namespace oasis::testing
