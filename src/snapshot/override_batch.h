// The overrides of a batch: one decision, for many items.
#ifndef OASIS_SNAPSHOT_OVERRIDE_BATCH_H_
#define OASIS_SNAPSHOT_OVERRIDE_BATCH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "oasis/overrides.h"

namespace oasis {

// One like `decision` for each different item, in their order; by id, which begin with that of the
// batch.
std::vector<Override> MakeBatch(const Override& decision, absl::Span<const std::string> item_uris,
                                absl::string_view batch);

// Whether it is the id of an override of that batch.
bool IsOfBatch(absl::string_view id, absl::string_view batch);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_OVERRIDE_BATCH_H_
