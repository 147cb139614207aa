#include "snapshot/store/table_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"

namespace oasis {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kMagic = "OASISTBL";
constexpr size_t kPieceBytes = size_t{1} << 20;  // checked while it is in the cache

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Bytes to or from a file, with their checksum.
class Stream {
 public:
  Stream(const fs::path& path, const char* mode, const Progress& progress)
      : path_(path), progress_(progress), file_(std::fopen(path.c_str(), mode)) {}

  bool is_open() const { return file_ != nullptr; }
  uint64_t checksum() const { return checksum_.Digest(); }

  absl::Status Write(absl::Span<const char> bytes) {
    while (!bytes.empty()) {
      const absl::Span<const char> piece = bytes.first(std::min(bytes.size(), kPieceBytes));
      if (std::fwrite(piece.data(), 1, piece.size(), file_.get()) != piece.size()) {
        return FileError(errno, path_, "cannot write");
      }
      OASIS_RETURN_IF_ERROR(Count({piece.data(), piece.size()}));
      bytes.remove_prefix(piece.size());
    }
    return absl::OkStatus();
  }
  absl::Status WriteNumber(uint64_t number) {
    return Write({reinterpret_cast<const char*>(&number), sizeof(number)});
  }
  absl::Status Close() {
    return std::fclose(file_.release()) == 0 ? absl::OkStatus()
                                             : FileError(errno, path_, "cannot write");
  }

  absl::Status Read(absl::Span<char> bytes) {
    while (!bytes.empty()) {
      const absl::Span<char> piece = bytes.first(std::min(bytes.size(), kPieceBytes));
      if (std::fread(piece.data(), 1, piece.size(), file_.get()) != piece.size()) {
        return absl::DataLossError(absl::StrCat(path_.string(), ": ends early"));
      }
      OASIS_RETURN_IF_ERROR(Count({piece.data(), piece.size()}));
      bytes.remove_prefix(piece.size());
    }
    return absl::OkStatus();
  }
  absl::Status ExpectNumber(uint64_t expected, absl::string_view what) {
    uint64_t number = 0;
    OASIS_RETURN_IF_ERROR(Read({reinterpret_cast<char*>(&number), sizeof(number)}));
    if (number == expected) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(path_.string(), ": ", what));
  }

 private:
  absl::Status Count(absl::string_view piece) {
    checksum_.Update(piece);
    return progress_(0, 0);
  }

  const fs::path& path_;
  const Progress& progress_;
  File file_;
  StreamingChecksum checksum_;
};

absl::Status WriteAll(const fs::path& path, uint64_t manifest_checksum, const Table& table,
                      const Progress& progress) {
  Stream out(path, "wb", progress);
  if (!out.is_open()) return FileError(errno, path, "cannot create");
  OASIS_RETURN_IF_ERROR(out.Write(kMagic));
  OASIS_RETURN_IF_ERROR(out.WriteNumber(manifest_checksum));
  OASIS_RETURN_IF_ERROR(
      table.WriteImage([&out](absl::Span<const char> bytes) { return out.Write(bytes); }));
  OASIS_RETURN_IF_ERROR(out.WriteNumber(out.checksum()));
  return out.Close();
}

}  // namespace

absl::Status WriteTableFile(const fs::path& path, uint64_t manifest_checksum, const Table& table,
                            const Progress& progress) {
  fs::path temporary = path;
  temporary += ".tmp";
  absl::Status status = WriteAll(temporary, manifest_checksum, table, progress);
  if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) {
    status = FileError(errno, path, "cannot rename the temporary file to this name");
  }
  std::error_code ignored;
  if (!status.ok()) fs::remove(temporary, ignored);
  return status;
}

absl::StatusOr<std::shared_ptr<const Table>> ReadTableFile(const fs::path& path,
                                                           uint64_t manifest_checksum,
                                                           const TableBuilder::Options& options,
                                                           const Progress& progress) {
  Stream in(path, "rb", progress);
  if (!in.is_open()) return FileError(errno, path, "cannot open");
  uint64_t magic = 0;
  std::memcpy(&magic, kMagic.data(), sizeof(magic));
  OASIS_RETURN_IF_ERROR(in.ExpectNumber(magic, "is no table of this program"));
  OASIS_RETURN_IF_ERROR(in.ExpectNumber(manifest_checksum, "is of another snapshot"));
  OASIS_ASSIGN_OR_RETURN(
      std::shared_ptr<const Table> table,
      TableBuilder::FromImage(options, [&in](absl::Span<char> bytes) { return in.Read(bytes); }));
  OASIS_RETURN_IF_ERROR(in.ExpectNumber(in.checksum(), "its checksum does not fit"));
  return table;
}

}  // namespace oasis
