#include "snapshot/store/write_numbers.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "oasis/limits.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/slices.h"

namespace oasis {
namespace {

constexpr absl::string_view kNumberPrefix = "written/";

using MarkBytes = std::array<char, 2 * sizeof(uint64_t)>;

std::string NumberKey(int64_t number) { return absl::StrFormat("%s%019d", kNumberPrefix, number); }

MarkBytes MarkOf(int64_t number) {
  MarkBytes bytes;
  std::memcpy(bytes.data(), &number, sizeof(number));
  const uint64_t checksum = Checksum({bytes.data(), sizeof(number)});
  std::memcpy(bytes.data() + sizeof(number), &checksum, sizeof(checksum));
  return bytes;
}

// 0 when there is none that can be read.
int64_t ReadMark(const std::filesystem::path& path) {
  const absl::StatusOr<std::string> bytes = ReadWholeFile(path, sizeof(MarkBytes));
  int64_t number = 0;
  if (!bytes.ok() || bytes->size() != sizeof(MarkBytes)) return 0;
  std::memcpy(&number, bytes->data(), sizeof(number));
  const MarkBytes mark = MarkOf(number);
  return *bytes == absl::string_view(mark.data(), mark.size()) ? number : 0;
}

}  // namespace

absl::StatusOr<WriteNumbers> WriteNumbers::Read(rocksdb::DB& db, const std::filesystem::path& dir) {
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(rocksdb::ReadOptions()));
  int64_t first = 0;
  int64_t last = 0;
  int64_t count = 0;
  for (it->Seek(ToSlice(kNumberPrefix)); it->Valid(); it->Next(), ++count) {
    absl::string_view digits = ToView(it->key());
    if (!absl::ConsumePrefix(&digits, kNumberPrefix) || !absl::SimpleAtoi(digits, &last)) break;
    if (count == 0) first = last;
  }
  if (!it->status().ok()) return FromRocksDb(it->status(), dir.string());
  const int64_t gone = count == 0 ? 0 : last - first + 1 - count;
  const int64_t written = ReadMark(dir / "WRITTEN");
  if (gone == 0 && last >= written) return WriteNumbers(dir / "WRITTEN", last);
  return absl::DataLossError(
      gone != 0 ? absl::StrCat(gone, " writes before number ", last, " are lost")
                : absl::StrCat("the writes from number ", last + 1, " to ", written, " are lost"));
}

void WriteNumbers::AddNext(rocksdb::WriteBatch& batch) const {
  batch.Put(NumberKey(last_ + 1), "");
  if (last_ >= kKeptWriteNumbers) batch.Delete(NumberKey(last_ + 1 - kKeptWriteNumbers));
}

void WriteNumbers::SetWritten() {
  const MarkBytes bytes = MarkOf(++last_);
  const int fd = open(mark_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;
  // What fails leaves the mark behind, or unreadable: then less is noticed.
  [[maybe_unused]] const ssize_t written = pwrite(fd, bytes.data(), bytes.size(), 0);
  close(fd);
}

}  // namespace oasis
