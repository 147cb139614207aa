// The manifest as JSON, field by field (docs/snapshot_format.md).
#ifndef OASIS_SNAPSHOT_MANIFEST_JSON_H_
#define OASIS_SNAPSHOT_MANIFEST_JSON_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/manifest.h"
#include "snapshot/json_fields.h"

namespace oasis {

// Everything but the campaigns (campaign_lines.h), of which the list is empty, and the manifest's
// own checksum.
Json ManifestToJson(const Manifest& manifest);

// InvalidArgument for a field that is missing, unknown or of the wrong type. The rules of
// manifest_rules.h are not checked here.
absl::StatusOr<Manifest> ManifestFromJson(const Json& json);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_MANIFEST_JSON_H_
