// What a snapshot must be to go live, and how it is compared with the one that is.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "machine/parallel.h"
#include "oasis/guardrails.h"
#include "oasis/loader.h"
#include "oasis/status.h"
#include "score/utc.h"
#include "snapshot/load/load_run.h"
#include "snapshot/load/table_from_store.h"

namespace oasis {

absl::Status Loader::CheckCreated(const std::filesystem::path& dir,
                                  const Manifest& manifest) const {
  const absl::Time now = options_.clock();
  if (manifest.created <= now + absl::Seconds(kMaxClockSkewSeconds)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      dir.string(), ": was created ", FormatUtc(manifest.created), ", and now is ", FormatUtc(now),
      ": set the clock of this server right, or build the snapshot again where the "
      "clock is right"));
}

absl::Status Loader::CheckFits(const Manifest& manifest, int64_t freed) const {
  const int64_t needed = TableBuilder::EstimateBytes(
      manifest.items, manifest.rows, static_cast<int>(manifest.signals.size()),
      static_cast<int64_t>(manifest.campaigns.size()));
  const int64_t available = options_.available_memory() + freed;
  if (needed <= available) return absl::OkStatus();
  constexpr int64_t kMebibyte = 1024 * 1024;
  return absl::ResourceExhaustedError(absl::StrCat(
      "the table of snapshot '", manifest.snapshot_id, "' needs ", needed / kMebibyte + 1,
      freed > 0 ? " MiB, and " : " MiB beside those that are live, and ", available / kMebibyte,
      " MiB are available", freed > 0 ? " once the live one is gone" : "",
      options_.drop_first ? ": give the server more memory, or build a smaller snapshot"
                          : ": give the server more memory, build a smaller snapshot, or serve "
                            "with --drop-first"));
}

absl::Status Loader::CheckFitsAtAll(const Manifest& manifest) const {
  int64_t freed = 0;
  if (options_.drop_first) {
    const auto live = tables_->Find(manifest.score_set, manifest.variant);
    if (live != nullptr) freed = live->resident_bytes();
  }
  return CheckFits(manifest, freed);
}

absl::Status Loader::CheckFitsBeside(const Manifest& manifest) const {
  OASIS_RETURN_IF_ERROR(CheckFitsAtAll(manifest));
  absl::Status beside = CheckFits(manifest);
  if (beside.ok()) return beside;
  return absl::ResourceExhaustedError(
      absl::StrCat("no room to compare two tables: ", beside.message(),
                   ". A load takes the live one away first (--drop-first) and compares nothing; "
                   "`oasis snapshot check NEW --against LIVE` compares them on another machine"));
}

absl::Status Loader::CheckAllowed(const TableName& table, absl::string_view snapshot_id) const {
  OASIS_RETURN_IF_ERROR(tables_->CheckRoom(table.score_set, table.variant));
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> pinned, store_->Pinned(table));
  if (!pinned.has_value() || *pinned == snapshot_id) return absl::OkStatus();
  OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> live, store_->Live(table));
  if (live == snapshot_id) return absl::OkStatus();  // a pin keeps others from coming, not the live
  return absl::FailedPreconditionError(absl::StrCat(DescribeTable(table),
                                                    " is pinned to snapshot '", *pinned,
                                                    "' and takes no other one; "
                                                    "unpin it first"));
}

absl::Status Loader::CheckDirectory(Run& run, const std::filesystem::path& dir) {
  if (!options_.guardrails.has_value()) {
    return absl::FailedPreconditionError(
        "this server serves without guardrails (--policy none), so there is nothing to check");
  }
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifestOf(run, dir));
  OASIS_RETURN_IF_ERROR(CheckCreated(dir, manifest));
  absl::Status held = store_->Holds(manifest).status();
  const bool reuses_id = absl::IsAlreadyExists(held);
  if (!reuses_id) OASIS_RETURN_IF_ERROR(held);
  OASIS_RETURN_IF_ERROR(CheckFitsBeside(manifest));
  OASIS_RETURN_IF_ERROR(VerifyFiles(dir, manifest, run.progress()));
  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kBuild));
  OASIS_ASSIGN_OR_RETURN(const std::shared_ptr<const Table> table,
                         BuildTableOfFiles(dir, manifest, options_.huge_pages, run.progress()));
  run.report.items = table->items();
  run.report.rows = table->cells();
  OASIS_RETURN_IF_ERROR(CheckSentinels(*table, manifest));
  OASIS_RETURN_IF_ERROR(CompareWithLive(run, *table, manifest.gates, {.force = true}, reuses_id));
  // A load refuses it also where the policy has no such check.
  if (reuses_id && run.report.guardrails->verdict != Verdict::kBlock) return held;
  run.report.outcome = LoadOutcome::kChecked;
  return absl::OkStatus();
}

// What is blocked is remembered, so that the watcher does not bring it again.
absl::Status Loader::CheckGuardrailsOf(Run& run, const Table& table, const Manifest& manifest,
                                       const LoadTerms& terms) {
  absl::Status compared = CompareWithLive(run, table, manifest.gates, terms);
  const GuardrailReport* const report = run.report.guardrails.get();
  if (compared.ok() || report == nullptr || report->verdict != Verdict::kBlock) return compared;
  const absl::Status noted = store_->Reject(manifest);
  if (noted.ok()) return compared;
  return absl::Status(compared.code(), absl::StrCat(compared.message(),
                                                    "; and that could not be noted, so that a "
                                                    "watcher may try it again: ",
                                                    noted.message()));
}

absl::Status Loader::CompareWithLive(Run& run, const Table& table, const std::vector<Gate>& gates,
                                     const LoadTerms& terms, bool reuses_id) {
  if (!options_.guardrails.has_value()) return absl::OkStatus();
  OASIS_RETURN_IF_ERROR(run.Enter(LoadPhase::kCheck));
  const TableInfo& info = table.info();
  const std::shared_ptr<const Table> live = tables_->Find(info.score_set, info.variant);
  GuardrailRun check;
  check.now = options_.clock();
  check.threads = LoadThreads();
  check.progress = run.progress();
  check.gates = gates;
  check.reuses_id = reuses_id;
  if (options_.recent_requests != nullptr) {
    check.recent = options_.recent_requests->Of(info.score_set, info.variant);
  }
  OASIS_ASSIGN_OR_RETURN(
      GuardrailReport report,
      CheckGuardrails(table, live.get(), options_.guardrails->Of(info.score_set), check));
  const bool blocked = report.verdict == Verdict::kBlock;
  run.report.guardrails = std::make_shared<const GuardrailReport>(std::move(report));
  if (!blocked) return absl::OkStatus();
  run.report.forced = terms.force && run.report.action != kCheckOnly;
  if (terms.force) return absl::OkStatus();
  const bool kept = run.report.action != kLoad;
  return absl::FailedPreconditionError(absl::StrCat(
      "snapshot '", info.snapshot_id, kept ? "', which never was live, is " : "' is ",
      GuardrailSummary(*run.report.guardrails), ". `oasis snapshot check` shows all of it; a ",
      kept ? "publish" : "load", " with --force and a --reason takes it all the same"));
}

absl::Status Loader::PutBack(const TableName& table, absl::string_view snapshot_id) {
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, store_->GetManifest(table, snapshot_id));
  const Progress silent = [](int64_t, int64_t) { return absl::OkStatus(); };
  OASIS_ASSIGN_OR_RETURN(const BuiltTable built,
                         BuildTable(*store_, manifest, options_.huge_pages, silent));
  built.table->Warm();
  return tables_->Publish(built.table).status();
}

}  // namespace oasis
