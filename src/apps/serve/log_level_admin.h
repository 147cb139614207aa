// How the admin port changes the log.
#ifndef OASIS_APPS_SERVE_LOG_LEVEL_ADMIN_H_
#define OASIS_APPS_SERVE_LOG_LEVEL_ADMIN_H_

#include "admin/server_admin.h"
#include "apps/log.h"

namespace oasis {

// What ServerAdminService needs. A change is told in the log itself, too. `log` must outlive it.
ServerAdminService::Options LogLevelAdmin(Log& log);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_LOG_LEVEL_ADMIN_H_
