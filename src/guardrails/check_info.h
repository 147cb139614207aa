// What is fixed of each check: its name, its units, its thresholds where no policy says otherwise.
#ifndef OASIS_GUARDRAILS_CHECK_INFO_H_
#define OASIS_GUARDRAILS_CHECK_INFO_H_

#include <string>

#include "absl/types/span.h"
#include "oasis/guardrails.h"

namespace oasis {

enum class FigureUnit { kCount, kShare, kScore, kTimes, kIndex, kSeconds, kHours };

struct CheckInfo {
  Check check;
  const char* name;   // in policy files and JSON
  const char* title;  // for people
  FigureUnit figures;
  FigureUnit value;  // and the thresholds
  Thresholds defaults;
};

// In the order of Check.
absl::Span<const CheckInfo> AllChecks();
const CheckInfo& InfoOf(Check check);

// "1,234", "12.3 %", "0.4213", "1.52x", "48 h"
std::string FormatFigure(double figure, FigureUnit unit);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_CHECK_INFO_H_
