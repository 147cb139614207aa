// Any bytes as a run: rows up to an error, and a row that was accepted is written back as the same
// bytes. The first byte chooses how many signals and contexts the manifest has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "oasis/manifest.h"
#include "snapshot/row_codec.h"

namespace {

oasis::Manifest ManifestOf(int signals, int contexts) {
  oasis::Manifest manifest;
  for (int i = 0; i < signals; ++i) {
    manifest.signals.push_back({i == 0 ? "promotion" : absl::StrCat("signal", i), 1.0F});
  }
  for (int i = 0; i < contexts; ++i) manifest.contexts.push_back({absl::StrCat("surface", i)});
  manifest.campaigns.Own().resize(3);
  return manifest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const oasis::Manifest manifest = ManifestOf(1 + data[0] % 3, 1 + data[0] / 3);
  absl::string_view run(reinterpret_cast<const char*>(data + 1), size - 1);
  oasis::ItemRow row;
  std::string again;
  while (true) {
    const absl::string_view before = run;
    if (!oasis::TakeRow(&run, manifest, &row).ok()) return 0;
    oasis::EncodeRow(row, &again);
    if (again != before.substr(0, before.size() - run.size())) std::abort();
  }
}
