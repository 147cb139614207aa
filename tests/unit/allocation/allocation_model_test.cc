// The parts that prices are searched with: the core, the curvature of its dual, and the model of
// it.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "allocation/core.h"
#include "allocation/curvature.h"
#include "allocation/dual_model.h"
#include "allocation/dual_pass.h"
#include "allocation/dual_terms.h"
#include "oasis/allocation_recipes.h"
#include "unit/allocation/allocation_support.h"

namespace oasis::testing {
namespace {

AllocationProblem MakeProblem(int64_t edges, double tau) {
  PromotionRecipe recipe;
  recipe.edges = edges;
  recipe.tau = tau;
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

std::vector<uint32_t> FirstRows(size_t count) {
  std::vector<uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

// A problem, and what a pass finds at prices where constraints of all kinds have one.
struct Point {
  explicit Point(double tau) : problem(MakeProblem(3000, tau)), terms(problem) {
    std::mt19937_64 random(1);
    prices = RandomVector(random, terms.size(), 0.3);
    for (double& price : prices) price = std::abs(price);
    terms.Project(std::vector<double>(terms.size(), 1.0), prices);
    gradient = GradientAt(prices);
    terms.Curvature(prices, pass, 1.0, least);
    for (double& each : least) each *= 1e-6;
    rows = FirstRows(terms.size());
  }

  std::vector<double> GradientAt(const std::vector<double>& at) {
    std::vector<double> found;
    dual_pass.Run(terms.ToSlotPrices(at, 1.0), true, pass, &notable);
    terms.Gradient(at, pass, found);
    return found;
  }

  const AllocationProblem problem;
  const DualTerms terms;
  Team team{1};
  DualPass dual_pass{problem, Regulariser::kEntropy, *BlockKernels().front(), team};
  DualPassResult pass;
  NotableEdges notable;
  std::vector<double> prices, gradient, least;
  std::vector<uint32_t> rows;  // all
};

TEST(CurvatureTest, IsTheHessianOfTheDual) {
  Point point(0.2);
  Curvature curvature(point.problem, point.team);
  const NotableEdges here = point.notable;
  curvature.Set(here, point.least, point.rows);
  std::mt19937_64 random(3);
  for (int k = 0; k < 5; ++k) {
    const std::vector<double> way = RandomVector(random, point.terms.size(), 1e-4);
    std::vector<double> up = point.prices, down = point.prices, product;
    for (size_t i = 0; i < way.size(); ++i) up[i] += way[i], down[i] -= way[i];
    const std::vector<double> above = point.GradientAt(up), below = point.GradientAt(down);
    curvature.Multiply(way, product);
    double missed = 0.0, all = 0.0;
    for (size_t i = 0; i < way.size(); ++i) {
      const double bend = 0.5 * (above[i] - below[i]);
      missed += std::pow(bend - product[i], 2) / curvature.diagonal()[i];
      all += bend * bend / curvature.diagonal()[i];
    }
    EXPECT_LT(std::sqrt(missed), 0.01 * std::sqrt(all));
  }
}

TEST(CurvatureTest, ItsDiagonalAndItsMostAreBounds) {
  Point point(0.05);
  Curvature curvature(point.problem, point.team);
  for (double& each : point.least) each *= 1e3;
  curvature.Set(point.notable, point.least, point.rows);
  std::vector<double> product;
  for (size_t i = 0; i < point.least.size(); ++i) {
    std::vector<double> unit(point.least.size(), 0.0);
    unit[i] = 1.0;
    curvature.Multiply(unit, product);
    ASSERT_GE(curvature.diagonal()[i], point.least[i]);
    if (i >= point.problem.constraints.size()) continue;
    ASSERT_LE(product[i], curvature.diagonal()[i] * (1.0 + 1e-9));
  }
  std::mt19937_64 random(4);
  const std::vector<double> way = RandomVector(random, point.least.size(), 1.0);
  curvature.Multiply(way, product);
  double length = 0.0;
  for (size_t i = 0; i < way.size(); ++i) length += way[i] * way[i] * curvature.diagonal()[i];
  EXPECT_GE(Dot(way, product), 0.0);
  EXPECT_LE(Dot(way, product), curvature.most() * length);
}

TEST(CurvatureTest, OfSomePricesIsAPartOfTheWhole) {
  Point point(0.05);
  std::vector<uint32_t> rows;
  for (const uint32_t row : point.rows) {
    if (row % 3 != 0) rows.push_back(row);
  }
  Curvature whole(point.problem, point.team), part(point.problem, point.team);
  whole.Set(point.notable, point.least, point.rows);
  part.Set(point.notable, point.least, rows);
  std::mt19937_64 random(5);
  const std::vector<double> way = RandomVector(random, rows.size(), 1.0);
  std::vector<double> all(point.rows.size(), 0.0), product, part_product;
  for (size_t i = 0; i < rows.size(); ++i) all[rows[i]] = way[i];
  whole.Multiply(all, product);
  part.Multiply(way, part_product);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_DOUBLE_EQ(part.diagonal()[i], whole.diagonal()[rows[i]]);
    EXPECT_NEAR(part_product[i], product[rows[i]], 1e-9 * whole.diagonal()[rows[i]]);
  }
}

TEST(CurvatureTest, IsTheSameForAnyNumberOfThreads) {
  Point point(0.5);
  ASSERT_GT(point.notable.edge.size(), 2048);  // of more than one part
  std::mt19937_64 random(6);
  const std::vector<double> way = RandomVector(random, point.rows.size(), 1.0);
  std::vector<double> product, diagonal;
  for (const int threads : {1, 2, 3}) {
    Team team(threads);
    Curvature curvature(point.problem, team);
    curvature.Set(point.notable, point.least, point.rows);
    std::vector<double> again;
    curvature.Multiply(way, again);
    if (threads == 1) {
      product = again;
      diagonal = curvature.diagonal();
    }
    EXPECT_EQ(again, product);
    EXPECT_EQ(curvature.diagonal(), diagonal);
  }
}

TEST(CoreTest, HasTheValueAndTheGradientOfTheProblemAtItsPrices) {
  Point point(0.05);
  const SlotPrices prices = point.terms.ToSlotPrices(point.prices, 1.0);
  Core core(point.problem, *BlockKernels().front(), point.team, Regulariser::kEntropy,
            point.notable.edge, prices, point.pass);
  EXPECT_LT(core.problem().edges(), point.problem.edges() / 2);
  DualPassResult found;
  NotableEdges notable;
  core.Run(prices, found, notable);
  const double dual = point.terms.Value(point.prices, point.pass);
  EXPECT_NEAR(point.terms.Value(point.prices, found), dual, 1e-9 * dual);
  for (size_t i = 0; i < found.activity.size(); ++i) {
    EXPECT_NEAR(found.activity[i], point.pass.activity[i], 1e-9 * (1.0 + found.activity[i]));
  }
  EXPECT_LE(notable.edge.size(), point.notable.edge.size());

  // A little aside, too.
  std::vector<double> aside = point.prices;
  for (double& price : aside) price *= 1.05;
  core.Run(point.terms.ToSlotPrices(aside, 1.0), found, notable);
  const std::vector<double> gradient = point.GradientAt(aside);
  const double there = point.terms.Value(aside, point.pass);
  EXPECT_GT(std::abs(there - dual), 5e-4 * dual);
  EXPECT_NEAR(point.terms.Value(aside, found), there, 1e-4 * std::abs(there - dual));
}

TEST(DualModelTest, FindsTheLeastBetweenTheBounds) {
  Point point(0.05);
  const size_t size = point.terms.size();
  DualModel model(point.problem, point.team);
  for (double& each : point.least) each *= 1e4;
  model.Set(point.notable, point.least, point.rows);
  Curvature curvature(point.problem, point.team);
  curvature.Set(point.notable, point.least, point.rows);
  const std::vector<double> low(size, -0.02), high(size, 0.05);
  std::vector<double> step, slope;
  model.Minimise(point.gradient, low, high, step);
  curvature.Multiply(step, slope);
  double left = 0.0, first = 0.0;
  for (size_t i = 0; i < size; ++i) {
    ASSERT_GE(step[i], low[i]);
    ASSERT_LE(step[i], high[i]);
    slope[i] += point.gradient[i];
    const double weight = 1.0 / curvature.diagonal()[i];
    first += point.gradient[i] * point.gradient[i] * weight;
    const bool held = slope[i] > 0.0 ? step[i] == low[i] : step[i] == high[i];
    if (!held) left += slope[i] * slope[i] * weight;
  }
  EXPECT_LT(left, 0.02 * first);
}

TEST(DualModelTest, MovesNoOtherPricesThanItMay) {
  Point point(0.05);
  const size_t size = point.terms.size();
  DualModel model(point.problem, point.team);
  model.Set(point.notable, std::vector<double>(size, 1.0), FirstRows(size / 2));
  std::vector<double> step;
  model.Minimise(point.gradient, std::vector<double>(size, -9.0), std::vector<double>(size, 9.0),
                 step);
  ASSERT_EQ(step.size(), size);
  EXPECT_GT(Dot(step, step), 0.0);
  for (size_t i = size / 2; i < size; ++i) EXPECT_EQ(step[i], 0.0);
}

TEST(DualModelTest, GoesLessFarWhereTheLastStepMetMoreBend) {
  Point point(0.05);
  const size_t size = point.terms.size();
  DualModel model(point.problem, point.team);
  model.Set(point.notable, std::vector<double>(size, 1.0), point.rows);
  const std::vector<double> low(size, -9.0), high(size, 9.0);
  std::vector<double> before, after, bend;
  model.Minimise(point.gradient, low, high, before);
  Curvature curvature(point.problem, point.team);
  curvature.Set(point.notable, std::vector<double>(size, 1.0), point.rows);
  curvature.Multiply(before, bend);
  for (size_t i = 0; i < size; ++i) bend[i] += 3.0 * curvature.diagonal()[i] * before[i];
  model.Learn(before, bend);
  model.Set(point.notable, std::vector<double>(size, 1.0), point.rows);
  model.Minimise(point.gradient, low, high, after);
  EXPECT_LT(Dot(after, after), 0.8 * Dot(before, before));
}

}  // namespace
}  // namespace oasis::testing
