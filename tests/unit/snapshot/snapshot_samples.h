// A small manifest and small snapshots, for the tests of this folder.
#ifndef OASIS_TESTS_UNIT_SNAPSHOT_SNAPSHOT_SAMPLES_H_
#define OASIS_TESTS_UNIT_SNAPSHOT_SNAPSHOT_SAMPLES_H_

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/snapshot.h"
#include "support/test_support.h"

namespace oasis::testing {

inline absl::Time SampleTime() {
  return absl::FromUnixSeconds(1795246200);
}  // 2026-11-21T07:30:00Z

// Two signals, three contexts, two campaigns; no rows yet.
inline Manifest SampleDescription() {
  Manifest manifest;
  manifest.snapshot_id = "sample-1";
  manifest.score_set = "discovery-mode";
  manifest.variant = "control";
  manifest.created = SampleTime();
  manifest.producer = "oasis test";
  manifest.signals = {{"promotion", 0.5F}, {"reward", 2.0F}};
  manifest.contexts = {{"radio", "*", "*"}, {"radio", "SE", "*"}, {"mix", "SE", "young"}};
  manifest.campaigns = {{"spring", "Label Å", SampleTime(), SampleTime() + absl::Hours(24)},
                        {"always", "Indie"}};
  return manifest;
}

// Item number i of a snapshot: one to three cells, every fourth of another kind than track.
inline ItemRow SampleRow(uint64_t i) {
  const auto score = static_cast<int16_t>(static_cast<int>(i * 37 % 65535) - kQuantisedMax);
  std::vector<CellSpec> cells = {{0, {score, 1}, 0}};
  if (i % 2 == 1) cells.push_back({1, {2, score}, 1});
  if (i % 3 == 2) cells.push_back({2, {static_cast<int16_t>(-score), 3}});
  const ItemKey key{{i / 7, i * 1000}, i % 4 == 3 ? ItemKind::kOther : ItemKind::kTrack};
  return MakeRow(key, cells);
}

inline std::vector<ItemRow> SampleRows(uint64_t count) {
  std::vector<ItemRow> rows;
  for (uint64_t i = 0; i < count; ++i) rows.push_back(SampleRow(i));
  return rows;
}

inline absl::StatusOr<Manifest> WriteSnapshot(const std::filesystem::path& dir,
                                              const Manifest& description,
                                              const std::vector<ItemRow>& rows,
                                              int64_t rows_per_file = kRowsPerScoreFile) {
  absl::StatusOr<SnapshotWriter> writer = SnapshotWriter::Create(dir, description, rows_per_file);
  if (!writer.ok()) return writer.status();
  for (const ItemRow& row : rows) {
    if (absl::Status added = writer->Add(row); !added.ok()) return added;
  }
  return writer->Finish();
}

inline Progress NoProgress() {
  return [](int64_t, int64_t) { return absl::OkStatus(); };
}

inline absl::StatusOr<std::vector<ItemRow>> ReadAllRows(const std::filesystem::path& dir,
                                                        const Manifest& manifest) {
  std::vector<ItemRow> rows;
  const auto keep = [&](const ItemRow& row) {
    rows.push_back(row);
    return absl::OkStatus();
  };
  if (absl::Status read = ReadRows(dir, manifest, keep, NoProgress()); !read.ok()) return read;
  return rows;
}

}  // namespace oasis::testing

namespace oasis {

inline bool operator==(const ItemRow& a, const ItemRow& b) {
  return a.key == b.key && a.contexts == b.contexts && a.campaigns == b.campaigns &&
         a.scores == b.scores;
}

}  // namespace oasis

#endif  // OASIS_TESTS_UNIT_SNAPSHOT_SNAPSHOT_SAMPLES_H_
