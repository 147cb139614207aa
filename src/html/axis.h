// An axis of a chart.
#ifndef OASIS_HTML_AXIS_H_
#define OASIS_HTML_AXIS_H_

#include <string>
#include <vector>

namespace oasis {

// From a round number to a round number, with ticks at round numbers between. Numbers are finite.
class Axis {
 public:
  struct Tick {
    double at = 0.0;  // 0 to 1, along the axis
    std::string text;
  };

  // Both ends lie on it, whichever is lower; where they are the same, there is some room around.
  static Axis Linear(double low, double high);
  // By powers of ten. Both above 0.
  static Axis Log(double low, double high);

  // Where a value lies, 0 to 1: at an end if it is beyond it.
  double At(double value) const;
  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  Axis(bool log, double low, double high) : log_(log), low_(low), high_(high) {}

  bool log_;
  double low_, high_;  // of a logarithmic axis the powers
  std::vector<Tick> ticks_;
};

}  // namespace oasis

#endif  // OASIS_HTML_AXIS_H_
