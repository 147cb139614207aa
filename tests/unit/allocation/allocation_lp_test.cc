// Against the exact optimum of the linear program, by another solver: Debian's coinor-clp.
#include <gtest/gtest.h>
#include <stdio.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "oasis/allocation.h"
#include "unit/allocation/allocation_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::oasis::testing::TablesBuilder;
using ::testing::HasSubstr;

bool HasClp() { return std::system("command -v clp >/dev/null 2>&1") == 0; }

// The largest value that a plan of the problem can have; NaN where Clp does not say so.
double ExactValue(const AllocationProblem& problem) {
  const testing::TempDir dir;
  const auto mps = ToMps(problem);
  EXPECT_TRUE(mps.ok()) << mps.status();
  testing::WriteFile(dir / "problem.mps", *mps);
  FILE* pipe = popen(("clp " + (dir / "problem.mps").string() + " -dualsimplex").c_str(), "r");
  if (pipe == nullptr) return std::nan("");
  double value = std::nan("");
  std::string output;
  char line[512];
  while (fgets(line, sizeof(line), pipe) != nullptr) {
    output += line;
    const std::string text = line;
    const std::string mark = "Optimal objective ";
    if (const size_t at = text.find(mark); at != std::string::npos) {
      value = -std::atof(text.c_str() + at + mark.size());
    }
  }
  EXPECT_EQ(pclose(pipe), 0) << output;
  EXPECT_FALSE(std::isnan(value)) << output;
  return value;
}

TEST(AllocationLpTest, LosesAtMostATenthOfAPercentToTheExactOptimum) {
  ASSERT_TRUE(HasClp()) << "clp is not installed (Debian: coinor-clp; ./run test installs it)";
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    PromotionRecipe recipe;
    recipe.edges = 3'000;
    recipe.seed = seed;
    recipe.tightness = seed % 2 == 0 ? 1.0 : 0.3;
    recipe.tau = 0.02;
    const AllocationProblem problem = testing::MakeProblem(recipe);
    SolveOptions options = testing::Unlimited(2e-4);
    options.max_passes = 4000;
    const Allocation allocation = testing::SolveOrDie(problem, options);
    const double exact = ExactValue(problem);
    const Certificate& certificate = allocation.certificate;
    EXPECT_GE(certificate.lp_primal, exact - 1e-3 * std::abs(exact)) << "seed " << seed;
    // The bracket holds.
    EXPECT_LE(certificate.lp_primal, exact + 1e-6 * std::abs(exact)) << "seed " << seed;
    EXPECT_GE(certificate.lp_dual, exact - 1e-6 * std::abs(exact)) << "seed " << seed;
  }
}

TEST(AllocationLpTest, TheBracketHoldsTheExactOptimumWithMaxMinFairnessToo) {
  ASSERT_TRUE(HasClp()) << "clp is not installed (Debian: coinor-clp; ./run test installs it)";
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    PromotionRecipe recipe;
    recipe.edges = 3'000;
    recipe.seed = seed;
    recipe.tau = 0.1;
    recipe.fairness = PromotionRecipe::Fairness::kMaxMin;
    const AllocationProblem problem = testing::MakeProblem(recipe);
    const Allocation allocation = testing::SolveOrDie(problem, testing::Unlimited(1e-3));
    const double exact = ExactValue(problem);
    EXPECT_LE(allocation.certificate.lp_primal, exact + 1e-6 * std::abs(exact)) << seed;
    EXPECT_GE(allocation.certificate.lp_dual, exact - 1e-6 * std::abs(exact)) << seed;
  }
}

TEST(MpsTest, IsTheProblemAsALinearProgram) {
  TablesBuilder builder;
  builder.Context(100.0, 0.25);
  builder.Item();
  builder.Edge(0, 0, 0.1F, 0.5F, 0.0F);
  builder.tables.zones[0].satisfaction_budget = 7.0;
  builder.ItemRow("a cap", ConstraintKind::kCap, 0, 50.0);
  builder.ItemRow("b minimum", ConstraintKind::kCommitment, 0, 60.0, 2.0);
  const auto mps = ToMps(builder.Build());
  ASSERT_TRUE(mps.ok());
  EXPECT_EQ(*mps,
            "NAME allocation\nROWS\n N value\n L c0\n L k0\n G k1\n L g0\n"
            "COLUMNS\n e0 value -0.5\n e0 c0 1\n e0 k0 1\n e0 k1 1\n e0 g0 0.5\n"
            " u1 value 2\n u1 k1 1\n"
            "RHS\n rhs c0 25\n rhs k0 50\n rhs k1 60\n rhs g0 7\nBOUNDS\nENDATA\n");
}

TEST(MpsTest, RefusesWhatIsNotLinear) {
  TablesBuilder builder;
  builder.Context(100.0);
  builder.Item();
  builder.Edge(0, 0, 0.1F, 0.5F);
  builder.ItemRow("fair", ConstraintKind::kLogFairness, 0, 50.0, 1.0);
  EXPECT_THAT(ToMps(builder.Build()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'fair'")));
}

}  // namespace
}  // namespace oasis
