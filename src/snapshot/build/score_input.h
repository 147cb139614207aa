// All score files of a build, read into the sort.
#ifndef OASIS_SNAPSHOT_BUILD_SCORE_INPUT_H_
#define OASIS_SNAPSHOT_BUILD_SCORE_INPUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/snapshot.h"
#include "oasis/table.h"
#include "records/bad_rows.h"
#include "snapshot/build/names.h"
#include "snapshot/build/row_sorter.h"
#include "snapshot/build/score_reader.h"

namespace oasis::build {

// Not thread-safe.
class ScoreInput {
 public:
  // Opens every file once to see that it is there and has the columns of the first; what is wrong
  // with the last file is said before hours are spent on the first. Pipes are opened once only,
  // when their turn comes.
  static absl::StatusOr<ScoreInput> Create(const std::vector<std::string>& files,
                                           std::vector<Campaign> campaigns, bool has_campaigns);

  const std::vector<std::string>& signals() const { return signals_; }

  // Good rows go to `sorter`, bad ones to `bad_rows`. `progress` is in bytes of the files.
  absl::Status Read(RowSorter* sorter, records::BadRows* bad_rows, const Progress& progress);

  // After Read.
  int64_t rows_read() const { return rows_read_; }
  std::vector<Signal> SignalsWithScale() const;
  const ContextNames& contexts() const { return contexts_; }
  const CampaignNames& campaigns() const { return campaigns_; }

 private:
  ScoreInput(std::vector<std::string> files, CampaignNames campaigns);

  absl::Status ReadFile(size_t file, RowSorter* sorter, records::BadRows* bad_rows,
                        const Progress& progress);
  absl::Status AddRow(size_t file, const ScoreRow& row, RowSorter* sorter,
                      records::BadRows* bad_rows);

  std::vector<std::string> files_;
  std::vector<std::string> signals_;
  std::optional<ScoreReader> first_reader_;  // of a pipe, which cannot be opened twice
  std::vector<float> largest_;               // magnitude of a score, by signal
  ContextNames contexts_;
  CampaignNames campaigns_;
  int64_t rows_read_ = 0;
  int64_t bytes_before_ = 0;  // of the files that were read to the end
  int64_t bytes_total_ = 0;   // 0: not known
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_SCORE_INPUT_H_
