#include <string>
#include <vector>

#include "unit/snapshot/snapshot_samples.h"

// tests/unit/snapshot/golden is a snapshot as format version 2 was first written. It is never
// written again: whatever changes in the reader, this must read as it does today. A new format
// version gets a directory of its own beside it.
namespace oasis::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const std::filesystem::path kGolden = OASIS_GOLDEN_SNAPSHOT;

// What is in it, spelled out so that no change of a helper changes it.
std::vector<ItemRow> GoldenRows() {
  const auto track = [](uint64_t hi, uint64_t lo) { return ItemKey{{hi, lo}, ItemKind::kTrack}; };
  const ItemKey episode = KeyOfUri("spotify:episode:512ojhOuo1ktJprKbVcKyQ");
  return {
      MakeRow(track(0, 1), {{0, {-32767, 32767}}}),
      MakeRow(track(0, 0xFFFFFFFFFFFFFFFF), {{0, {0, 1}, 0}, {2, {-1, 256}, 1}}),
      MakeRow(track(1, 0), {{1, {16384, -16384}, 1}}),
      MakeRow(episode, {{0, {1000, 2000}}, {1, {3000, 4000}}, {2, {5000, 6000}}}),
      MakeRow(track(0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF), {{2, {7, 8}, 0}}),
  };
}

TEST(GoldenSnapshotTest, Verifies) { EXPECT_THAT(VerifySnapshot(kGolden, NoProgress()), IsOk()); }

TEST(GoldenSnapshotTest, SaysWhatItIs) {
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest, ReadManifest(kGolden));
  EXPECT_EQ(manifest.snapshot_id, "golden-1");
  EXPECT_EQ(manifest.score_set, "discovery-mode");
  EXPECT_EQ(manifest.variant, "control");
  EXPECT_EQ(manifest.created, SampleTime() + absl::Milliseconds(250));
  EXPECT_EQ(manifest.producer, "oasis golden");
  EXPECT_EQ(manifest.parent, "golden-0");
  EXPECT_THAT(manifest.signals, ElementsAre(Signal{"promotion", 0.1F}, Signal{"reward", 3.0F}));
  EXPECT_THAT(manifest.contexts, ElementsAre(Context{"radio"}, Context{"radio", "SE", "*"},
                                             Context{"mix", "*", "young"}));
  EXPECT_THAT(*manifest.campaigns,
              ElementsAre(Campaign{"spring", "Å & Co", SampleTime(), SampleTime() + absl::Hours(1)},
                          Campaign{"always", "Indie"}));
  EXPECT_EQ(manifest.items, 5);
  EXPECT_EQ(manifest.rows, 8);
  EXPECT_THAT(manifest.files, SizeIs(3));
  EXPECT_THAT(manifest.statistics, SizeIs(6));
  EXPECT_THAT(manifest.sentinels, SizeIs(5));
}

TEST(GoldenSnapshotTest, HoldsItsRows) {
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest, ReadManifest(kGolden));
  OASIS_ASSERT_OK_AND_ASSIGN(const std::vector<ItemRow> rows, ReadAllRows(kGolden, manifest));
  EXPECT_TRUE(rows == GoldenRows());
}

TEST(GoldenSnapshotTest, HasTheManifestThatTodaysProgramWrites) {
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest, ReadManifest(kGolden));
  EXPECT_EQ(EncodeManifest(manifest), ReadFile(kGolden / std::string(kManifestFile)));
}

// The files' bytes carry RocksDB's session id, so the manifests are compared without their
// checksums.
TEST(GoldenSnapshotTest, IsWhatTodaysWriterMakesOfItsRows) {
  OASIS_ASSERT_OK_AND_ASSIGN(Manifest golden, ReadManifest(kGolden));
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(Manifest written, WriteSnapshot(dir / "s", golden, GoldenRows(), 3));
  for (Manifest* manifest : {&golden, &written}) {
    for (ScoreFile& file : manifest->files) file.checksum = file.bytes = 0;
  }
  EXPECT_TRUE(written == golden);
}

}  // namespace
}  // namespace oasis::testing
