#include "snapshot/build/score_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/context.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/field_values.h"
#include "records/text_rules.h"

namespace oasis::build {

using records::Field;
using records::Outcome;
using records::ReadAnyOrName;
using records::ReadNumber;
using records::ReadOptionalText;
using records::ReadText;
using records::Record;
using records::RecordReader;

namespace {

constexpr absl::string_view kScoreColumn = "score";
constexpr absl::string_view kScoreSignal = "promotion";
constexpr absl::string_view kOptionalColumns[] = {"market", "cohort", "campaign"};
// Why a column with some other name was taken for a signal.
constexpr absl::string_view kSignalColumns =
    " (every column that is not item_uri, surface, market, cohort or campaign holds scores)";

absl::string_view ColumnOf(absl::string_view signal) {
  return signal == kScoreSignal ? kScoreColumn : signal;
}

}  // namespace

absl::StatusOr<ScoreReader> ScoreReader::Open(const std::string& path,
                                              const std::vector<std::string>& signals) {
  OASIS_ASSIGN_OR_RETURN(auto rows, RecordReader::Open(path, kOptionalColumns));
  ScoreReader reader(std::move(rows));
  const std::string place = absl::StrCat(path, ":", reader.reader_->header_line());
  OASIS_RETURN_IF_ERROR(Annotate(reader.Bind(), place));
  if (!signals.empty()) OASIS_RETURN_IF_ERROR(Annotate(reader.Arrange(signals), place));
  return reader;
}

absl::Status ScoreReader::Bind() {
  const std::vector<std::string>& columns = reader_->columns();
  int score = -1;
  const std::pair<absl::string_view, int*> known[] = {
      {"item_uri", &item_}, {"surface", &surface_}, {kScoreColumn, &score},
      {"market", &market_}, {"cohort", &cohort_},   {"campaign", &campaign_}};
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto* match = std::find_if(std::begin(known), std::end(known),
                                     [&](const auto& entry) { return entry.first == columns[i]; });
    if (match != std::end(known)) {
      *match->second = static_cast<int>(i);
    } else {
      signals_.push_back(columns[i]);
      signal_columns_.push_back(static_cast<int>(i));
    }
  }
  std::vector<absl::string_view> missing;
  if (item_ < 0) missing.emplace_back("item_uri");
  if (surface_ < 0) missing.emplace_back("surface");
  if (score < 0) missing.push_back(kScoreColumn);
  if (!missing.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "missing column ", absl::StrJoin(missing, ", "), "; found ", absl::StrJoin(columns, ", "),
        columns.size() == 1 ? " (are the columns separated by commas?)" : "",
        ". Required: item_uri, surface, score. Optional: market, cohort, campaign, and a column "
        "of numbers for each further signal"));
  }
  for (const std::string& signal : signals_) {
    OASIS_RETURN_IF_ERROR(ValidateName("column (a signal)", signal));
    if (signal == kScoreSignal) {
      return absl::InvalidArgumentError(
          "column promotion: the signal of that name comes from the column score; leave one out");
    }
  }
  if (signals_.size() + 1 > kMaxSignals) {
    return absl::InvalidArgumentError(
        absl::StrCat(signals_.size() + 1, " columns of scores are more than ", kMaxSignals));
  }
  signals_.insert(signals_.begin(), std::string(kScoreSignal));
  signal_columns_.insert(signal_columns_.begin(), score);
  return absl::OkStatus();
}

absl::Status ScoreReader::Arrange(const std::vector<std::string>& wanted) {
  std::vector<int> columns;
  for (const std::string& signal : wanted) {
    const auto found = std::find(signals_.begin(), signals_.end(), signal);
    if (found == signals_.end()) break;
    columns.push_back(signal_columns_[static_cast<size_t>(found - signals_.begin())]);
  }
  if (columns.size() != wanted.size() || signals_.size() != wanted.size()) {
    const auto name = [](std::string* out, const std::string& signal) {
      absl::StrAppend(out, ColumnOf(signal));
    };
    return absl::InvalidArgumentError(
        absl::StrCat("columns of scores are ", absl::StrJoin(signals_, ", ", name),
                     ", but those of the first file are ", absl::StrJoin(wanted, ", ", name),
                     ": all files must have the same"));
  }
  signals_ = wanted;
  signal_columns_ = std::move(columns);
  return absl::OkStatus();
}

absl::StatusOr<Outcome> ScoreReader::Next(ScoreRow* row) {
  OASIS_ASSIGN_OR_RETURN(const Outcome outcome, reader_->Next(&record_));
  if (outcome == Outcome::kEnd) return outcome;
  row->line = record_.line;
  row->fault = outcome == Outcome::kBad ? std::move(record_.fault) : Interpret(record_, row);
  return row->fault.empty() ? Outcome::kGood : Outcome::kBad;
}

std::string ScoreReader::Interpret(const Record& record, ScoreRow* row) const {
  const auto field = [&record](int column) -> const Field& {
    return record.fields[static_cast<size_t>(column)];
  };
  absl::string_view uri;
  std::string fault = ReadText("item_uri", field(item_), &uri);
  if (!fault.empty()) return fault;
  row->key = KeyOfUri(uri);
  if (row->key.kind == ItemKind::kInvalid) return std::string(ParseItemUri(uri).status().message());

  fault = ReadText("surface", field(surface_), &row->surface);
  if (!fault.empty()) return fault;
  row->market = kAny;
  if (market_ >= 0) fault = ReadAnyOrName("market", field(market_), &row->market);
  if (!fault.empty()) return fault;
  row->cohort = kAny;
  if (cohort_ >= 0) fault = ReadAnyOrName("cohort", field(cohort_), &row->cohort);
  if (!fault.empty()) return fault;

  row->scores.resize(signals_.size());
  for (size_t i = 0; i < signals_.size(); ++i) {
    fault = ReadNumber(ColumnOf(signals_[i]), field(signal_columns_[i]), &row->scores[i]);
    if (!fault.empty()) return absl::StrCat(fault, i > 0 ? kSignalColumns : "");
  }
  row->campaign = {};
  if (campaign_ >= 0) fault = ReadOptionalText("campaign", field(campaign_), &row->campaign);
  return fault;
}

}  // namespace oasis::build
