// The status of a server as a page for people.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_STATUS_PAGE_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_STATUS_PAGE_H_

#include <string>

#include "apps/serve/status_page/server_status.h"

namespace oasis {

// Where the pages are.
inline constexpr char kStatusPath[] = "/";
inline constexpr char kStillStatusPath[] = "/still";

enum class Refresh { kItself, kNever };

// A self-contained page, without scripts: what is wrong first. With Refresh::kItself it is read
// again every kStatusPageRefreshSeconds.
std::string StatusPage(const ServerStatus& status, Refresh refresh);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_STATUS_PAGE_H_
