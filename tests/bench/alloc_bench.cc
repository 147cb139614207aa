// The allocator's speed. Prints one JSON object a line.
//
//   alloc_bench pass EDGES            a pass, beside a streaming read of the same columns
//   alloc_bench solve EDGES TAU       cold to a gap of 1e-4, then warm after a change of 5 %
//   alloc_bench matching SOURCES      DuaLip's step rule and ours: ridge, the same matching problem
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "allocation/dual_pass.h"
#include "allocation/dual_terms.h"
#include "allocation/generate/draw.h"
#include "oasis/allocation.h"
#include "oasis/allocation_recipes.h"

namespace oasis {
namespace {

constexpr int kThreads = 2;
constexpr int kRepeats = 7;

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  std::exit(1);
}

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double BestSecondsOf(const std::function<void()>& work) {
  double best = SecondsOf(work);
  for (int i = 1; i < kRepeats; ++i) best = std::min(best, SecondsOf(work));
  return best;
}

// The most memory that was held since the last call of ForgetPeak.
void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << '5'; }
int64_t PeakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

// Sums up a part of a column, as 64-bit words.
template <typename T>
uint64_t ReadPart(const std::vector<T>& column, int64_t edges, size_t part, size_t parts) {
  const auto words = static_cast<size_t>(edges) * sizeof(T) / sizeof(uint64_t);
  const auto* word = reinterpret_cast<const uint64_t*>(column.data());
  uint64_t sum = 0;
  for (size_t i = words * part / parts; i < words * (part + 1) / parts; ++i) sum += word[i];
  return sum;
}

void BenchPass(int64_t edges) {
  PromotionRecipe recipe;
  recipe.edges = edges;
  AllocationTables tables;
  const double generating = SecondsOf([&] { tables = OrDie(MakePromotionTables(recipe)); });
  AllocationProblem problem;
  const double creating =
      SecondsOf([&] { problem = OrDie(AllocationProblem::Create(std::move(tables))); });
  Team team(kThreads);
  DualPass pass(problem, Regulariser::kEntropy, *BlockKernels().front(), team);
  const DualTerms terms(problem);
  const SlotPrices prices = terms.ToSlotPrices(terms.Start(), 1.0);
  DualPassResult result;
  const double plain = BestSecondsOf([&] { pass.Run(prices, false, result); });
  const double curved = BestSecondsOf([&] { pass.Run(prices, true, result); });
  constexpr size_t kParts = 64;
  std::vector<uint64_t> sums(kParts);
  const double stream = BestSecondsOf([&] {
    team.Run(kParts, [&](size_t part, int) {
      sums[part] = ReadPart(problem.edge_offer, problem.edges(), part, kParts) +
                   ReadPart(problem.edge_value, problem.edges(), part, kParts) +
                   ReadPart(problem.edge_organic, problem.edges(), part, kParts) +
                   ReadPart(problem.edge_satisfaction, problem.edges(), part, kParts);
    });
  });
  std::printf(
      "{\"bench\":\"pass\",\"edges\":%lld,\"offers\":%u,\"entries\":%zu,\"constraints\":%zu,"
      "\"bytes_an_edge\":%.2f,\"generate_s\":%.2f,\"create_s\":%.2f,\"pass_s\":%.4f,"
      "\"pass_with_curvature_s\":%.4f,\"stream_s\":%.4f,\"stream_gb_s\":%.2f,"
      "\"of_stream\":%.3f,\"checksum\":%llu}\n",
      static_cast<long long>(problem.edges()), problem.offers(), problem.entries.size(),
      problem.constraints.size(),
      static_cast<double>(problem.resident_bytes()) / static_cast<double>(problem.edges()),
      generating, creating, plain, curved, stream,
      14.0 * static_cast<double>(problem.edges()) / stream * 1e-9, stream / plain,
      static_cast<unsigned long long>(sums[0] & 0xFF));
}

void PrintSolve(const char* name, const AllocationProblem& problem, const Allocation& allocation) {
  const Certificate& certificate = allocation.certificate;
  std::printf(
      "{\"bench\":\"%s\",\"edges\":%lld,\"passes\":%d,\"seconds\":%.3f,\"gap\":%.3g,"
      "\"primal\":%.9g,\"dual\":%.9g,\"lp_primal\":%.9g,\"stop\":%d,\"peak_bytes\":%lld}\n",
      name, static_cast<long long>(problem.edges()), allocation.passes,
      absl::ToDoubleSeconds(allocation.elapsed), certificate.gap, certificate.primal,
      certificate.dual, certificate.lp_primal, static_cast<int>(allocation.stop),
      static_cast<long long>(PeakBytes()));
  std::fflush(stdout);
}

void BenchSolve(int64_t edges, double tau) {
  PromotionRecipe recipe;
  recipe.edges = edges;
  recipe.tau = tau;
  AllocationProblem problem = OrDie(AllocationProblem::Create(OrDie(MakePromotionTables(recipe))));
  SolveOptions options;
  options.threads = kThreads;
  options.score_limit = std::numeric_limits<double>::infinity();
  options.time_limit = absl::Seconds(120);
  ForgetPeak();
  const Allocation cold = OrDie(Solve(problem, options));
  PrintSolve("cold", problem, cold);
  for (const int passes : {50, 100, 150, 200, 300, 400}) {
    for (const SolveProgress& progress : cold.history) {
      if (progress.passes < passes || progress.tau_factor != 1.0) continue;
      std::printf("{\"bench\":\"cold-at\",\"passes\":%d,\"gap\":%.3g,\"dual_above_best\":%.3g}\n",
                  progress.passes, progress.gap,
                  (progress.dual - cold.certificate.dual) / cold.certificate.dual);
      break;
    }
  }
  Draw draw(7);
  for (AllocationConstraint& row : problem.constraints) row.bound *= draw.LogNormal(0.0, 0.05);
  options.warm_start = cold.Prices(problem);
  PrintSolve("warm-after-5%", problem, OrDie(Solve(problem, options)));
}

// The step rule of DuaLip's maximiser, as its description has it: Nesterov's sequence without
// restarts, a step of 1 / (the largest Lipschitz estimate of the last 15 steps), at first 1e-5, at
// most 0.1; rows are normalised first.
void BenchMatching(int64_t sources) {
  MatchingRecipe recipe;
  recipe.sources = sources;
  recipe.destinations = static_cast<uint32_t>(std::clamp<int64_t>(sources / 100, 100, 10'000));
  recipe.tau = 0.001;  // DuaLip's gamma
  const AllocationProblem problem =
      OrDie(AllocationProblem::Create(OrDie(MakeMatchingTables(recipe))));
  SolveOptions options;
  options.threads = kThreads;
  options.regulariser = Regulariser::kRidge;
  options.score_limit = std::numeric_limits<double>::infinity();
  const Allocation ours = OrDie(Solve(problem, options));
  PrintSolve("matching-ours", problem, ours);

  Team team(kThreads);
  DualPass pass(problem, Regulariser::kRidge, *BlockKernels().front(), team);
  const DualTerms terms(problem);
  std::vector<double> norm(terms.size(), 1.0);  // of rows, over edges: Jacobi
  for (size_t i = 0; i < problem.constraints.size(); ++i) norm[i] = 0.0;
  for (int64_t e = 0; e < problem.edges(); ++e) {
    const uint32_t offer = problem.edge_offer[static_cast<size_t>(e)];  // there is one zone
    norm[problem.entries[problem.offer_first_entry[offer]].constraint] += 1.0;
  }
  for (double& n : norm) n = std::sqrt(std::max(n, 1.0));
  std::vector<double> point = terms.Start(), prices = point, before = point, gradient;
  std::vector<double> last_point, last_gradient, estimates;
  const std::vector<double> flat(terms.size(), 1.0);
  DualPassResult result;
  double t = 1.0, best = std::numeric_limits<double>::infinity();
  int passes = 0;
  const double seconds = SecondsOf([&] {
    for (passes = 1; passes <= 2000; ++passes) {
      pass.Run(terms.ToSlotPrices(point, 1.0), false, result);
      best = std::min(best, terms.Value(point, result));
      if (best <= ours.certificate.dual * (1.0 + 1e-4)) return;
      terms.Gradient(point, result, gradient);
      for (size_t i = 0; i < gradient.size(); ++i) gradient[i] /= norm[i];
      if (!last_point.empty()) {
        double rise = 0.0, way = 0.0;
        for (size_t i = 0; i < gradient.size(); ++i) {
          rise += (gradient[i] - last_gradient[i]) * (gradient[i] - last_gradient[i]);
          way += (point[i] - last_point[i]) * (point[i] - last_point[i]) * norm[i] * norm[i];
        }
        if (way > 0.0) estimates.push_back(std::sqrt(rise / way));
        if (estimates.size() > 15) estimates.erase(estimates.begin());
      }
      last_point = point;
      last_gradient = gradient;
      const double step =
          estimates.empty()
              ? 1e-5
              : std::min(0.1, 1.0 / *std::max_element(estimates.begin(), estimates.end()));
      const double after = 0.5 * (1.0 + std::sqrt(1.0 + 4.0 * t * t));
      for (size_t i = 0; i < point.size(); ++i) prices[i] = point[i] - step * gradient[i] / norm[i];
      terms.Project(flat, prices);
      for (size_t i = 0; i < point.size(); ++i) {
        point[i] = std::max(0.0, prices[i] + (t - 1.0) / after * (prices[i] - before[i]));
      }
      before = prices;
      t = after;
    }
  });
  std::printf(
      "{\"bench\":\"matching-dualip-rule\",\"edges\":%lld,\"passes\":%d,\"seconds\":%.3f,"
      "\"dual\":%.9g,\"above_ours\":%.3g}\n",
      static_cast<long long>(problem.edges()), passes, seconds, best,
      best / ours.certificate.dual - 1.0);
}

}  // namespace
}  // namespace oasis

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (argc == 3 && what == "pass") {
    oasis::BenchPass(static_cast<int64_t>(std::atof(argv[2])));
  } else if (argc == 4 && what == "solve") {
    oasis::BenchSolve(static_cast<int64_t>(std::atof(argv[2])), std::atof(argv[3]));
  } else if (argc == 3 && what == "matching") {
    oasis::BenchMatching(static_cast<int64_t>(std::atof(argv[2])));
  } else {
    std::fprintf(stderr, "usage: alloc_bench pass EDGES | solve EDGES TAU | matching SOURCES\n");
    return 2;
  }
  return 0;
}
