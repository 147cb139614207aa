// Any bytes as a URI: KeyOfUri and ParseItemUri agree, and what is a track is written back as it
// was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "oasis/gid.h"

namespace oasis {
namespace {

void Check(bool promise) {
  if (!promise) std::abort();
}

void ReadUri(absl::string_view uri) {
  const ItemKey key = KeyOfUri(uri);
  const absl::StatusOr<ItemKey> parsed = ParseItemUri(uri);
  Check(parsed.ok() == (key.kind != ItemKind::kInvalid));
  if (!parsed.ok()) return;
  Check(*parsed == key);
  if (key.kind == ItemKind::kTrack) Check(FormatTrackUri(key.gid) == uri);
  ItemKey decoded;
  Check(DecodeKey(EncodeKey(key), &decoded) && decoded == key);
}

}  // namespace
}  // namespace oasis

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  oasis::ReadUri(bytes);
  if (size >= 16) {
    const oasis::Gid gid = oasis::GidFromBytes(bytes.data());
    oasis::ReadUri(oasis::FormatTrackUri(gid));
  }
  return 0;
}
