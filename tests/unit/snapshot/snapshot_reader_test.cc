#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include "snapshot/checksum.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

// In place: writing the file anew would make some file systems flush it each time.
void FlipBits(const std::filesystem::path& path, size_t offset, char mask) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ mask);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

class SnapshotReaderTest : public ::testing::Test {
 protected:
  void SetUp() override { Write(30, 20); }

  void Write(uint64_t items, int64_t rows_per_file) {
    std::filesystem::remove_all(path());
    rows_ = SampleRows(items);
    absl::StatusOr<Manifest> written =
        WriteSnapshot(path(), SampleDescription(), rows_, rows_per_file);
    ASSERT_THAT(written, IsOk());
    manifest_ = *std::move(written);
  }

  std::filesystem::path path() const { return dir_ / "s"; }
  std::filesystem::path file(size_t i) const { return path() / manifest_.files[i].name; }
  absl::Status Verify() const { return VerifySnapshot(path(), NoProgress()).status(); }

  // The rows by the manifest with `change` made to it, while the files stay.
  absl::Status ReadBy(const std::function<void(Manifest&)>& change) const {
    Manifest manifest = manifest_;
    change(manifest);
    return ReadAllRows(path(), manifest).status();
  }

  TempDir dir_;
  std::vector<ItemRow> rows_;
  Manifest manifest_;
};

TEST_F(SnapshotReaderTest, VerifiesAWholeSnapshot) {
  ASSERT_GE(manifest_.files.size(), 3u);
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest manifest, VerifySnapshot(path(), NoProgress()));
  EXPECT_TRUE(manifest == manifest_);
}

TEST_F(SnapshotReaderTest, VerifyReportsAMissingManifest) {
  std::filesystem::remove(path() / "MANIFEST.json");
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kNotFound, HasSubstr("not a snapshot")));
}

TEST_F(SnapshotReaderTest, VerifyReportsAMissingFile) {
  std::filesystem::remove(file(1));
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 AllOf(HasSubstr(file(1).string()), HasSubstr("missing"))));
}

TEST_F(SnapshotReaderTest, VerifyReportsATruncatedFileByItsSize) {
  const std::string bytes = ReadFile(file(1));
  WriteFile(file(1), bytes.substr(0, bytes.size() - 1));
  EXPECT_THAT(Verify(),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(file(1).string()), HasSubstr("the manifest says"))));
}

TEST_F(SnapshotReaderTest, VerifyReportsEveryFlippedByteOfAFile) {
  Write(3, 1000);
  const size_t size = std::filesystem::file_size(file(0));
  for (size_t i = 0; i < size; ++i) {
    FlipBits(file(0), i, 0x10);
    ASSERT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("checksum is"))) << i;
    FlipBits(file(0), i, 0x10);
  }
}

TEST_F(SnapshotReaderTest, VerifyReportsAFileThatIsADirectory) {
  std::filesystem::remove(file(0));
  std::filesystem::create_directory(file(0));
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 AllOf(HasSubstr(file(0).string()),
                                       HasSubstr("copy the snapshot here again"))));
}

TEST_F(SnapshotReaderTest, DoesNotWaitForAFileThatIsAPipe) {
  std::filesystem::remove(file(1));
  ASSERT_EQ(mkfifo(file(1).c_str(), 0600), 0);
  const auto names_the_file =
      StatusIs(absl::StatusCode::kDataLoss,
               AllOf(HasSubstr(file(1).string()), HasSubstr("copy the snapshot here again")));
  EXPECT_THAT(Verify(), names_the_file);
  EXPECT_THAT(ReadAllRows(path(), manifest_), names_the_file);
}

TEST_F(SnapshotReaderTest, VerifyReportsAFileOfAnotherSnapshot) {
  OASIS_ASSERT_OK_AND_ASSIGN(
      const Manifest other, WriteSnapshot(dir_ / "other", SampleDescription(), SampleRows(31), 20));
  std::filesystem::copy_file(dir_ / "other" / other.files[0].name, file(0),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file(0).string())));
}

TEST_F(SnapshotReaderTest, VerifyReportsASentinelThatTheRowsDoNotAnswer) {
  manifest_.sentinels[3].scores[1] += 0.01F;
  ASSERT_THAT(WriteManifest(path(), manifest_), IsOk());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 HasSubstr("sentinel " + FormatKey(manifest_.sentinels[3].key))));
}

TEST_F(SnapshotReaderTest, VerifyReportsASentinelWithoutARow) {
  manifest_.sentinels.back().key = {{~0ull, 0}, ItemKind::kTrack};
  ASSERT_THAT(WriteManifest(path(), manifest_), IsOk());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("sentinel")));
  manifest_.sentinels = {{{{0, 1}, ItemKind::kTrack}, 0, {0.0F, 0.0F}}};
  ASSERT_THAT(WriteManifest(path(), manifest_), IsOk());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("sentinel")));
}

TEST_F(SnapshotReaderTest, VerifyReportsASentinelInAContextWithoutARow) {
  manifest_.sentinels[0].context = 2;  // item 0 is in context 0 only
  ASSERT_THAT(WriteManifest(path(), manifest_), IsOk());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("sentinel")));
}

TEST_F(SnapshotReaderTest, VerifyReportsStatisticsThatTheRowsDoNotGive) {
  manifest_.statistics[3].mean = manifest_.statistics[3].min;
  ASSERT_THAT(WriteManifest(path(), manifest_), IsOk());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 HasSubstr("statistics of context 1, signal 1: the rows")));
}

TEST_F(SnapshotReaderTest, NamesTheScoreFileThatRocksDbCannotOpen) {
  WriteFile(file(1), "not an SST file, and far too short for one");
  EXPECT_THAT(ReadBy([](Manifest&) {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file(1).string())));
}

TEST_F(SnapshotReaderTest, NamesTheScoreFileThatIsMissing) {
  std::filesystem::remove(file(2));
  EXPECT_THAT(ReadBy([](Manifest&) {}),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(file(2).string()), HasSubstr("No such file"))));
}

// Without the files' checksums: what RocksDB's own and our own checks of the rows find.
TEST_F(SnapshotReaderTest, ReadsNoWrongRowWhateverByteIsFlipped) {
  Write(6, 1000);
  const size_t size = std::filesystem::file_size(file(0));
  for (size_t i = 0; i < size; ++i) {
    FlipBits(file(0), i, 0x01);
    const absl::StatusOr<std::vector<ItemRow>> read = ReadAllRows(path(), manifest_);
    if (read.ok()) {
      ASSERT_TRUE(*read == rows_) << i;
    } else {
      ASSERT_THAT(read, StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file(0).string()))) << i;
    }
    FlipBits(file(0), i, 0x01);
  }
}

TEST_F(SnapshotReaderTest, RefusesFewerItemsThanTheManifestSays) {
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.files.back().items, ++m.items; }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("ends after")));
  EXPECT_THAT(ReadBy([](Manifest& m) { m.files.push_back(m.files.back()); }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("does not come after")));
}

TEST_F(SnapshotReaderTest, RefusesMoreItemsThanTheManifestSays) {
  EXPECT_THAT(ReadBy([](Manifest& m) { --m.files[0].items, --m.items; }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("the last of the")));
  EXPECT_THAT(ReadBy([this](Manifest& m) {
                m.files.resize(1);
                m.files[0].items -= 1;
                m.files[0].last_key = rows_[static_cast<size_t>(m.files[0].items - 1)].key;
              }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("more items than the manifest")));
}

TEST_F(SnapshotReaderTest, RefusesAnotherNumberOfRowsThanTheManifestSays) {
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.rows; }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("rows; the manifest says")));
}

TEST_F(SnapshotReaderTest, RefusesOtherFirstAndLastKeysThanTheManifestSays) {
  EXPECT_THAT(ReadBy([](Manifest& m) { m.files[0].first_key.gid.lo += 1; }),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr("item 0"), HasSubstr("the first key of scores-00000"))));
  EXPECT_THAT(ReadBy([](Manifest& m) { m.files[1].last_key.gid.lo += 1; }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("keys of scores-00001")));
}

TEST_F(SnapshotReaderTest, RefusesFilesInAnotherOrder) {
  EXPECT_THAT(ReadBy([](Manifest& m) { std::swap(m.files[0], m.files[1]); }),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("does not come after")));
}

TEST_F(SnapshotReaderTest, SaysOnceWhatToDoAboutDamage) {
  const std::string remedy = "; copy the snapshot here again, or build it again";
  const auto says_so =
      StatusIs(absl::StatusCode::kDataLoss, AllOf(EndsWith(remedy), Not(HasSubstr(remedy + ";"))));
  EXPECT_THAT(ReadBy([](Manifest& m) { m.contexts.pop_back(); }), says_so);
  EXPECT_THAT(ReadBy([](Manifest& m) { ++m.rows; }), says_so);
  Manifest changed = manifest_;
  changed.sentinels[3].scores[1] += 0.01F;
  ASSERT_THAT(WriteManifest(path(), changed), IsOk());
  EXPECT_THAT(Verify(), says_so);
  changed = manifest_;
  changed.statistics[3].mean = changed.statistics[3].min;
  ASSERT_THAT(WriteManifest(path(), changed), IsOk());
  EXPECT_THAT(Verify(), says_so);
  changed = manifest_;
  ++changed.rows;
  WriteFile(path() / "MANIFEST.json", EncodeManifest(changed));
  EXPECT_THAT(Verify(), says_so);
  std::filesystem::remove(file(0));
  EXPECT_THAT(ReadAllRows(path(), manifest_), says_so);
}

TEST_F(SnapshotReaderTest, NamesTheItemWhoseValueIsDamaged) {
  EXPECT_THAT(
      ReadBy([](Manifest& m) { m.contexts.pop_back(); }),
      StatusIs(absl::StatusCode::kDataLoss,
               AllOf(HasSubstr("scores-00000.sst: item 2: byte 70 of the run: spotify:track:"),
                     HasSubstr("context 2 of only 2"))));
}

TEST_F(SnapshotReaderTest, PassesTheCallbacksErrorOnAsItIs) {
  const absl::Status error = absl::AbortedError("enough");
  int calls = 0;
  const auto row = [&](const ItemRow&) { return ++calls == 25 ? error : absl::OkStatus(); };
  EXPECT_EQ(ReadRows(path(), manifest_, row, NoProgress()), error);
  EXPECT_EQ(calls, 25);
}

TEST_F(SnapshotReaderTest, TellsProgressAndStopsWhenItIsRefused) {
  Write(70'000, 50'000);
  std::vector<std::pair<int64_t, int64_t>> told;
  const auto tell = [&](int64_t done, int64_t total) {
    told.emplace_back(done, total);
    return absl::OkStatus();
  };
  const auto row = [](const ItemRow&) { return absl::OkStatus(); };
  ASSERT_THAT(ReadRows(path(), manifest_, row, tell), IsOk());
  EXPECT_THAT(told, ElementsAre(Pair(65'536, 70'000), Pair(70'000, 70'000)));

  const auto cancel = [](int64_t, int64_t) { return absl::CancelledError("stop"); };
  EXPECT_EQ(ReadRows(path(), manifest_, row, cancel), absl::CancelledError("stop"));
  EXPECT_EQ(VerifyFiles(path(), manifest_, cancel), absl::CancelledError("stop"));
}

TEST_F(SnapshotReaderTest, TellsVerifysProgressInOneUnit) {
  std::vector<std::pair<int64_t, int64_t>> told;
  const auto tell = [&](int64_t done, int64_t total) {
    told.emplace_back(done, total);
    return absl::OkStatus();
  };
  ASSERT_THAT(VerifySnapshot(path(), tell), IsOk());
  int64_t bytes = 0;
  for (const ScoreFile& score_file : manifest_.files)
    bytes += static_cast<int64_t>(score_file.bytes);
  EXPECT_THAT(told, ElementsAre(Pair(bytes, 2 * bytes), Pair(2 * bytes, 2 * bytes)));
}

}  // namespace
}  // namespace oasis::testing
