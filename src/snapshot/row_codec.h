// An item as it stands in a run of a score file, and the rules of its row.
#ifndef OASIS_SNAPSHOT_ROW_CODEC_H_
#define OASIS_SNAPSHOT_ROW_CODEC_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "oasis/table.h"

namespace oasis {

// InvalidArgument when the row breaks a rule of ItemRow for the contexts, campaigns and signals of
// `manifest`: a valid key, at least one cell, contexts known and ascending, campaigns known, scores
// in [-kQuantisedMax, kQuantisedMax], columns of matching length.
absl::Status ValidateRow(const ItemRow& row, const Manifest& manifest);

// The bytes of one item. REQUIRES: the row is valid.
void EncodeRow(const ItemRow& row, std::string* bytes);

// Takes the first item off `run`. DataLoss when that does not begin with what EncodeRow writes of a
// row that is valid for the manifest.
absl::Status TakeRow(absl::string_view* run, const Manifest& manifest, ItemRow* row);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_ROW_CODEC_H_
