// Lines about calls that failed or were slow.
#ifndef OASIS_APPS_SERVE_CALL_LOG_H_
#define OASIS_APPS_SERVE_CALL_LOG_H_

#include "apps/log.h"
#include "oasis/call_record.h"

namespace oasis {

// A slow call, and one that the server failed, are warnings; one that its caller got wrong is of
// interest to who looks for that caller: debug. Of the admin port, whose callers are few, info.
LogLevel LogLevelOf(const CallRecord& record);
void LogCall(const CallRecord& record, const Log& log);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_CALL_LOG_H_
