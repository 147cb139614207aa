#include "apps/loadtest/ids.h"

#include "absl/strings/string_view.h"
#include "apps/ids_file.h"
#include "oasis/status.h"

namespace oasis {

absl::StatusOr<IdList> ReadIds(const std::filesystem::path& path) {
  IdList ids;
  OASIS_RETURN_IF_ERROR(ForEachId(path.string(), [&](absl::string_view uri) {
    const absl::StatusOr<ItemKey> key = ParseItemUri(uri);
    if (!key.ok()) return key.status();
    if (key->kind == ItemKind::kTrack) {
      ids.tracks.push_back(key->gid);
    } else {
      ids.others.emplace_back(uri);
    }
    return absl::OkStatus();
  }));
  return ids;
}

}  // namespace oasis
