#include "guardrails/report_words.h"

#include "absl/strings/str_cat.h"

namespace oasis {

std::string FigureText(const std::optional<double>& figure, FigureUnit unit) {
  return figure.has_value() ? FormatFigure(*figure, unit) : "-";
}

std::string ValueText(const Finding& finding) {
  return FormatFigure(finding.value, InfoOf(finding.check).value);
}

std::string ThresholdText(const Finding& finding, const std::optional<double>& threshold) {
  return threshold.has_value() ? FormatFigure(*threshold, InfoOf(finding.check).value) : "off";
}

std::string WhereText(const Finding& finding) {
  const char* between = finding.scope.empty() || finding.signal.empty() ? "" : ", ";
  return absl::StrCat(finding.scope, between, finding.signal);
}

std::string VerdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "passed";
    case Verdict::kWarn:
      return "passed with warnings";
    case Verdict::kBlock:
      return "blocked";
  }
  return "unknown";
}

std::string MomentText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone());
}

std::string SideText(const GuardrailSide& side) {
  return absl::StrCat(side.info.score_set, "/", side.info.variant, " ", side.info.snapshot_id,
                      ", made ", MomentText(side.info.created), ": ",
                      FormatFigure(static_cast<double>(side.items), FigureUnit::kCount), " items, ",
                      FormatFigure(static_cast<double>(side.rows), FigureUnit::kCount), " rows");
}

}  // namespace oasis
