// Small snapshots for tests of what takes them in: store, loader, watcher, admin service.
#ifndef OASIS_TESTS_SUPPORT_SNAPSHOT_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_SNAPSHOT_SUPPORT_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/loader.h"
#include "oasis/snapshot.h"
#include "oasis/store.h"
#include "support/test_support.h"

namespace oasis::testing {

// In the past of any machine's clock: snapshots from the future are refused.
inline absl::Time TestTime(int minutes) {
  return absl::FromUnixSeconds(1'748'764'800) + absl::Minutes(minutes);
}

// What a test says of a snapshot: every item scores `score` in radio/*/* and half of it in
// radio/SE/*.
struct SnapshotSpec {
  std::string id = "s1";
  std::string score_set = "discovery-mode";
  std::string variant = "control";
  absl::Time created = TestTime(0);
  int items = 10;
  int16_t score = 1000;  // quantised
  int64_t items_per_file = 4;

  TableName table() const { return {score_set, variant}; }
};

inline ItemKey TestKey(int i) { return TrackKey(1, static_cast<uint64_t>(i)); }

// Writes the snapshot; aborts the test program when that fails.
inline Manifest MakeSnapshot(const std::filesystem::path& dir, const SnapshotSpec& spec) {
  Manifest manifest;
  manifest.snapshot_id = spec.id;
  manifest.score_set = spec.score_set;
  manifest.variant = spec.variant;
  manifest.created = spec.created;
  manifest.producer = "oasis test";
  manifest.signals = {{"promotion", 1.0F}};
  manifest.contexts = {{"radio", "*", "*"}, {"radio", "SE", "*"}};
  auto writer = SnapshotWriter::Create(dir, manifest, spec.items_per_file);
  EXPECT_THAT(writer, IsOk());
  for (int i = 0; i < spec.items; ++i) {
    const std::vector<CellSpec> cells = {{0, {spec.score}},
                                         {1, {static_cast<int16_t>(spec.score / 2)}}};
    EXPECT_THAT(writer->Add(MakeRow(TestKey(i), cells)), IsOk());
  }
  auto finished = writer->Finish();
  EXPECT_THAT(finished, IsOk());
  return *finished;
}

inline Progress NoProgress() {
  return [](int64_t, int64_t) { return absl::OkStatus(); };
}

inline LoadProgressFn NoLoadProgress() {
  return [](const LoadProgress&) { return absl::OkStatus(); };
}

inline std::unique_ptr<Store> OpenStore(const std::filesystem::path& dir) {
  auto store = Store::Open({.dir = dir});
  EXPECT_THAT(store, IsOk());
  return *std::move(store);
}

// What a request would be answered for item 0 in radio/*/*, quantised; nothing when there is no
// table.
inline std::optional<int> LiveScore(LiveTables& tables, const TableName& table) {
  for (const std::shared_ptr<const Table>& live : AllTables(tables)) {
    if (live->info().score_set != table.score_set || live->info().variant != table.variant)
      continue;
    return live->Explain(TestKey(0), live->contexts().Resolve("radio", "", ""), 0).quantised;
  }
  return std::nullopt;
}

inline void FlipByte(const std::filesystem::path& path, size_t offset) {
  std::string bytes = ReadFile(path);
  ASSERT_LT(offset, bytes.size());
  bytes[offset] = static_cast<char>(bytes[offset] ^ 0x40);
  // A new file in its place: the old bytes may be shared with the store by a hard link.
  std::filesystem::remove(path);
  WriteFile(path, bytes);
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_SNAPSHOT_SUPPORT_H_
