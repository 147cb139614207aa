// A drawing of how scores lie.
#ifndef OASIS_GUARDRAILS_DISTRIBUTION_CHART_H_
#define OASIS_GUARDRAILS_DISTRIBUTION_CHART_H_

#include <string>

#include "oasis/guardrails.h"

namespace oasis {

// An <svg>: the share of rows in each bin, the live table's as an area, the candidate's as a line
// over it. Colours are the page's classes (report_html.cc).
std::string DistributionChart(const ScoreDistribution& scores);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_DISTRIBUTION_CHART_H_
