// The summary of an allocation for a terminal.
#ifndef OASIS_APPS_ALLOCATE_REPORT_TEXT_H_
#define OASIS_APPS_ALLOCATE_REPORT_TEXT_H_

#include <string>

#include "nlohmann/json.hpp"

namespace oasis {

// Of what AllocationReportJson has made; "snapshot" and "sweep" may be there, too.
std::string AllocationReportText(const nlohmann::ordered_json& report);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_REPORT_TEXT_H_
