// Opening input files, telling their compression, and reading lines.
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/line_reader.h"
#include "records/utf8.h"
#include "support/input_support.h"
#include "support/test_support.h"

namespace oasis::records {
namespace {

using ::oasis::testing::Gzip;
using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::WriteFile;
using ::oasis::testing::Zstd;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InputTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& bytes) {
    WriteFile(dir_ / "in", bytes);
    return (dir_ / "in").string();
  }

  // The lines of a file, or the error that ended them.
  static absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path) {
    OASIS_ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(path));
    std::vector<std::string> lines;
    Line line;
    while (true) {
      OASIS_ASSIGN_OR_RETURN(const bool more, reader.Next(&line));
      if (!more) return lines;
      EXPECT_EQ(line.number, static_cast<int64_t>(lines.size()) + 1);
      lines.emplace_back(line.too_long ? "TOO LONG"
                                       : std::string(line.text.data(), line.text.size()));
    }
  }
  void ExpectLines(const std::string& bytes, const std::vector<std::string>& expected) {
    OASIS_ASSERT_OK_AND_ASSIGN(const auto lines, ReadLines(Put(bytes)));
    EXPECT_EQ(lines, expected);
  }

  testing::TempDir dir_;
};

// Longer than all buffers, and not the same anywhere.
std::string LongText(std::vector<std::string>* lines) {
  std::string text;
  uint64_t state = 1;
  for (int i = 0; i < 60'000; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    lines->push_back(std::to_string(state));
    text += lines->back() + "\n";
  }
  return text;
}

TEST_F(InputTest, ReadsLinesWithAndWithoutALastLineEnd) {
  ExpectLines("a\nbc\n", {"a", "bc"});
  ExpectLines("a\nbc", {"a", "bc"});
  ExpectLines("\n\nx\n", {"", "", "x"});
}

TEST_F(InputTest, PassesOverByteOrderMarkAndCarriageReturns) {
  ExpectLines(
      "\xef\xbb\xbf"
      "a\r\nb\r\n",
      {"a", "b"});
  ExpectLines("\xef\xbb", {"\xef\xbb"});
}

TEST_F(InputTest, ReadsPlainGzipAndZstdAlikeWhateverTheName) {
  std::vector<std::string> lines;
  const std::string text = LongText(&lines);
  ExpectLines(text, lines);
  ExpectLines(Gzip(text), lines);
  ExpectLines(Zstd(text), lines);
}

TEST_F(InputTest, ReadsSeveralMembersAndFramesAsOneText) {
  ExpectLines(Gzip("a\nb") + Gzip("") + Gzip("c\nd\n"), {"a", "bc", "d"});
  ExpectLines(Zstd("a\nb") + Zstd("") + Zstd("c\nd\n"), {"a", "bc", "d"});
}

TEST_F(InputTest, PassesOverZerosAfterGzipAndSkippableFramesBeforeZstd) {
  ExpectLines(Gzip("a\n") + std::string(512, '\0'), {"a"});
  const std::string skippable("\x50\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  ExpectLines(skippable + Zstd("a\n"), {"a"});
}

TEST_F(InputTest, NamesTheLineAtWhichGzipIsTruncated) {
  std::vector<std::string> lines;
  const std::string bytes = Gzip(LongText(&lines));
  const std::string path = Put(bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(ReadLines(path),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr(path + ":"), HasSubstr("truncated"), HasSubstr("gzip"))));
  // Cut inside the header, and inside the checksum at the end.
  EXPECT_THAT(ReadLines(Put(bytes.substr(0, 5))),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("in:1: truncated")));
  EXPECT_THAT(ReadLines(Put(bytes.substr(0, bytes.size() - 3))),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("in:60001: truncated")));
}

TEST_F(InputTest, NamesTheLineAtWhichZstdIsTruncated) {
  std::vector<std::string> lines;
  const std::string bytes = Zstd(LongText(&lines));
  for (size_t size : {size_t{5}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_THAT(ReadLines(Put(bytes.substr(0, size))),
                StatusIs(absl::StatusCode::kDataLoss,
                         AllOf(HasSubstr("in:"), HasSubstr("truncated"), HasSubstr("zstd"))));
  }
}

TEST_F(InputTest, RefusesDamagedCompressedData) {
  std::string gzip = Gzip("some text\n");
  gzip[gzip.size() - 6] = static_cast<char>(gzip[gzip.size() - 6] ^ 1);  // in the checksum
  EXPECT_THAT(ReadLines(Put(gzip)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged gzip")));
  EXPECT_THAT(ReadLines(Put(Gzip("a\n") + "garbage")),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged gzip")));
  std::string zstd = Zstd("some text\n");
  zstd[4] = '\xff';
  EXPECT_THAT(ReadLines(Put(zstd)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged zstd")));
}

TEST_F(InputTest, TellsATooLongLineAndGoesOnBehindIt) {
  const std::string longest(kMaxInputLineBytes, 'x');
  ExpectLines("a\n" + longest + "\r\n" + longest + "x\nb\n", {"a", longest, "TOO LONG", "b"});
  const std::string huge(3 * kInputBufferBytes + kMaxInputLineBytes, 'y');
  ExpectLines(huge + "\nb", {"TOO LONG", "b"});
  ExpectLines(huge, {"TOO LONG"});
}

TEST_F(InputTest, RefusesAnEmptyFile) {
  EXPECT_THAT(ReadLines(Put("")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("in: the file is empty")));
}

TEST_F(InputTest, RefusesAMissingFileAndADirectory) {
  EXPECT_THAT(ReadLines((dir_ / "none").string()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none: cannot open it")));
  EXPECT_THAT(ReadLines(dir_.path().string()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is a directory")));
}

TEST_F(InputTest, NamesAFileItMayNotRead) {
  const std::string path = Put("a\n");
  chmod(path.c_str(), 0);
  const testing::AsNobody nobody;
  EXPECT_THAT(ReadLines(path), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr(path)));
}

TEST_F(InputTest, SaysWhatToDoWithFormatsItDoesNotRead) {
  const auto refused = [this](const std::string& bytes, const std::string& message) {
    EXPECT_THAT(ReadLines(Put(bytes)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  };
  refused(
      "\xfd"
      "7zXZ" +
          std::string(8, '\0'),
      "xz file");
  refused("BZh91AY", "bzip2 file");
  refused("PK\x03\x04----", "zip file");
  refused("PAR1----", "export it as CSV");
  refused(std::string("\xff\xfe"
                      "a\0",
                      4),
          "write it as UTF-8");
}

TEST_F(InputTest, ReadsAPipeThatGivesByteAfterByte) {
  const std::string path = (dir_ / "pipe").string();
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&path] {
    FILE* pipe = fopen(path.c_str(), "wb");
    for (char c : Gzip("a\nb\n")) {
      fputc(c, pipe);
      fflush(pipe);
    }
    fclose(pipe);
  });
  const auto lines = ReadLines(path);
  writer.join();
  ASSERT_THAT(lines, IsOk());
  EXPECT_THAT(*lines, ElementsAre("a", "b"));
}

TEST(Utf8Test, FindsTheFirstByteThatIsNotUtf8) {
  EXPECT_EQ(Utf8PrefixLength("plain text of more than eight bytes"), 35U);
  EXPECT_EQ(Utf8PrefixLength("Bj\xc3\xb6rk \xe2\x82\xac \xf0\x9f\x8e\xb5"), 15U);
  EXPECT_EQ(Utf8PrefixLength("ab\xff"), 2U);
  EXPECT_EQ(Utf8PrefixLength("\xc3"), 0U);              // cut off
  EXPECT_EQ(Utf8PrefixLength("a\xc0\xaf"), 1U);         // overlong
  EXPECT_EQ(Utf8PrefixLength("a\xed\xa0\x80"), 1U);     // surrogate
  EXPECT_EQ(Utf8PrefixLength("\xf4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(Utf8PrefixLength("\xe2\x82\x28"), 0U);
}

}  // namespace
}  // namespace oasis::records
