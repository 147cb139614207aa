// What of the live tables an override is about.
#ifndef OASIS_SNAPSHOT_OVERRIDE_REACH_H_
#define OASIS_SNAPSHOT_OVERRIDE_REACH_H_

#include <cstdint>
#include <string>

#include "oasis/live_tables.h"
#include "oasis/overrides.h"

namespace oasis {

struct OverrideReach {
  int64_t campaigns = 0;  // that it names, itself or by their licensor
  int64_t tables = 0;     // with such a campaign, or with the item
  std::string missing;    // why it is about nothing: what no live table has; empty if it is
};

// Takes as long as a look at the names of all campaigns. An override that sets the score of an item
// is about every table, since it needs no row. One for a market that no context of a
// table names is not about that table, though its contexts of any market (*) may answer for it.
OverrideReach ReachOf(const LiveTables& tables, const Override& override);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_OVERRIDE_REACH_H_
