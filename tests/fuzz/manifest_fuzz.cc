// Any bytes as MANIFEST.json: an error or a manifest, never a crash; what was accepted reads the
// same after it was written again. The manifest's checksum stops nearly every change, so the bytes
// also go around it: as fields, written with the checksum they need.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "snapshot/json_fields.h"
#include "snapshot/manifest_json.h"

namespace oasis {
namespace {

void ReadManifestText(absl::string_view text) {
  const absl::StatusOr<Manifest> manifest = DecodeManifest(text);
  if (!manifest.ok()) return;
  const std::string again = EncodeManifest(*manifest);
  const absl::StatusOr<Manifest> second = DecodeManifest(again);
  if (!second.ok() || EncodeManifest(*second) != again) std::abort();
}

}  // namespace
}  // namespace oasis

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  oasis::ReadManifestText(absl::string_view(reinterpret_cast<const char*>(data), size));

  oasis::Json json = oasis::Json::parse(data, data + size, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return 0;
  json.erase("manifest_checksum");
  const absl::StatusOr<oasis::Manifest> fields = oasis::ManifestFromJson(json);
  if (fields.ok()) oasis::ReadManifestText(oasis::EncodeManifest(*fields));
  return 0;
}
