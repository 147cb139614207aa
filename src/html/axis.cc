#include "html/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"

namespace oasis {
namespace {

constexpr double kSteps = 5;  // between ticks, about
// Ends closer than this part of their size are the same: ticks between them would all read alike.
constexpr double kLeastRange = 1e-6;

// 1, 2 or 5 times a power of ten, not below `step`.
double RoundStep(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (times * power >= step) return times * power;
  }
  return 10 * power;
}

// "250k", with the digits that tell neighbours a step apart; `largest` gives the suffix.
std::string TickText(double value, double step, double largest) {
  constexpr std::array<std::pair<double, const char*>, 3> kSuffixes = {
      {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  if (largest < 1e-4 || largest >= 1e13) return absl::StrFormat("%.3g", value);
  double unit = 1;
  const char* suffix = "";
  for (const auto& [size, name] : kSuffixes) {
    if (largest < 2 * size || unit > 1) continue;
    unit = size;
    suffix = name;
  }
  const double digits = std::max(0.0, -std::floor(std::log10(step / unit) + 1e-9));
  return absl::StrFormat("%.*f%s", static_cast<int>(digits), value / unit,
                         value == 0 ? "" : suffix);
}

}  // namespace

Axis Axis::Linear(double low, double high) {
  if (high < low) std::swap(low, high);
  const double size = std::max(std::abs(low), std::abs(high));
  if (size == 0) high = 1;
  if (size > 0 && high - low < kLeastRange * size) {
    low -= size / 2;
    high += size / 2;
  }
  const double step = RoundStep((high - low) / kSteps);
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  Axis axis(false, first * step, last * step);
  const double largest = std::max(std::abs(axis.low_), std::abs(axis.high_));
  for (double i = first; i <= last; ++i) {
    axis.ticks_.push_back({(i - first) / (last - first), TickText(i * step, step, largest)});
  }
  return axis;
}

Axis Axis::Log(double low, double high) {
  const double first = std::floor(std::log10(low) + 1e-9);
  const double last = std::max(first + 1, std::ceil(std::log10(high) - 1e-9));
  Axis axis(true, first, last);
  const double step = std::ceil((last - first) / 8);
  for (double i = first; i <= last; i += step) {
    axis.ticks_.push_back({(i - first) / (last - first), absl::StrFormat("%g", std::pow(10.0, i))});
  }
  return axis;
}

double Axis::At(double value) const {
  if (log_) {
    if (value <= 0) return 0;
    value = std::log10(value);
  }
  return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
}

}  // namespace oasis
