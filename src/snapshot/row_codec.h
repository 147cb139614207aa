// The rules of a row, for those who write one. EncodeRow and DecodeRow are in oasis/snapshot.h.
#ifndef OASIS_SNAPSHOT_ROW_CODEC_H_
#define OASIS_SNAPSHOT_ROW_CODEC_H_

#include "absl/status/status.h"
#include "oasis/manifest.h"
#include "oasis/table.h"

namespace oasis {

// InvalidArgument when the row breaks a rule of ItemRow for the contexts, campaigns and signals of
// `manifest`: a valid key, at least one cell, contexts known and ascending, campaigns known, scores
// in [-kQuantisedMax, kQuantisedMax], columns of matching length.
absl::Status ValidateRow(const ItemRow& row, const Manifest& manifest);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_ROW_CODEC_H_
