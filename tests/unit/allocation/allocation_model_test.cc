// The parts that prices are searched with: the curvature of the dual, and the model of it.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "allocation/curvature.h"
#include "allocation/dual_model.h"
#include "allocation/dual_pass.h"
#include "allocation/dual_terms.h"
#include "oasis/allocation_recipes.h"
#include "unit/allocation/allocation_support.h"

namespace oasis::testing {
namespace {

AllocationProblem MakeProblem(int64_t edges) {
  PromotionRecipe recipe;
  recipe.edges = edges;
  return *AllocationProblem::Create(*MakePromotionTables(recipe));
}

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<double> RandomVector(std::mt19937_64& random, size_t size, double most) {
  std::uniform_real_distribution<double> uniform(-most, most);
  std::vector<double> vector(size);
  for (double& each : vector) each = uniform(random);
  return vector;
}

TEST(CurvatureTest, IsWhatTheEntriesOfAllOffersSumUpTo) {
  const AllocationProblem problem = MakeProblem(3000);
  std::mt19937_64 random(1);
  std::vector<double> spread = RandomVector(random, problem.offers(), 1.0);
  for (double& each : spread) each = std::abs(each);
  const size_t size = problem.constraints.size() + problem.zones.size();
  Curvature curvature(problem, size);
  curvature.Set(spread, std::vector<double>(size, 1e-9));

  const std::vector<double> prices = RandomVector(random, size, 1.0);
  std::vector<double> expected(size, 0.0);
  for (uint32_t offer = 0; offer < problem.offers(); ++offer) {
    const auto sign = [&](uint32_t row) {
      return problem.constraints[row].kind == ConstraintKind::kCap ? 1.0 : -1.0;
    };
    double slot_price = 0;
    for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
         ++i) {
      const auto& entry = problem.entries[i];
      slot_price += sign(entry.constraint) * static_cast<double>(entry.coefficient) *
                    prices[entry.constraint];
    }
    for (uint32_t i = problem.offer_first_entry[offer]; i < problem.offer_first_entry[offer + 1];
         ++i) {
      const auto& entry = problem.entries[i];
      expected[entry.constraint] += sign(entry.constraint) * spread[offer] * slot_price *
                                    static_cast<double>(entry.coefficient);
    }
  }
  std::vector<double> product;
  curvature.Multiply(prices, product);
  for (size_t i = 0; i < problem.constraints.size(); ++i) {
    const double scale = curvature.diagonal(i);
    EXPECT_NEAR(product[i] / scale, expected[i] / scale, 1e-4) << problem.constraints[i].name;
  }
}

// Where each context has one edge, nothing is left out of it but the harm to satisfaction.
TEST(CurvatureTest, IsTheHessianWhereOffersDoNotShareContexts) {
  AllocationTables tables;
  tables.zones.push_back({"radio", "SE", 2.0, 0.5, kNoLimit});
  for (uint32_t e = 0; e < 4; ++e) {
    AllocationContext context;
    context.zone = 0;
    context.cohort = std::string(1, static_cast<char>('a' + e));
    context.supply = 100.0 + e;
    context.tau = 0.1;
    tables.contexts.push_back(context);
    AllocationItem item;
    item.key = TrackKey(1, e + 1);
    item.licensor = 0;
    item.artist = e % 2;
    item.royalty_per_stream = 0.5F + static_cast<float>(e);
    tables.items.push_back(item);
    tables.edges.context.push_back(e);
    tables.edges.item.push_back(e);
    tables.edges.organic.push_back(0.2F);
    tables.edges.value.push_back(0.1F * static_cast<float>(e));
    tables.edges.satisfaction.push_back(0.5F);
  }
  tables.licensors = {"acme"};
  tables.artists = {"one", "two"};
  tables.constraints = {{"artist", ConstraintKind::kCap, ConstraintScope::kArtist, 1, "", "",
                         ConstraintUnit::kSlots, 10.0, 0.0},
                        {"budget", ConstraintKind::kCap, ConstraintScope::kLicensor, 0, "", "",
                         ConstraintUnit::kRoyalty, 10.0, 0.0},
                        {"minimum", ConstraintKind::kCommitment, ConstraintScope::kLicensor, 0, "",
                         "", ConstraintUnit::kStreams, 10.0, 1.0}};
  const AllocationProblem problem = *AllocationProblem::Create(std::move(tables));
  Team team(1);
  DualPass pass(problem, Regulariser::kEntropy, *BlockKernels().front(), team);
  const DualTerms terms(problem);
  const std::vector<double> prices = {0.05, 0.02, 0.03, 0.0};
  const auto gradient_at = [&](const std::vector<double>& at, DualPassResult& result) {
    std::vector<double> gradient;
    pass.Run(terms.ToSlotPrices(at, 1.0), true, result);
    terms.Gradient(at, result, gradient);
    return gradient;
  };
  DualPassResult here, aside;
  const std::vector<double> gradient = gradient_at(prices, here);
  Curvature curvature(problem, terms.size());
  curvature.Set(here.spread, std::vector<double>(terms.size(), 1e-9));
  for (size_t i = 0; i < 3; ++i) {
    std::vector<double> step(terms.size(), 0.0), product;
    step[i] = 1e-3;
    std::vector<double> moved = prices;
    moved[i] += step[i];
    const std::vector<double> after = gradient_at(moved, aside);
    curvature.Multiply(step, product);
    for (size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(after[j] - gradient[j], product[j], 0.03 * std::abs(product[j]) + 1e-3)
          << i << "," << j;
    }
  }
}

TEST(DualModelTest, FindsTheLeastBetweenTheBounds) {
  const AllocationProblem problem = MakeProblem(3000);
  const size_t size = problem.constraints.size() + problem.zones.size();
  std::mt19937_64 random(2);
  std::vector<double> spread = RandomVector(random, problem.offers(), 1.0);
  for (double& each : spread) each = std::abs(each);
  Curvature curvature(problem, size);
  curvature.Set(spread, std::vector<double>(size, 1e-3));
  DualModel model(problem, size);
  model.SetCurvature(spread, std::vector<double>(size, 1e-3));

  // Moves of a function whose Hessian is twice the curvature, and more along one direction.
  const std::vector<double> ridge = RandomVector(random, size, 1.0);
  const auto bend_of = [&](const std::vector<double>& way) {
    std::vector<double> bend;
    curvature.Multiply(way, bend);
    const double along = Dot(ridge, way);
    for (size_t i = 0; i < size; ++i) bend[i] = 2.0 * bend[i] + along * ridge[i];
    return bend;
  };
  for (int k = 0; k < 8; ++k) {
    const std::vector<double> way = k == 7 ? ridge : RandomVector(random, size, 1.0);
    model.Remember(way, bend_of(way));
  }
  ASSERT_TRUE(model.remembers());

  const std::vector<double> gradient = RandomVector(random, size, 1.0);
  const std::vector<double> low(size, -0.05), high(size, 0.2);
  std::vector<double> step;
  model.Minimise(gradient, low, high, step);
  const auto value = [&](const std::vector<double>& at) {
    return Dot(gradient, at) + 0.5 * Dot(at, bend_of(at));
  };
  EXPECT_LT(value(step), 0.0);
  for (size_t i = 0; i < size; ++i) {
    ASSERT_GE(step[i], low[i]);
    ASSERT_LE(step[i], high[i]);
  }
  // A gradient step of the true function from there gains little more.
  const std::vector<double> bend = bend_of(step);
  std::vector<double> next = step;
  for (size_t i = 0; i < size; ++i) {
    const double curved = 2.0 * curvature.diagonal(i) + ridge[i] * ridge[i];
    next[i] = std::clamp(step[i] - 0.1 * (gradient[i] + bend[i]) / curved, low[i], high[i]);
  }
  EXPECT_GT(value(next), value(step) * 1.05);  // both are negative

  // The last move is kept exactly: where it leads to is the least, if its bend is the gradient.
  std::vector<double> back = bend_of(ridge);
  for (double& each : back) each = -each;
  model.Minimise(back, std::vector<double>(size, -9.0), std::vector<double>(size, 9.0), step);
  const double least = -0.5 * Dot(ridge, bend_of(ridge));
  EXPECT_LT(Dot(back, step) + 0.5 * Dot(step, bend_of(step)), 0.95 * least);
}

TEST(DualModelTest, TakesNoMoveThatIsNoise) {
  const AllocationProblem problem = MakeProblem(1000);
  const size_t size = problem.constraints.size() + problem.zones.size();
  DualModel model(problem, size);
  model.SetCurvature(std::vector<double>(problem.offers(), 1.0), std::vector<double>(size, 1.0));
  model.Remember(std::vector<double>(size, 1.0), std::vector<double>(size, -1.0));
  EXPECT_FALSE(model.remembers());
}

}  // namespace
}  // namespace oasis::testing
