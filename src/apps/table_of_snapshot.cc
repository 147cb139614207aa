#include "apps/table_of_snapshot.h"

#include "absl/strings/str_cat.h"
#include "apps/text.h"
#include "oasis/machine.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "snapshot/load/table_from_store.h"

namespace oasis {
namespace {

absl::Status CheckTableFits(const std::filesystem::path& dir, const Manifest& manifest) {
  const int64_t needed = TableBuilder::EstimateBytes(
      manifest.items, manifest.rows, static_cast<int>(manifest.signals.size()),
      static_cast<int64_t>(manifest.campaigns.size()));
  const int64_t available = AvailableMemoryBytes();
  if (needed <= available) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(dir.string(), ": its table needs ", FormatBytes(needed), " of memory, and ",
                   FormatBytes(available), " are available: check it on a larger machine"));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Table>> TableOfSnapshot(const std::filesystem::path& dir,
                                                             const StepProgress& progress) {
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(dir));
  OASIS_RETURN_IF_ERROR(CheckTableFits(dir, manifest));
  OASIS_RETURN_IF_ERROR(VerifyFiles(
      dir, manifest, [&](int64_t done, int64_t total) { return progress("verify", done, total); }));
  OASIS_ASSIGN_OR_RETURN(
      const std::shared_ptr<const Table> table,
      BuildTableOfFiles(dir, manifest, /*huge_pages=*/true, [&](int64_t done, int64_t total) {
        return progress("read", done, total);
      }));
  OASIS_RETURN_IF_ERROR(CheckSentinels(*table, manifest));
  return table;
}

}  // namespace oasis
