// A chart of bars that lie one below the other.
#ifndef OASIS_HTML_BARS_H_
#define OASIS_HTML_BARS_H_

#include <optional>
#include <string>
#include <vector>

#include "html/axis.h"

namespace oasis {

// All places are 0 to 1, along the axis; texts are escaped when drawn.
struct Bar {
  std::string css;  // before, after, kept, tight or short
  double from = 0.0;
  double to = 0.0;
  std::string text;  // its number, to the right
};

struct BarRow {
  std::string label;
  std::vector<Bar> bars;       // one below the other
  std::optional<double> mark;  // a line across them: a promise, a limit
};

struct BarChart {
  std::string name;  // for those who cannot see it
  std::vector<BarRow> rows;
  std::vector<Axis::Tick> ticks;  // may be empty
  std::string axis_label;         // with the unit
};

// Names take the space they need and break lines, so this is HTML with an <svg> for each row. ""
// for no rows.
std::string HtmlBars(const BarChart& chart);

// The CSS of bars, for HtmlPage.
extern const char kBarStyle[];

}  // namespace oasis

#endif  // OASIS_HTML_BARS_H_
