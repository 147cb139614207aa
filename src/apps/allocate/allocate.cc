#include "apps/allocate/allocate.h"

#include <stdio.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "apps/allocate/plan_scores.h"
#include "apps/allocate/prices_file.h"
#include "apps/allocate/report_json.h"
#include "apps/allocate/report_page.h"
#include "apps/allocate/report_text.h"
#include "apps/commands/flags.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "metrics/build_info.h"
#include "oasis/context.h"
#include "oasis/limits.h"
#include "oasis/problem_files.h"
#include "oasis/status.h"
#include "snapshot/build/output_dir.h"
#include "snapshot/file_io.h"

namespace oasis {
namespace {

// "solve: pass 45, gap 0.12 %, next step 3e-05, short of 1.2e+03; 20 s left at most"
std::string ProgressText(const SolveOptions& options, const SolveProgress& progress) {
  std::string text = absl::StrFormat("solve: pass %d, ", progress.passes);
  absl::StrAppend(
      &text,
      std::isfinite(progress.gap) ? absl::StrFormat("gap %.3g %%", 100 * progress.gap)
                                  : "no plan yet",
      absl::StrFormat(", next step %.1g, short of %.3g", progress.residual, progress.shortfall));
  const absl::Duration a_pass = progress.elapsed / std::max(progress.passes, 1);
  const absl::Duration left = std::min(options.time_limit - progress.elapsed,
                                       a_pass * (options.max_passes - progress.passes));
  absl::StrAppend(&text, "; ", FormatSpan(std::max(left, absl::ZeroDuration())), " left at most; ");
  return text;
}

class AllocateRun {
 public:
  explicit AllocateRun(const AllocateOptions& options)
      : options_(options), interrupt_(kExitInterrupted) {}

  absl::Status Run();

 private:
  absl::Status CheckNames() const;
  absl::Status Read();
  absl::Status CheckProblem() const;
  absl::Status SetWeights();
  absl::Status Decide();
  absl::Status Write();
  void Print() const;
  absl::Status CheckInterrupt() const;
  Manifest Describe() const;

  const AllocateOptions& options_;
  const Interrupt interrupt_;
  std::vector<Campaign> campaigns_;
  AllocationProblem problem_;
  SolveOptions solve_;
  Allocation allocation_;
  PlanTotals totals_;
  bool stopped_ = false;  // by a signal, while it solved
  nlohmann::ordered_json report_;
};

absl::Status AllocateRun::Run() {
  OASIS_RETURN_IF_ERROR(CheckNames());
  OASIS_RETURN_IF_ERROR(Read());
  OASIS_RETURN_IF_ERROR(CheckProblem());
  OASIS_RETURN_IF_ERROR(Decide());
  absl::Status written = Write();
  Print();  // whatever could not be written
  return written;
}

// What a snapshot would refuse, before hours are spent.
absl::Status AllocateRun::CheckNames() const {
  if (options_.out.empty()) return absl::OkStatus();
  OASIS_RETURN_IF_ERROR(ValidateName("score set", options_.score_set));
  OASIS_RETURN_IF_ERROR(ValidateName("variant", options_.variant));
  if (!options_.snapshot_id.empty()) {
    OASIS_RETURN_IF_ERROR(ValidateName("snapshot id", options_.snapshot_id));
  }
  if (!options_.parent.empty()) OASIS_RETURN_IF_ERROR(ValidateName("parent", options_.parent));
  return build::OutputDir::Create(options_.out).status();  // gone again at once
}

absl::Status AllocateRun::CheckProblem() const {
  if (!options_.out.empty()) OASIS_RETURN_IF_ERROR(CheckWritable(problem_));
  if (options_.sweep.has_value()) {
    OASIS_RETURN_IF_ERROR(problem_.FindTerm(options_.sweep->term).status());
  }
  return absl::OkStatus();
}

absl::Status AllocateRun::CheckInterrupt() const {
  return stopped_ ? absl::OkStatus() : interrupt_.Check();
}

absl::Status AllocateRun::Read() {
  solve_ = options_.solve;
  if (!options_.prices_in.empty()) {
    OASIS_ASSIGN_OR_RETURN(solve_.warm_start, ReadPrices(options_.prices_in));
  }
  ProgressLine line;
  OASIS_ASSIGN_OR_RETURN(ProblemFiles files,
                         ReadProblem(options_.problem, [&](int64_t done, int64_t total) {
                           line.Update("read", done, total);
                           return interrupt_.Check();
                         }));
  campaigns_ = std::move(files.campaigns);
  OASIS_ASSIGN_OR_RETURN(problem_, AllocationProblem::Create(std::move(files.tables)));
  OASIS_RETURN_IF_ERROR(SetWeights());
  if (options_.mps.empty()) return absl::OkStatus();
  OASIS_ASSIGN_OR_RETURN(const std::string mps, ToMps(problem_));
  return WriteFileDurably(options_.mps, mps);
}

absl::Status AllocateRun::SetWeights() {
  if (options_.weights.empty()) return absl::OkStatus();
  std::vector<double> weights;
  for (const ValueTerm& term : problem_.terms) weights.push_back(term.weight);
  for (const auto& [name, weight] : options_.weights) {
    OASIS_ASSIGN_OR_RETURN(const size_t term, problem_.FindTerm(name));
    weights[term] = weight;
  }
  return problem_.Reweigh(weights);
}

absl::Status AllocateRun::Decide() {
  {
    ProgressLine line;
    solve_.progress = [&](const SolveProgress& progress) {
      line.Update(ProgressText(solve_, progress), 0, 0);
      return !interrupt_.seen();
    };
    OASIS_ASSIGN_OR_RETURN(allocation_, Solve(problem_, solve_));
    stopped_ = interrupt_.seen();
    totals_ = TotalsOf(problem_, allocation_, solve_.threads);
    report_ =
        AllocationReportJson(options_.problem.string(), problem_, solve_, allocation_, totals_);
    if (options_.sweep.has_value() && !stopped_) {
      SolveOptions options = solve_;
      options.warm_start = allocation_.Prices(problem_);
      OASIS_ASSIGN_OR_RETURN(report_["sweep"], RunSweep(*options_.sweep, options, problem_));
      stopped_ = interrupt_.seen();
    }
  }
  solve_.progress = nullptr;
  if (stopped_) {
    fputs(absl::StrFormat("oasis: stopped by a signal%s; the plan, of %d passes, keeps all hard "
                          "limits, and its gap is %.3g %%\n",
                          report_.contains("sweep") ? " while weights were swept" : "",
                          allocation_.passes, 100 * allocation_.certificate.gap)
              .c_str(),
          stderr);
  }
  return absl::OkStatus();
}

Manifest AllocateRun::Describe() const {
  Manifest manifest;
  manifest.snapshot_id = options_.snapshot_id;
  manifest.score_set = options_.score_set;
  manifest.variant = options_.variant;
  manifest.parent = options_.parent;
  manifest.created = options_.created == absl::InfinitePast() ? absl::Now() : options_.created;
  manifest.producer = absl::StrCat("oasis allocate ", GetBuildInfo().version);
  manifest.gates = {
      {"gap", std::min(allocation_.certificate.gap, kMaxAmount), kMaxPlanGap},
      {"violation", std::min(totals_.worst_violation, kMaxAmount), kMaxPlanViolation}};
  return manifest;
}

absl::Status AllocateRun::Write() {
  if (!options_.prices_out.empty()) {
    OASIS_RETURN_IF_ERROR(WritePrices(options_.prices_out, allocation_.Prices(problem_)));
  }
  if (!options_.out.empty()) {
    ProgressLine line;
    const PlanScoresOptions scores = {.out = options_.out,
                                      .manifest = Describe(),
                                      .campaigns = campaigns_,
                                      .response = options_.response,
                                      .terms = options_.terms,
                                      .threads = solve_.threads};
    OASIS_ASSIGN_OR_RETURN(
        const WrittenScores written,
        WritePlanScores(problem_, allocation_, scores, [&](int64_t done, int64_t total) {
          line.Update("write", done, total);
          return CheckInterrupt();
        }));
    report_["snapshot"] = SnapshotReportJson(options_.out.string(), written, totals_);
  }
  if (!options_.page.empty()) {
    OASIS_RETURN_IF_ERROR(WriteFileDurably(options_.page, ReportPage(report_)));
  }
  return absl::OkStatus();
}

void AllocateRun::Print() const {
  if (options_.json) {
    PrintJson(report_);
  } else {
    fputs(AllocationReportText(report_).c_str(), stdout);
  }
}

}  // namespace

absl::Status RunAllocate(const AllocateOptions& options) { return AllocateRun(options).Run(); }

}  // namespace oasis
