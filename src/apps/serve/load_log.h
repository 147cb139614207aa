// Tells the log and the metrics how loads ended.
#ifndef OASIS_APPS_SERVE_LOAD_LOG_H_
#define OASIS_APPS_SERVE_LOAD_LOG_H_

#include "apps/log.h"
#include "oasis/live_tables.h"
#include "oasis/loader.h"
#include "oasis/metrics.h"
#include "oasis/staleness.h"

namespace oasis {

// One line for each way a load, publish, rollback or restart can end, with the time of each phase.
void LogLoad(const LoadReport& report, const Log& log);

// Counts it (a check is none) and, where a table went live, shows that table.
void CountLoad(const LoadReport& report, const LiveTables& tables, const StalenessRules& staleness,
               Metrics& metrics);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_LOAD_LOG_H_
