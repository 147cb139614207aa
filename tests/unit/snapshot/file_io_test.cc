#include "snapshot/file_io.h"

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <new>
#include <string>

#include "snapshot/checksum.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(FileIoTest, ReadsAFileOfSeveralPiecesWhole) {
  TempDir dir;
  std::string bytes(3'000'000, 'x');
  bytes[2'500'000] = 'y';
  WriteFile(dir / "f", bytes);
  OASIS_ASSERT_OK_AND_ASSIGN(const std::string read, ReadWholeFile(dir / "f", bytes.size()));
  EXPECT_TRUE(read == bytes);
}

TEST(FileIoTest, RefusesAFileAboveTheLimit) {
  TempDir dir;
  WriteFile(dir / "f", "12345");
  EXPECT_THAT(ReadWholeFile(dir / "f", 4),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr((dir / "f").string()), HasSubstr("limit of 4 bytes"))));
}

TEST(FileIoTest, NamesTheFileThatCannotBeOpenedAndWhy) {
  TempDir dir;
  EXPECT_THAT(ReadWholeFile(dir / "gone", 10),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr((dir / "gone").string() + ": cannot open"),
                             HasSubstr("No such file or directory"))));
}

TEST(FileIoTest, StopsReadingAtThePiecesError) {
  TempDir dir;
  WriteFile(dir / "f", "12345");
  const auto refuse = [](absl::string_view) { return absl::CancelledError("stop"); };
  EXPECT_EQ(ReadInPieces(dir / "f", refuse), absl::CancelledError("stop"));
}

TEST(FileIoTest, CopiesAFileOfSeveralPieces) {
  TempDir dir;
  WriteFile(dir / "f", std::string(2'500'000, 'x') + "y");
  size_t copied = 0;
  const auto count = [&](size_t bytes) {
    copied += bytes;
    return absl::OkStatus();
  };
  ASSERT_THAT(CopyFile(dir / "f", dir / "g", count), IsOk());
  EXPECT_EQ(copied, 2'500'001U);
  EXPECT_TRUE(ReadFile(dir / "g") == ReadFile(dir / "f"));
  EXPECT_THAT(CopyFile(dir / "f", dir / "g", count),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr((dir / "g").string())));
}

TEST(FileIoTest, ClosesWhatItCopiesToWhenAnExceptionPasses) {
  TempDir dir;
  WriteFile(dir / "f", "12345");
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  const auto fails = [](size_t) -> absl::Status { throw std::bad_alloc(); };
  EXPECT_THROW(CopyFile(dir / "f", dir / "g", fails).IgnoreError(), std::bad_alloc);
  EXPECT_EQ(open_files(), before);
}

TEST(FileIoTest, ReplacesAFileAndLeavesNothingBesideIt) {
  TempDir dir;
  WriteFile(dir / "f", "before, and longer");
  ASSERT_THAT(WriteFileDurably(dir / "f", "after"), IsOk());
  EXPECT_EQ(ReadFile(dir / "f"), "after");
  EXPECT_FALSE(std::filesystem::exists(dir / "f.tmp"));
}

TEST(FileIoTest, KeepsNoTemporaryFileWhenTheNameIsTaken) {
  TempDir dir;
  std::filesystem::create_directories(dir / "f" / "child");
  const absl::Status status = WriteFileDurably(dir / "f", "bytes");
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot rename"));
  EXPECT_FALSE(std::filesystem::exists(dir / "f.tmp"));
}

TEST(FileIoTest, NamesThePathThatCannotBeSynced) {
  TempDir dir;
  EXPECT_THAT(SyncPath(dir / "gone"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr((dir / "gone").string())));
}

TEST(FileIoTest, TellsAFullDiskByItsCode) {
  EXPECT_THAT(FileError(ENOSPC, "/data/f", "cannot write"),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "/data/f: cannot write: No space left on device; free room there"));
}

TEST(ChecksumTest, IsTheSameInPiecesAndAtOnce) {
  const std::string bytes(100'000, 'z');
  StreamingChecksum checksum;
  for (size_t at = 0; at < bytes.size(); at += 777) {
    checksum.Update(absl::string_view(bytes).substr(at, 777));
  }
  EXPECT_EQ(checksum.Digest(), Checksum(bytes));
  EXPECT_EQ(Checksum(""), 0x2D06800538D394C2u);  // XXH3-64's own test vector
}

TEST(ChecksumTest, ParsesWhatItFormatsAndNothingElse) {
  uint64_t parsed = 0;
  ASSERT_TRUE(ParseChecksum(FormatChecksum(0x0123456789abcdef), &parsed));
  EXPECT_EQ(parsed, 0x0123456789abcdefu);
  for (const char* bad : {"", "123", "0123456789ABCDEF", "0123456789abcdef0", "0123456789abcdeg"}) {
    EXPECT_FALSE(ParseChecksum(bad, &parsed)) << bad;
  }
}

}  // namespace
}  // namespace oasis::testing
