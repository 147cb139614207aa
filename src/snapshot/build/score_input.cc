#include "snapshot/build/score_input.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/build/sort_record.h"

namespace oasis::build {

using records::BadRows;
using records::Outcome;

absl::StatusOr<ScoreInput> ScoreInput::Create(const std::vector<std::string>& files,
                                              std::vector<Campaign> campaigns, bool has_campaigns) {
  if (files.empty()) return absl::InvalidArgumentError("no score file is given");
  if (files.size() > kMaxScoreFiles) {
    return absl::InvalidArgumentError(absl::StrCat(files.size(), " score files are more than ",
                                                   kMaxScoreFiles, ": put some together"));
  }
  ScoreInput input(files, has_campaigns ? CampaignNames(std::move(campaigns)) : CampaignNames());
  bool all_sizes_known = true;
  for (const std::string& file : files) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (std::filesystem::is_other(status)) {  // a pipe, a terminal
      all_sizes_known = false;
      continue;
    }
    OASIS_ASSIGN_OR_RETURN(const ScoreReader reader, ScoreReader::Open(file, input.signals_));
    if (input.signals_.empty()) input.signals_ = reader.signals();
    input.bytes_total_ += static_cast<int64_t>(std::filesystem::file_size(file, error));
  }
  if (!all_sizes_known) input.bytes_total_ = 0;
  if (input.signals_.empty()) {
    OASIS_ASSIGN_OR_RETURN(ScoreReader reader, ScoreReader::Open(files[0], {}));
    input.signals_ = reader.signals();
    input.first_reader_ = std::move(reader);
  }
  return input;
}

ScoreInput::ScoreInput(std::vector<std::string> files, CampaignNames campaigns)
    : files_(std::move(files)), campaigns_(std::move(campaigns)) {}

absl::Status ScoreInput::Read(RowSorter* sorter, BadRows* bad_rows, const Progress& progress) {
  largest_.assign(signals_.size(), 0.0F);
  for (size_t file = 0; file < files_.size(); ++file) {
    OASIS_RETURN_IF_ERROR(ReadFile(file, sorter, bad_rows, progress));
  }
  return absl::OkStatus();
}

absl::Status ScoreInput::ReadFile(size_t file, RowSorter* sorter, BadRows* bad_rows,
                                  const Progress& progress) {
  absl::StatusOr<ScoreReader> opened = file == 0 && first_reader_.has_value()
                                           ? *std::exchange(first_reader_, std::nullopt)
                                           : ScoreReader::Open(files_[file], signals_);
  OASIS_ASSIGN_OR_RETURN(ScoreReader reader, std::move(opened));
  ScoreRow row;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const Outcome outcome, reader.Next(&row));
    if (outcome == Outcome::kEnd) break;
    ++rows_read_;
    if (outcome == Outcome::kBad) {
      bad_rows->Add(files_[file], row.line, row.fault);
    } else {
      OASIS_RETURN_IF_ERROR(AddRow(file, row, sorter, bad_rows));
    }
    if (progress && rows_read_ % kProgressEveryLines == 0) {
      OASIS_RETURN_IF_ERROR(progress(bytes_before_ + reader.bytes_read(), bytes_total_));
    }
  }
  bytes_before_ += reader.bytes_read();
  if (progress) OASIS_RETURN_IF_ERROR(progress(bytes_before_, bytes_total_));
  return absl::OkStatus();
}

// Names are taken up only from rows that are good in everything else.
absl::Status ScoreInput::AddRow(size_t file, const ScoreRow& row, RowSorter* sorter,
                                BadRows* bad_rows) {
  std::optional<CampaignId> campaign = campaigns_.Find(row.campaign);
  const std::string fault = campaign.has_value() ? "" : campaigns_.Fault(row.campaign);
  if (!fault.empty()) {
    bad_rows->Add(files_[file], row.line, fault);
    return absl::OkStatus();
  }
  const absl::StatusOr<ContextId> context =
      contexts_.FindOrAdd(row.surface, row.market, row.cohort);
  if (absl::IsInvalidArgument(context.status())) {
    const absl::string_view message = context.status().message();
    bad_rows->Add(files_[file], row.line, message);
    return absl::OkStatus();
  }
  if (!context.ok()) {
    return Annotate(context.status(), absl::StrCat(files_[file], ":", row.line));
  }
  for (size_t i = 0; i < largest_.size(); ++i) {
    largest_[i] = std::max(largest_[i], std::abs(row.scores[i]));
  }
  if (!campaign.has_value()) campaign = campaigns_.Add(row.campaign);
  OASIS_ASSIGN_OR_RETURN(uint64_t * words, sorter->Add());
  SortRecord::Write(row.key, {static_cast<int>(file), row.line}, *context, *campaign, row.scores,
                    words);
  return absl::OkStatus();
}

std::vector<Signal> ScoreInput::SignalsWithScale() const {
  std::vector<Signal> signals;
  for (size_t i = 0; i < signals_.size(); ++i) {
    signals.push_back({signals_[i], largest_[i] > 0 ? std::max(largest_[i], kMinScale) : 1.0F});
  }
  return signals;
}

}  // namespace oasis::build
