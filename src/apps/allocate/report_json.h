// What an allocation came to, as JSON: the terminal's summary and the page are made of it.
#ifndef OASIS_APPS_ALLOCATE_REPORT_JSON_H_
#define OASIS_APPS_ALLOCATE_REPORT_JSON_H_

#include <string>

#include "apps/allocate/plan_scores.h"
#include "nlohmann/json.hpp"
#include "oasis/allocation.h"
#include "oasis/allocation_problem.h"
#include "oasis/allocation_report.h"

namespace oasis {

// docs/allocation.md lists the fields. What is infinite becomes null. `path` is the problem's.
nlohmann::ordered_json AllocationReportJson(const std::string& path,
                                            const AllocationProblem& problem,
                                            const SolveOptions& options,
                                            const Allocation& allocation, const PlanTotals& totals);

// Of the snapshot that was written to `directory`.
nlohmann::ordered_json SnapshotReportJson(const std::string& directory, const WrittenScores& scores,
                                          const PlanTotals& totals);

// "growth": {…}: what each term got with the plan, by name.
nlohmann::ordered_json PromotedTermsJson(const AllocationProblem& problem,
                                         const PlanTotals& totals);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_REPORT_JSON_H_
