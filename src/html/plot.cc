#include "html/plot.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "html/text.h"

namespace oasis {
namespace {

// In units of the drawing; a letter is some 6 by 11 of them.
constexpr double kWidth = 480, kHeight = 300;
constexpr double kLeft = 62, kRight = 464, kTop = 12, kBottom = 252;
constexpr double kLetter = 6, kAscent = 9, kDescent = 3;
constexpr size_t kMostBelow = 66, kMostBeside = 40;  // letters of an axis' label

double TextWidth(absl::string_view text) {
  double letters = 0;
  for (const char c : text) letters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return letters * kLetter;
}

std::string LineTag(absl::string_view css, double x1, double y1, double x2, double y2) {
  return absl::StrFormat(R"(<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>)", css, x1,
                         y1, x2, y2);
}

std::string TextTag(double x, double y, absl::string_view anchor, absl::string_view text) {
  return absl::StrFormat(R"(<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>)", x, y, anchor,
                         HtmlText(text));
}

}  // namespace

const char kPlotStyle[] = R"(
svg.plot { max-width: 46rem; margin-left: auto; margin-right: auto; }
.plot-line { fill: none; stroke: var(--after); stroke-width: 2; stroke-linejoin: round; }
.plot-even { fill: none; stroke: var(--before); stroke-width: 1.5; stroke-dasharray: 5 4; }
.plot-mark { stroke: var(--axis); stroke-dasharray: 3 3; }
.plot-grid { stroke: var(--line); }
.plot-dot { fill: var(--after); stroke: var(--paper); }
.plot-dot.beaten { fill: var(--paper); stroke: var(--before); stroke-width: 1.5; }
.plot-label text { fill: var(--text); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.charts svg.plot text { font-size: 14px; }
@media (max-width: 34rem) { svg.plot text { font-size: 14px; } }
)";

Plot::Plot(std::string name, Side x, Side y)
    : name_(std::move(name)), x_(std::move(x)), y_(std::move(y)) {}

double Plot::X(double value) const { return kLeft + x_.axis.At(value) * (kRight - kLeft); }
double Plot::Y(double value) const { return kBottom - y_.axis.At(value) * (kBottom - kTop); }

void Plot::Line(absl::string_view css, const Points& points) {
  if (points.empty()) return;
  std::string path;
  for (const auto& [x, y] : points) {
    absl::StrAppendFormat(&path, "%s%.1f %.1f", path.empty() ? "M" : "L", X(x), Y(y));
  }
  absl::StrAppend(&drawn_, "<path class=\"", css, "\" d=\"", path, "\"/>\n");
}

void Plot::Dot(absl::string_view css, double x, double y, absl::string_view label,
               absl::string_view hint) {
  absl::StrAppendFormat(&drawn_,
                        R"(<circle class="plot-dot %s" cx="%.1f" cy="%.1f" r="4.5"><title>%s)"
                        "</title></circle>\n",
                        css, X(x), Y(y), HtmlText(hint));
  const double width = TextWidth(label);
  const std::array<std::pair<double, double>, 6> places = {
      {{8, -6}, {-width - 8, 14}, {8, 14}, {-width - 8, -6}, {-width / 2, -12}, {-width / 2, 20}}};
  for (const auto& [right, down] : places) {
    if (!HasRoom(X(x) + right, Y(y) + down, label)) continue;
    Label(X(x) + right, Y(y) + down, label);
    return;
  }
}

void Plot::Upright(double x, absl::string_view label) {
  absl::StrAppend(&drawn_, LineTag("plot-mark", X(x), kTop, X(x), kBottom), "\n");
  if (HasRoom(X(x) + 3, kTop + kAscent, label)) Label(X(x) + 3, kTop + kAscent, label);
}

void Plot::Level(double y, absl::string_view label) {
  absl::StrAppend(&drawn_, LineTag("plot-mark", kLeft, Y(y), kRight, Y(y)), "\n");
  for (const double baseline : {Y(y) - 4, Y(y) + 12}) {
    if (!HasRoom(kLeft + 4, baseline, label)) continue;
    Label(kLeft + 4, baseline, label);
    return;
  }
}

bool Plot::HasRoom(double left, double baseline, absl::string_view text) const {
  const Box box = {left, baseline - kAscent, left + TextWidth(text), baseline + kDescent};
  if (box.left < kLeft || box.right > kWidth || box.top < 0 || box.bottom > kBottom) return false;
  for (const Box& other : taken_) {
    if (box.left < other.right && other.left < box.right && box.top < other.bottom &&
        other.top < box.bottom) {
      return false;
    }
  }
  return true;
}

void Plot::Label(double left, double baseline, absl::string_view text) {
  taken_.push_back({left, baseline - kAscent, left + TextWidth(text), baseline + kDescent});
  absl::StrAppend(&labels_, TextTag(left, baseline, "start", text), "\n");
}

// The grid, the axes and what stands beside them.
std::string Plot::Frame() const {
  std::string frame;
  for (const Axis::Tick& tick : x_.axis.ticks()) {
    const double x = kLeft + tick.at * (kRight - kLeft);
    absl::StrAppend(&frame, LineTag("plot-grid", x, kTop, x, kBottom),
                    TextTag(x, kBottom + 15, "middle", tick.text), "\n");
  }
  for (const Axis::Tick& tick : y_.axis.ticks()) {
    const double y = kBottom - tick.at * (kBottom - kTop);
    absl::StrAppend(&frame, LineTag("plot-grid", kLeft, y, kRight, y),
                    TextTag(kLeft - 5, y + 4, "end", tick.text), "\n");
  }
  absl::StrAppend(
      &frame, LineTag("axis", kLeft, kBottom, kRight, kBottom),
      LineTag("axis", kLeft, kTop, kLeft, kBottom),
      TextTag((kLeft + kRight) / 2, kHeight - 10, "middle", ShortText(x_.label, kMostBelow)),
      absl::StrFormat("<g transform=\"translate(12 %.1f) rotate(-90)\">", (kTop + kBottom) / 2),
      TextTag(0, 0, "middle", ShortText(y_.label, kMostBeside)), "</g>\n");
  return frame;
}

std::string Plot::Svg() const {
  return absl::StrCat(absl::StrFormat("<svg class=\"plot\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                                      "aria-label=\"%s\">\n",
                                      kWidth, kHeight, HtmlText(name_)),
                      Frame(), drawn_, "<g class=\"plot-label\">", labels_, "</g></svg>\n");
}

}  // namespace oasis
