// What the kernel says of this process.
#ifndef OASIS_METRICS_PROCESS_H_
#define OASIS_METRICS_PROCESS_H_

#include <optional>

#include "metrics/families.h"

namespace oasis {

// Nothing when it cannot be read.
std::optional<double> ResidentBytes();

// Writes the process_… families. A value that cannot be read is left out.
void WriteProcessMetrics(Exposition* out);

}  // namespace oasis

#endif  // OASIS_METRICS_PROCESS_H_
