// A store with snapshots that a test made.
#ifndef OASIS_TESTS_UNIT_SNAPSHOT_STORE_FIXTURE_H_
#define OASIS_TESTS_UNIT_SNAPSHOT_STORE_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "oasis/store.h"
#include "support/snapshot_support.h"

namespace oasis::testing {

inline const TableName kTable = {"discovery-mode", "control"};

class StoreTest : public ::testing::Test {
 protected:
  // Writes a snapshot and accepts it; ids say in which order they were made.
  Manifest Accept(const SnapshotSpec& spec) {
    const std::filesystem::path source = temp_ / ("source-" + spec.variant + "-" + spec.id);
    const Manifest manifest = MakeSnapshot(source, spec);
    EXPECT_THAT(store_->Accept(source, manifest, TestTime(++minutes_), NoProgress()), IsOk());
    return manifest;
  }
  void Publish(const std::string& id) {
    EXPECT_THAT(store_->MarkLive(kTable, id, TestTime(++minutes_)), IsOk());
  }
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    const std::vector<StoredSnapshot> stored_snapshots = *store_->List();
    for (const StoredSnapshot& stored : stored_snapshots) ids.push_back(stored.snapshot_id);
    return ids;
  }
  absl::StatusOr<int> CountRows(const std::string& id) const {
    int count = 0;
    auto manifest = store_->GetManifest(kTable, id);
    if (!manifest.ok()) return manifest.status();
    const auto row = [&](int, const ItemRow&) {
      ++count;
      return absl::OkStatus();
    };
    const absl::Status read = store_->ReadRows(kTable, id, *manifest, 1, row, NoProgress());
    if (!read.ok()) return read;
    return count;
  }

  TempDir temp_;
  int minutes_ = 0;
  std::unique_ptr<Store> store_ = OpenStore(temp_ / "data");
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_SNAPSHOT_STORE_FIXTURE_H_
