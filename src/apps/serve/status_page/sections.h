// The sections of the status page, in the order in which they stand there.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_SECTIONS_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_SECTIONS_H_

#include <string>

#include "apps/serve/status_page/server_status.h"

namespace oasis {

// Each is HTML: a head, and tables of at most kStatusPageRows rows or a sentence.
std::string LiveTablesSection(const ServerStatus& status);     // those in trouble first
std::string RecentLoadsSection(const ServerStatus& status);    // under way and ended, refusals
std::string TrafficSection(const ServerStatus& status);        // calls, items, times
std::string OverrideSection(const ServerStatus& status);       // those that end first
std::string KeptSnapshotsSection(const ServerStatus& status);  // that one can go back to
std::string JudgedSection(const ServerStatus& status);         // guardrail reports, with charts

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_SECTIONS_H_
