// How reports say what was found.
#ifndef OASIS_GUARDRAILS_REPORT_WORDS_H_
#define OASIS_GUARDRAILS_REPORT_WORDS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "guardrails/check_info.h"
#include "oasis/guardrails.h"

namespace oasis {

std::string FigureText(const std::optional<double>& figure, FigureUnit unit);  // "-" if none
std::string ValueText(const Finding& finding);
std::string ThresholdText(const Finding& finding, const std::optional<double>& threshold);
// "surface radio, promotion"; "" for the whole snapshot
std::string WhereText(const Finding& finding);

// "passed", "passed with warnings", "blocked"
std::string VerdictText(Verdict verdict);
std::string SideText(
    const GuardrailSide& side);  // "discovery-mode/control s1, made …: 10 items, …"
std::string MomentText(absl::Time time);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_REPORT_WORDS_H_
