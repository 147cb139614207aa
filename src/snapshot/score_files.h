// Writes a snapshot's SST files one after another.
#ifndef OASIS_SNAPSHOT_SCORE_FILES_H_
#define OASIS_SNAPSHOT_SCORE_FILES_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/gid.h"
#include "oasis/manifest.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"

namespace oasis {

// Splits items into runs, and these over files of about as many rows each: scores-00000.sst,
// scores-00001.sst… An error names the file; after one the object is of no more use. Not
// thread-safe.
class ScoreFiles {
 public:
  ScoreFiles(std::filesystem::path dir, int64_t rows_per_file);

  // REQUIRES: keys ascend; `item` is what EncodeRow made of a row of `rows` cells.
  absl::Status Add(const ItemKey& key, absl::string_view item, int64_t rows);

  // Closes the last file and returns all, on disk to stay (but for the directory's own fsync).
  absl::StatusOr<std::vector<ScoreFile>> Finish();

 private:
  absl::Status Open();
  absl::Status PutRun();
  absl::Status Close();
  std::filesystem::path path() const { return dir_ / files_.back().name; }

  std::filesystem::path dir_;
  int64_t rows_per_file_;
  rocksdb::Options options_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;  // null between files
  int64_t rows_ = 0;                                // of the file being written
  ItemKey run_key_;                                 // of the run's first item
  std::string run_;                                 // not in the file yet
  std::vector<ScoreFile> files_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_SCORE_FILES_H_
