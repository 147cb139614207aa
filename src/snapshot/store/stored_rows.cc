#include "snapshot/store/stored_rows.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "machine/parallel.h"
#include "oasis/status.h"
#include "rocksdb/db.h"
#include "rocksdb/metadata.h"
#include "rocksdb/sst_file_reader.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/sst_options.h"
#include "snapshot/store/rocksdb_options.h"
#include "snapshot/store/row_parts.h"

namespace oasis {
namespace {

constexpr size_t kPartReadAheadBytes = 256 * 1024;  // a part is not much longer

// One SST file of the database, which is one score file of the snapshot. Read by itself: an
// iterator over all of them takes a third longer for each row.
struct StoredFile {
  std::string path;
  std::unique_ptr<rocksdb::SstFileReader> reader;
};

absl::StatusOr<std::vector<StoredFile>> OpenFiles(const std::string& path, size_t expected) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(QuietOptions(), path, &opened);
  if (!status.ok()) return ReadError(status, path);
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::vector<rocksdb::LiveFileMetaData> live;
  db->GetLiveFilesMetaData(&live);
  if (live.size() != expected) {
    return Damaged(path, ": has ", live.size(), " files; the manifest says ", expected);
  }
  std::sort(live.begin(), live.end(),
            [](const auto& a, const auto& b) { return a.smallestkey < b.smallestkey; });
  std::vector<StoredFile> files;
  for (const rocksdb::LiveFileMetaData& file : live) {
    files.push_back({path + file.name, std::make_unique<rocksdb::SstFileReader>(SstOptions())});
    OASIS_RETURN_IF_ERROR(ReadError(files.back().reader->Open(files.back().path), path));
  }
  return files;
}

}  // namespace

absl::Status ReadStoredRows(const std::filesystem::path& db, const Manifest& manifest, int threads,
                            const std::function<absl::Status(int thread, const ItemRow&)>& row,
                            const Progress& progress, int64_t items_per_part) {
  OASIS_ASSIGN_OR_RETURN(const std::vector<StoredFile> files,
                         OpenFiles(db.string(), manifest.files.size()));
  const std::vector<RowPart> parts = CutIntoParts(manifest, items_per_part);
  std::vector<PartContent> contents(parts.size());
  std::mutex mutex;
  int64_t done = 0;  // guarded by the mutex, as are calls of `progress`
  rocksdb::ReadOptions options = ScanOptions();
  options.readahead_size = kPartReadAheadBytes;
  const auto read_part = [&](size_t job, int thread) -> absl::Status {
    const StoredFile& file = files[parts[job].file];
    const std::unique_ptr<rocksdb::Iterator> runs(file.reader->NewIterator(options));
    OASIS_ASSIGN_OR_RETURN(contents[job],
                           ReadPart(parts[job], manifest, *runs, file.path,
                                    [&](const ItemRow& item) { return row(thread, item); }));
    const std::lock_guard<std::mutex> lock(mutex);
    done += contents[job].items;
    return progress(done, manifest.items);
  };
  OASIS_RETURN_IF_ERROR(InParallel(parts.size(), threads, read_part));
  return CheckContents(parts, contents, manifest, db.string());
}

}  // namespace oasis
