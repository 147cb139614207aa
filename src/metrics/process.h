// What the kernel says of this process.
#ifndef OASIS_METRICS_PROCESS_H_
#define OASIS_METRICS_PROCESS_H_

#include "metrics/families.h"

namespace oasis {

// Writes the process_… families. A value that cannot be read is left out.
void WriteProcessMetrics(Exposition* out);

}  // namespace oasis

#endif  // OASIS_METRICS_PROCESS_H_
