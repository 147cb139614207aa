// Score rows of one file: columns bound, keys and numbers parsed, everything but names checked.
#ifndef OASIS_SNAPSHOT_BUILD_SCORE_READER_H_
#define OASIS_SNAPSHOT_BUILD_SCORE_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/gid.h"
#include "records/record_reader.h"

namespace oasis::build {

// One row; views are valid until the next call of ScoreReader::Next.
struct ScoreRow {
  int64_t line = 0;
  ItemKey key;
  absl::string_view surface;
  absl::string_view market;    // "*" when the file has no such column
  absl::string_view cohort;    // as market
  absl::string_view campaign;  // empty when the row names none
  std::vector<float> scores;   // finite; one a signal, in the order of ScoreReader::signals()
  std::string fault;           // of a bad row: why
};

// Columns item_uri, surface and score are required; market, cohort and campaign may be there; every
// other column is a signal of its own name. `score` is the signal "promotion". Not thread-safe.
class ScoreReader {
 public:
  // `signals`: those the file must have, in the order wanted; empty: whatever it has, `promotion`
  // first. InvalidArgument says which columns were found and which are missing.
  static absl::StatusOr<ScoreReader> Open(const std::string& path,
                                          const std::vector<std::string>& signals);

  absl::StatusOr<records::Outcome> Next(ScoreRow* row);

  const std::vector<std::string>& signals() const { return signals_; }
  int64_t bytes_read() const { return reader_->bytes_read(); }

 private:
  explicit ScoreReader(std::unique_ptr<records::RecordReader> reader)
      : reader_(std::move(reader)) {}

  absl::Status Bind();
  absl::Status Arrange(const std::vector<std::string>& wanted);
  std::string Interpret(const records::Record& record, ScoreRow* row) const;

  std::unique_ptr<records::RecordReader> reader_;
  std::vector<std::string> signals_;
  std::vector<int> signal_columns_;  // places in the record, one a signal
  int item_ = -1;                    // places of the other columns; -1: none
  int surface_ = -1;
  int market_ = -1;
  int cohort_ = -1;
  int campaign_ = -1;
  records::Record record_;
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_SCORE_READER_H_
