#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "snapshot/checksum.h"
#include "snapshot/file_io.h"
#include "snapshot/manifest_rules.h"
#include "snapshot/row_codec.h"
#include "snapshot/score_files.h"
#include "snapshot/statistics.h"

namespace oasis {
namespace {

absl::Status MakeEmptyDirectory(const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return FileError(error.value(), dir, "cannot create the directory");
  const bool empty = std::filesystem::is_empty(dir, error);
  if (error) return FileError(error.value(), dir, "cannot read the directory");
  if (empty) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat(
      dir.string(), ": it exists and is not empty: give a new directory, or remove it"));
}

// Only what the producer gave; the rest is worked out.
Manifest Described(Manifest manifest) {
  manifest.items = 0;
  manifest.rows = 0;
  manifest.files.clear();
  manifest.statistics.clear();
  manifest.sentinels.clear();
  return manifest;
}

}  // namespace

struct SnapshotWriter::Rep {
  Rep(const std::filesystem::path& dir_in, Manifest manifest_in, int64_t rows_per_file)
      : dir(dir_in),
        manifest(std::move(manifest_in)),
        files(dir_in, rows_per_file),
        statistics(manifest.signals, manifest.contexts.size()),
        sentinels(manifest.signals) {
    content.Update(EncodeManifest(manifest));
  }

  // 8 digits of what was described and of every row: the SST files' own bytes differ from run to
  // run.
  std::string MakeId() const {
    return absl::StrCat(absl::FormatTime("%E4Y%m%dT%H%M%SZ", manifest.created, absl::UTCTimeZone()),
                        "-", FormatChecksum(content.Digest()).substr(0, 8));
  }

  std::filesystem::path dir;
  Manifest manifest;
  ScoreFiles files;
  StatisticsCollector statistics;
  SentinelPicker sentinels;
  StreamingChecksum content;
  ItemKey previous;
  std::string item;     // reused
  absl::Status failed;  // the first error; everything after answers with it
};

absl::StatusOr<SnapshotWriter> SnapshotWriter::Create(const std::filesystem::path& dir,
                                                      Manifest manifest, int64_t rows_per_file) {
  manifest = Described(std::move(manifest));
  OASIS_RETURN_IF_ERROR(Annotate(ValidateDescription(manifest), dir.string()));
  OASIS_RETURN_IF_ERROR(MakeEmptyDirectory(dir));
  return SnapshotWriter(std::make_unique<Rep>(dir, std::move(manifest), rows_per_file));
}

SnapshotWriter::SnapshotWriter(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
SnapshotWriter::SnapshotWriter(SnapshotWriter&&) noexcept = default;
SnapshotWriter& SnapshotWriter::operator=(SnapshotWriter&&) noexcept = default;
SnapshotWriter::~SnapshotWriter() = default;

absl::Status SnapshotWriter::Add(const ItemRow& row) {
  Rep& rep = *rep_;
  OASIS_RETURN_IF_ERROR(rep.failed);
  Manifest& manifest = rep.manifest;
  if (absl::Status valid = ValidateRow(row, manifest); !valid.ok()) {
    return Annotate(valid, absl::StrCat("row of ", FormatKey(row.key)));
  }
  if (manifest.items > 0 && row.key <= rep.previous) {
    return absl::InvalidArgumentError(absl::StrCat("row of ", FormatKey(row.key),
                                                   ": it comes after ", FormatKey(rep.previous),
                                                   "; keys must ascend"));
  }
  const auto rows = static_cast<int64_t>(row.contexts.size());
  EncodeRow(row, &rep.item);
  rep.failed = rep.files.Add(row.key, rep.item, rows);
  OASIS_RETURN_IF_ERROR(rep.failed);
  rep.content.Update(rep.item);
  rep.statistics.Add(row);
  rep.sentinels.Add(row);
  rep.previous = row.key;
  manifest.items += 1;
  manifest.rows += rows;
  return absl::OkStatus();
}

absl::StatusOr<Manifest> SnapshotWriter::Finish() {
  Rep& rep = *rep_;
  OASIS_RETURN_IF_ERROR(rep.failed);
  rep.failed = absl::FailedPreconditionError("the writer is finished");
  Manifest& manifest = rep.manifest;
  OASIS_ASSIGN_OR_RETURN(manifest.files, rep.files.Finish());
  manifest.statistics = rep.statistics.Take();
  manifest.sentinels = rep.sentinels.Take();
  if (manifest.snapshot_id.empty()) manifest.snapshot_id = rep.MakeId();
  OASIS_RETURN_IF_ERROR(SyncPath(rep.dir));
  OASIS_RETURN_IF_ERROR(WriteManifest(rep.dir, manifest));
  OASIS_RETURN_IF_ERROR(SyncPath(rep.dir / ".."));  // the new directory's own name must last too
  return std::move(manifest);
}

}  // namespace oasis
