#include "oasis/build.h"

#include <unistd.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "machine/catching.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "records/bad_rows.h"
#include "records/campaigns_file.h"
#include "snapshot/build/item_merge.h"
#include "snapshot/build/output_dir.h"
#include "snapshot/build/row_sorter.h"
#include "snapshot/build/score_input.h"
#include "snapshot/build/sort_record.h"

namespace oasis {
namespace {

using build::ItemMerge;
using build::MergeContext;
using build::OutputDir;
using build::RowSorter;
using build::RunMerger;
using build::ScoreInput;
using build::SortRecord;
using records::BadRows;

size_t MachineMemoryBytes() {
  return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

absl::Status Validate(const BuildOptions& options) {
  OASIS_RETURN_IF_ERROR(ValidateName("score set", options.score_set));
  OASIS_RETURN_IF_ERROR(ValidateName("variant", options.variant));
  if (!options.snapshot_id.empty()) {
    OASIS_RETURN_IF_ERROR(ValidateName("snapshot id", options.snapshot_id));
  }
  if (!options.parent.empty()) OASIS_RETURN_IF_ERROR(ValidateName("parent", options.parent));
  if (options.created == absl::InfinitePast() || options.created == absl::InfiniteFuture()) {
    return absl::InvalidArgumentError("the time the snapshot is made at (created) is not set");
  }
  if (options.sort_memory_bytes > MachineMemoryBytes()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the sort's memory of ", options.sort_memory_bytes >> 20, " MiB is more than the ",
        MachineMemoryBytes() >> 20, " MiB of this machine: give a smaller --sort-memory"));
  }
  if (options.max_bad_rows < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_bad_rows is ", options.max_bad_rows, ": give 0 or more"));
  }
  return absl::OkStatus();
}

// One build, step by step; the phases and what they found go to the report.
class Build {
 public:
  Build(const BuildOptions& options, const BuildProgress& progress)
      : options_(options), progress_(progress), bad_rows_(options.max_bad_rows) {}

  absl::StatusOr<BuildReport> Run();

 private:
  Progress ProgressOf(BuildPhase phase) const;
  absl::StatusOr<Manifest> Write(RunMerger* rows, const ScoreInput& input, OutputDir* out);
  void EndPhase(BuildPhase phase);
  // The writer's messages name files in a directory with a hidden name that is soon gone.
  absl::Status AtOut(const absl::Status& status) const;

  const BuildOptions& options_;
  const BuildProgress& progress_;
  BadRows bad_rows_;
  BuildReport report_;
  absl::Time phase_began_;
};

Progress Build::ProgressOf(BuildPhase phase) const {
  if (!progress_) return nullptr;
  return [this, phase](int64_t done, int64_t total) { return progress_(phase, done, total); };
}

void Build::EndPhase(BuildPhase phase) {
  const absl::Time now = absl::Now();
  report_.phases.emplace_back(phase, now - phase_began_);
  phase_began_ = now;
}

absl::Status Build::AtOut(const absl::Status& status) const {
  return status.ok() ? status : Annotate(status, options_.out.string());
}

absl::StatusOr<BuildReport> Build::Run() {
  phase_began_ = absl::Now();
  OASIS_RETURN_IF_ERROR(Validate(options_));
  OASIS_ASSIGN_OR_RETURN(OutputDir out, OutputDir::Create(options_.out));
  std::vector<Campaign> campaigns;
  if (!options_.campaigns_file.empty()) {
    OASIS_ASSIGN_OR_RETURN(campaigns, records::ReadCampaigns(options_.campaigns_file));
  }
  OASIS_ASSIGN_OR_RETURN(ScoreInput input,
                         ScoreInput::Create(options_.score_files, std::move(campaigns),
                                            !options_.campaigns_file.empty()));
  RowSorter sorter(
      {.words = SortRecord::Words(static_cast<int>(input.signals().size())),
       .memory_bytes = options_.sort_memory_bytes,
       .temp_dir = options_.temp_dir.empty() ? build::ParentOf(options_.out) : options_.temp_dir});
  OASIS_RETURN_IF_ERROR(input.Read(&sorter, &bad_rows_, ProgressOf(BuildPhase::kRead)));
  report_.rows_read = input.rows_read();
  EndPhase(BuildPhase::kRead);

  OASIS_ASSIGN_OR_RETURN(RunMerger rows, sorter.Finish(ProgressOf(BuildPhase::kSort)));
  report_.spilled_runs = sorter.spilled_runs();
  EndPhase(BuildPhase::kSort);

  OASIS_ASSIGN_OR_RETURN(report_.manifest, Write(&rows, input, &out));
  OASIS_RETURN_IF_ERROR(out.Commit());
  EndPhase(BuildPhase::kWrite);
  report_.bad_rows = bad_rows_.count();
  report_.first_bad_rows = bad_rows_.first();
  return std::move(report_);
}

absl::StatusOr<Manifest> Build::Write(RunMerger* rows, const ScoreInput& input, OutputDir* out) {
  const int64_t good_rows = report_.rows_read - bad_rows_.count();
  if (good_rows == 0 && !bad_rows_.TooMany()) {
    return absl::InvalidArgumentError(absl::StrCat(absl::StrJoin(options_.score_files, ", "),
                                                   ": no ", bad_rows_.count() > 0 ? "good " : "",
                                                   "rows; a snapshot holds at least one"));
  }
  std::vector<ContextId> contexts;
  std::vector<CampaignId> campaigns;
  Manifest manifest;
  manifest.snapshot_id = options_.snapshot_id;
  manifest.score_set = options_.score_set;
  manifest.variant = options_.variant;
  manifest.created = options_.created;
  manifest.producer = options_.producer;
  manifest.parent = options_.parent;
  manifest.signals = input.SignalsWithScale();
  manifest.contexts = input.contexts().Sorted(&contexts);
  manifest.campaigns = input.campaigns().Sorted(&campaigns);

  absl::StatusOr<SnapshotWriter> writer = SnapshotWriter::Create(out->path(), manifest);
  if (!writer.ok()) return AtOut(writer.status());
  ItemMerge merge({.files = &options_.score_files,
                   .manifest = &manifest,
                   .contexts = &contexts,
                   .campaigns = &campaigns,
                   .rows = good_rows},
                  &bad_rows_);
  OASIS_RETURN_IF_ERROR(merge.Run(
      rows, [&](const ItemRow& row) { return AtOut(writer->Add(row)); },
      ProgressOf(BuildPhase::kWrite)));
  if (bad_rows_.TooMany()) {
    return bad_rows_.Error(
        report_.rows_read,
        bad_rows_.fatal()
            ? "Fix them: which of two duplicates is right cannot be known, so none are allowed"
            : absl::StrCat("Fix them, or allow them with --max-bad-rows ", bad_rows_.count()));
  }
  absl::StatusOr<Manifest> finished = writer->Finish();
  if (!finished.ok()) return AtOut(finished.status());
  return finished;
}

}  // namespace

absl::string_view BuildPhaseName(BuildPhase phase) {
  switch (phase) {
    case BuildPhase::kRead:
      return "read";
    case BuildPhase::kSort:
      return "sort";
    case BuildPhase::kWrite:
      return "write";
  }
  return "unknown";
}

absl::StatusOr<BuildReport> BuildSnapshot(const BuildOptions& options,
                                          const BuildProgress& progress) {
  std::optional<BuildReport> report;
  const absl::Status status = Catching([&] {
    OASIS_ASSIGN_OR_RETURN(report, Build(options, progress).Run());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return *std::move(report);
}

}  // namespace oasis
