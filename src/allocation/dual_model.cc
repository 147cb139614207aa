#include "allocation/dual_model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace oasis {
namespace {

constexpr size_t kMoves = 10;
constexpr double kNoise = 1e-8;          // of a move's bend, in parts of what is expected
constexpr double kMostChange = 3.0;      // of the factor, from move to move
constexpr double kLeastDiagonal = 1e-3;  // in parts of the curvature's: B is rounded
constexpr int kMaxSweeps = 50;
constexpr double kTolerance = 1e-6;  // of what a sweep gains, in parts of what the first did

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// By Gauss and Jordan, with pivots. False where it is singular.
bool Invert(std::vector<double>& matrix, size_t size) {
  std::vector<double> inverse(size * size);
  for (size_t i = 0; i < size; ++i) inverse[i * size + i] = 1.0;
  const auto row = [size](std::vector<double>& of, size_t r) { return of.begin() + r * size; };
  for (size_t c = 0; c < size; ++c) {
    size_t pivot = c;
    for (size_t r = c + 1; r < size; ++r) {
      if (std::abs(matrix[r * size + c]) > std::abs(matrix[pivot * size + c])) pivot = r;
    }
    if (matrix[pivot * size + c] == 0.0) return false;
    for (std::vector<double>* each : {&matrix, &inverse}) {
      if (pivot != c) std::swap_ranges(row(*each, c), row(*each, c + 1), row(*each, pivot));
    }
    const double scale = 1.0 / matrix[c * size + c];
    for (std::vector<double>* each : {&matrix, &inverse}) {
      for (size_t k = 0; k < size; ++k) (*each)[c * size + k] *= scale;
    }
    for (size_t r = 0; r < size; ++r) {
      const double part = r == c ? 0.0 : matrix[r * size + c];
      if (part == 0.0) continue;
      for (std::vector<double>* each : {&matrix, &inverse}) {
        for (size_t k = 0; k < size; ++k) (*each)[r * size + k] -= part * (*each)[c * size + k];
      }
    }
  }
  matrix = std::move(inverse);
  return true;
}

}  // namespace

void DualModel::Remember(std::vector<double> way, std::vector<double> bend) {
  std::vector<double> expected;
  curvature_.Multiply(way, expected);
  const double product = Dot(way, bend);
  const double of_curvature = Dot(way, expected);
  if (!(product > kNoise * of_curvature)) return;
  factor_ = std::clamp(product / of_curvature, factor_ / kMostChange, factor_ * kMostChange);
  if (moves_.size() == kMoves) moves_.pop_front();
  moves_.push_back({std::move(way), std::move(bend)});
}

// W, and M as `middle`.
void DualModel::FillCorrection(std::vector<double>& middle) {
  const size_t moves = moves_.size();
  width_ = 2 * moves;
  wide_.resize(curvature_.size() * width_);
  middle.assign(width_ * width_, 0.0);
  std::vector<double> product;
  for (size_t a = 0; a < moves; ++a) {
    curvature_.Multiply(moves_[a].way, product);
    for (size_t i = 0; i < product.size(); ++i) {
      product[i] *= factor_;
      wide_[i * width_ + a] = product[i];
      wide_[i * width_ + moves + a] = moves_[a].bend[i];
    }
    for (size_t b = 0; b < moves; ++b) {
      middle[b * width_ + a] = Dot(moves_[b].way, product);
      if (b < a) continue;
      const double bent = Dot(moves_[b].way, moves_[a].bend);
      if (b == a) {
        middle[(moves + a) * width_ + moves + a] = -bent;
      } else {
        middle[b * width_ + moves + a] = bent;
        middle[(moves + a) * width_ + b] = bent;
      }
    }
  }
}

void DualModel::Correct() {
  std::vector<double> middle;
  FillCorrection(middle);
  if (!Invert(middle, width_)) width_ = 0;
  solved_.resize(curvature_.size() * width_);
  diagonal_.resize(curvature_.size());
  for (size_t i = 0; i < diagonal_.size(); ++i) {
    const double* const wide = wide_.data() + i * width_;
    double diagonal = factor_ * curvature_.diagonal(i);
    const double least = kLeastDiagonal * diagonal;
    for (size_t c = 0; c < width_; ++c) {
      double sum = 0.0;
      for (size_t r = 0; r < width_; ++r) sum += wide[r] * middle[r * width_ + c];
      solved_[i * width_ + c] = sum;
      diagonal -= sum * wide[c];
    }
    diagonal_[i] = std::max(diagonal, least);
  }
}

void DualModel::Minimise(const std::vector<double>& gradient, const std::vector<double>& low,
                         const std::vector<double>& high, std::vector<double>& step) {
  Correct();
  const size_t size = gradient.size();
  step.assign(size, 0.0);
  std::vector<double> slope = gradient;  // + t C step
  std::vector<double> through(width_);   // W^T step
  double first = 0.0;
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    double gained = 0.0;
    for (size_t turn = 0; turn < size; ++turn) {
      const size_t i = sweep % 2 == 0 ? turn : size - 1 - turn;
      double here = slope[i];
      const double* const solved = solved_.data() + i * width_;
      for (size_t c = 0; c < width_; ++c) here -= solved[c] * through[c];
      const double next = std::clamp(step[i] - here / diagonal_[i], low[i], high[i]);
      const double change = next - step[i];
      if (change == 0.0) continue;
      step[i] = next;
      gained += change * change * diagonal_[i];
      const double* const wide = wide_.data() + i * width_;
      for (size_t c = 0; c < width_; ++c) through[c] += wide[c] * change;
      const double bent = factor_ * change;
      slope[i] += curvature_.diagonal(i) * bent;
      curvature_.ForEachInRow(i, [&](uint32_t j, double value) { slope[j] += value * bent; });
    }
    if (sweep == 0) first = gained;
    if (gained <= first * kTolerance) return;
  }
}

}  // namespace oasis
