#include "guardrails/distribution_chart.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "html/text.h"

namespace oasis {
namespace {

constexpr double kWidth = 360;
constexpr double kHeight = 140;
constexpr double kTop = 8;
constexpr double kBottom = 118;  // of the bins; the axis' numbers stand below

std::vector<double> Shares(const std::vector<int64_t>& bins) {
  const auto rows = static_cast<double>(std::accumulate(bins.begin(), bins.end(), int64_t{0}));
  std::vector<double> shares(bins.size());
  if (rows == 0) return shares;
  for (size_t i = 0; i < bins.size(); ++i) shares[i] = static_cast<double>(bins[i]) / rows;
  return shares;
}

// Steps along the tops of the bins, from the axis up and back to it.
std::string Steps(const std::vector<double>& shares, double highest) {
  const double bin = kWidth / static_cast<double>(shares.size());
  std::string path = absl::StrFormat("M0 %.1f", kBottom);
  for (size_t i = 0; i < shares.size(); ++i) {
    const double top = kBottom - shares[i] / highest * (kBottom - kTop);
    absl::StrAppendFormat(&path, "V%.1fH%.1f", top, bin * static_cast<double>(i + 1));
  }
  absl::StrAppendFormat(&path, "V%.1f", kBottom);
  return path;
}

std::string AxisNumber(double x, const char* anchor, double number) {
  return absl::StrFormat(R"(<text x="%.1f" y="%.1f" text-anchor="%s">%.3g</text>)", x, kHeight - 6,
                         anchor, number);
}

// Where the score is 0, which is neutral.
std::string ZeroMark(const ScoreDistribution& scores) {
  if (scores.low >= 0 || scores.high <= 0) return "";
  const double x = -scores.low / (scores.high - scores.low) * kWidth;
  return absl::StrFormat(R"(<line class="zero" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>)", x, x,
                         kTop, kBottom);
}

}  // namespace

std::string DistributionChart(const ScoreDistribution& scores) {
  const std::vector<double> live = Shares(scores.live);
  const std::vector<double> candidate = Shares(scores.candidate);
  double highest = 0;
  for (const double share : live) highest = std::max(highest, share);
  for (const double share : candidate) highest = std::max(highest, share);
  if (highest == 0) return "";
  return absl::StrCat(
      absl::StrFormat(R"(<svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">)", kWidth,
                      kHeight,
                      HtmlText(absl::StrCat("Scores of ", scores.signal, " on ", scores.surface))),
      R"(<path class="live" d=")", Steps(live, highest), R"("/>)", ZeroMark(scores),
      R"(<path class="new" d=")", Steps(candidate, highest), R"("/>)",
      absl::StrFormat(R"(<line class="axis" x1="0" x2="%.0f" y1="%.1f" y2="%.1f"/>)", kWidth,
                      kBottom, kBottom),
      AxisNumber(0, "start", scores.low), AxisNumber(kWidth, "end", scores.high), "</svg>");
}

}  // namespace oasis
