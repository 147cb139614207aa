// What must hold of a manifest, whoever made it.
#ifndef OASIS_SNAPSHOT_MANIFEST_RULES_H_
#define OASIS_SNAPSHOT_MANIFEST_RULES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "oasis/manifest.h"

namespace oasis {

// The part a producer gives: names, times, signals, contexts, campaigns. InvalidArgument naming the
// field. An empty snapshot_id passes: the writer will make one.
absl::Status ValidateDescription(const Manifest& manifest);

// The part the writer works out, after ValidateDescription: DataLoss where counts, keys or
// statistics do not add up, InvalidArgument where a name or number is out of its limits.
absl::Status ValidateContent(const Manifest& manifest);

// The bytes of all files. ValidateContent keeps the sum far from overflow.
int64_t TotalBytes(const Manifest& manifest);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_MANIFEST_RULES_H_
