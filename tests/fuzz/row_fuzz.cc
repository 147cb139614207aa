// Any bytes as the value of an item: an error or a row, and a row that was accepted is written back
// as the same bytes. The first byte chooses how many signals and contexts the manifest has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/snapshot.h"

namespace {

oasis::Manifest ManifestOf(int signals, int contexts) {
  oasis::Manifest manifest;
  for (int i = 0; i < signals; ++i) {
    manifest.signals.push_back({i == 0 ? "promotion" : absl::StrCat("signal", i), 1.0F});
  }
  for (int i = 0; i < contexts; ++i) manifest.contexts.push_back({absl::StrCat("surface", i)});
  manifest.campaigns.resize(3);
  return manifest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const int signals = 1 + data[0] % 3;
  const oasis::Manifest manifest = ManifestOf(signals, 1 + data[0] / 3);
  const absl::string_view value(reinterpret_cast<const char*>(data + 1), size - 1);
  oasis::ItemRow row;
  if (oasis::DecodeRow(value, manifest, &row).ok()) {
    std::string again;
    oasis::EncodeRow(row, signals, &again);
    if (again != value) std::abort();
  }
  return 0;
}
