// The report of an allocation as a page for people.
#ifndef OASIS_APPS_ALLOCATE_REPORT_PAGE_H_
#define OASIS_APPS_ALLOCATE_REPORT_PAGE_H_

#include <nlohmann/json.hpp>
#include <string>

namespace oasis {

// A self-contained page (no scripts from elsewhere, no fonts, no network) that a product manager
// can read. `report` is what `oasis allocate --json` prints, with null for what is infinite; what
// it lacks is left out, or its section says so. The page has it at its end, for programs, in
// <script type="application/json" id="report">.
std::string ReportPage(const nlohmann::ordered_json& report);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_REPORT_PAGE_H_
