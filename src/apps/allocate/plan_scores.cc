#include "apps/allocate/plan_scores.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/allocation_report.h"
#include "oasis/context.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/build/output_dir.h"

namespace oasis {
namespace {

// The promotion signal, then its terms in the order of ScoreTerms.
constexpr absl::string_view kTermNames[] = {"value",     "caps", "commitments", "fairness",
                                            "guardrail", "load", "repair"};
constexpr size_t kMostSignals = 1 + std::size(kTermNames);
using EdgeScores = std::array<float, kMostSignals>;

// Terms are parts of a logit, and of nothing else.
bool HasTerms(const PlanScoresOptions& options) {
  return options.terms && options.response == Response::kLogit;
}

EdgeScores ScoresOf(const AllocationProblem& problem, const Allocation& allocation,
                    const PlanScoresOptions& options, const PlanBlock& block, size_t edge) {
  const auto at_edge = static_cast<size_t>(problem.contexts[block.context].first_edge) + edge;
  if (problem.edge_organic[at_edge] == 0.0F) return {};  // no score gives it a share
  EdgeScores scores = {ScoreFor(options.response, block.scores[edge], block.shares[edge])};
  if (!HasTerms(options)) return scores;
  ScoreTerms terms = ExplainScore(problem, allocation, block, edge);
  terms.repair += static_cast<double>(scores[0]) - terms.score;  // of those that are floored
  size_t at = 1;
  for (const double term : {terms.value, terms.caps, terms.commitments, terms.fairness,
                            terms.guardrail, terms.load, terms.repair}) {
    scores[at++] = static_cast<float>(term);
  }
  return scores;
}

// An edge of an item, and the context it is in.
struct Cell {
  uint32_t edge;
  ContextId context;
};

class PlanScores {
 public:
  PlanScores(const AllocationProblem& problem, const Allocation& allocation,
             const PlanScoresOptions& options)
      : problem_(problem),
        allocation_(allocation),
        options_(options),
        signals_(HasTerms(options) ? kMostSignals : 1) {}

  absl::StatusOr<WrittenScores> Write(const Progress& progress);

 private:
  template <typename Visit>
  void ForEachEdge(const Visit& visit) const;
  std::vector<Signal> MeasureSignals() const;
  int64_t CountFloored() const;
  void Quantise(const std::vector<Signal>& signals);
  void SortByItem();
  void MakeRow(uint32_t item, ItemRow& row) const;

  const AllocationProblem& problem_;
  const Allocation& allocation_;
  const PlanScoresOptions& options_;
  const size_t signals_;
  std::vector<int16_t> scores_;     // by edge, then signal
  std::vector<uint64_t> item_end_;  // in cells_
  std::vector<Cell> cells_;         // by item, then context
};

// visit(edge, scores, thread), for the edges of contexts with supply.
template <typename Visit>
void PlanScores::ForEachEdge(const Visit& visit) const {
  ForEachPlanBlock(
      problem_, allocation_, options_.threads, [&](const PlanBlock& block, int thread) {
        const auto first = static_cast<size_t>(problem_.contexts[block.context].first_edge);
        for (size_t i = 0; i < block.shares.size(); ++i) {
          visit(first + i, ScoresOf(problem_, allocation_, options_, block, i),
                static_cast<size_t>(thread));
        }
      });
}

// The scale of a signal is its largest magnitude.
std::vector<Signal> PlanScores::MeasureSignals() const {
  std::vector<EdgeScores> largest(static_cast<size_t>(options_.threads), EdgeScores{});
  ForEachEdge([&](size_t /*edge*/, const EdgeScores& scores, size_t thread) {
    for (size_t s = 0; s < signals_; ++s) {
      largest[thread][s] = std::max(largest[thread][s], std::abs(scores[s]));
    }
  });
  std::vector<Signal> signals(signals_);
  for (size_t s = 0; s < signals_; ++s) {
    signals[s].name = std::string(kDefaultSignal);
    if (s > 0) absl::StrAppend(&signals[s].name, ".", kTermNames[s - 1]);
    float scale = 0.0F;
    for (const EdgeScores& of_thread : largest) scale = std::max(scale, of_thread[s]);
    signals[s].scale = scale >= kMinScale ? scale : 1.0F;  // all of them 0
  }
  return signals;
}

int64_t PlanScores::CountFloored() const {
  if (options_.response != Response::kLogit) return 0;
  std::atomic<int64_t> floored = 0;
  ForEachPlanBlock(problem_, allocation_, options_.threads, [&](const PlanBlock& block, int) {
    floored += std::count_if(block.scores.begin(), block.scores.end(),
                             [](float score) { return score < kLeastWrittenScore; });
  });
  return floored;
}

void PlanScores::Quantise(const std::vector<Signal>& signals) {
  scores_.resize(static_cast<size_t>(problem_.edges()) * signals_);
  ForEachEdge([&](size_t edge, const EdgeScores& scores, size_t /*thread*/) {
    for (size_t s = 0; s < signals_; ++s) {
      scores_[edge * signals_ + s] = oasis::Quantise(scores[s], signals[s]);
    }
  });
}

void PlanScores::SortByItem() {
  const auto for_each = [this](const auto& visit) {
    for (uint32_t c = 0; c < problem_.context_count(); ++c) {
      const AllocationProblem::Context& context = problem_.contexts[c];
      if (context.supply <= 0.0) continue;
      const uint32_t first_offer = problem_.zone_ranges[context.zone].first_offer;
      for (auto e = static_cast<uint32_t>(context.first_edge);
           e < static_cast<uint32_t>(problem_.contexts[c + 1].first_edge); ++e) {
        visit(problem_.offer_item[first_offer + problem_.edge_offer[e]],
              Cell{e, static_cast<ContextId>(c)});
      }
    }
  };
  std::vector<uint64_t> next(problem_.items.size() + 1);
  for_each([&](uint32_t item, Cell /*cell*/) { ++next[item + 1]; });
  for (size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  cells_.resize(next.back());
  for_each([&](uint32_t item, Cell cell) { cells_[next[item]++] = cell; });
  item_end_ = std::move(next);  // each moved on to where its item ends
}

void PlanScores::MakeRow(uint32_t item, ItemRow& row) const {
  row.Clear();
  row.key = problem_.items[item].key;
  static_assert(kNobody == kNoCampaign);
  const CampaignId campaign = problem_.items[item].campaign;
  for (uint64_t i = item == 0 ? 0 : item_end_[item - 1]; i < item_end_[item]; ++i) {
    row.contexts.push_back(cells_[i].context);
    row.campaigns.push_back(campaign);
    const int16_t* const scores = &scores_[cells_[i].edge * signals_];
    row.scores.insert(row.scores.end(), scores, scores + signals_);
  }
}

absl::StatusOr<WrittenScores> PlanScores::Write(const Progress& progress) {
  OASIS_RETURN_IF_ERROR(CheckWritable(problem_));
  SortByItem();
  if (cells_.empty()) {
    return absl::InvalidArgumentError(
        "the plan has no scores to write: no context with supply has an edge");
  }
  Manifest manifest = options_.manifest;
  manifest.signals = MeasureSignals();
  Quantise(manifest.signals);
  for (uint32_t c = 0; c < problem_.context_count(); ++c) {
    const Zone& zone = problem_.zones[problem_.contexts[c].zone];
    const std::string& cohort = problem_.cohorts[problem_.contexts[c].cohort];
    const auto or_any = [](const std::string& name) {
      return name.empty() ? std::string(kAny) : name;
    };
    manifest.contexts.push_back({zone.surface, or_any(zone.market), or_any(cohort)});
  }
  manifest.campaigns = options_.campaigns;
  OASIS_ASSIGN_OR_RETURN(build::OutputDir out, build::OutputDir::Create(options_.out));
  absl::StatusOr<SnapshotWriter> writer = SnapshotWriter::Create(out.path(), std::move(manifest));
  if (!writer.ok()) return Annotate(writer.status(), options_.out.string());
  ItemRow row;
  const auto items = static_cast<uint32_t>(problem_.items.size());
  for (uint32_t item = 0; item < items; ++item) {
    if (item % kProgressEveryRows == 0) OASIS_RETURN_IF_ERROR(progress(item, items));
    MakeRow(item, row);
    if (row.contexts.empty()) continue;
    OASIS_RETURN_IF_ERROR(Annotate(writer->Add(row), options_.out.string()));
  }
  absl::StatusOr<Manifest> finished = writer->Finish();
  if (!finished.ok()) return Annotate(finished.status(), options_.out.string());
  OASIS_RETURN_IF_ERROR(out.Commit());
  return WrittenScores{*std::move(finished), CountFloored()};
}

}  // namespace

absl::Status CheckWritable(const AllocationProblem& problem) {
  if (problem.context_count() <= static_cast<uint32_t>(kMaxContexts)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the problem has ", problem.context_count(), " contexts, and a snapshot can hold ",
      kMaxContexts, ": make cohorts coarser, or leave --out away to see the report only"));
}

absl::StatusOr<WrittenScores> WritePlanScores(const AllocationProblem& problem,
                                              const Allocation& allocation,
                                              const PlanScoresOptions& options,
                                              const Progress& progress) {
  return PlanScores(problem, allocation, options).Write(progress);
}

}  // namespace oasis
