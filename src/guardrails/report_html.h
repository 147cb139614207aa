// Parts of the page of a guardrail report, for pages that show other things, too.
#ifndef OASIS_GUARDRAILS_REPORT_HTML_H_
#define OASIS_GUARDRAILS_REPORT_HTML_H_

#include <cstddef>
#include <string>

#include "oasis/guardrails.h"

namespace oasis {

// CSS of these parts, for HtmlPage.
extern const char kGuardrailStyle[];

// The summary as a banner, and which tables were compared, and when.
std::string GuardrailHead(const GuardrailReport& report);

// A table of at most so many findings that did not pass, the worst first; "" when all passed.
std::string FindingsStandingOut(const GuardrailReport& report, size_t most);

// How the scores of both tables lie: at most so many charts, those that drifted most first. "" when
// there are none.
std::string ScoreCharts(const GuardrailReport& report, size_t most);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_REPORT_HTML_H_
