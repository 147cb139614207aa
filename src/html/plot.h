// A chart of lines and points between two axes.
#ifndef OASIS_HTML_PLOT_H_
#define OASIS_HTML_PLOT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "html/axis.h"

namespace oasis {

// Drawn in the order of the calls. Names and labels are texts; `css` are classes of the page,
// `plot-…` those of kPlotStyle.
class Plot {
 public:
  struct Side {
    Axis axis;
    std::string label;  // what it is of, with the unit
  };
  using Points = std::vector<std::pair<double, double>>;

  // `name` is for those who cannot see the chart.
  Plot(std::string name, Side x, Side y);

  void Line(absl::string_view css, const Points& points);
  // A dot with a label where there is room; the hint is shown to a mouse above it.
  void Dot(absl::string_view css, double x, double y, absl::string_view label,
           absl::string_view hint);
  // Dashed, across the chart. A label that would lie upon another one is left out.
  void Upright(double x, absl::string_view label);
  void Level(double y, absl::string_view label);

  std::string Svg() const;  // an <svg>

 private:
  struct Box {
    double left, top, right, bottom;
  };
  double X(double value) const;
  double Y(double value) const;
  // Whether a text (escaped later) that starts there lies within the chart and on no other.
  bool HasRoom(double left, double baseline, absl::string_view text) const;
  void Label(double left, double baseline, absl::string_view text);
  std::string Frame() const;

  std::string name_;
  Side x_, y_;
  std::string drawn_;
  std::string labels_;  // above all else
  std::vector<Box> taken_;
};

// The CSS of plots, for HtmlPage.
extern const char kPlotStyle[];

}  // namespace oasis

#endif  // OASIS_HTML_PLOT_H_
