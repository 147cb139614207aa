// A loader on a store of its own, for the tests of what loads.
#ifndef OASIS_TESTS_SUPPORT_LOADER_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_LOADER_SUPPORT_H_

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "oasis/live_tables.h"
#include "oasis/loader.h"
#include "oasis/store.h"
#include "support/snapshot_support.h"

namespace oasis::testing {

inline const TableName kTable = {"discovery-mode", "control"};
inline const Caller kAlice = {"alice", "a test"};

class LoaderFixture : public ::testing::Test {
 protected:
  explicit LoaderFixture(std::optional<GuardrailPolicies> guardrails = std::nullopt)
      : guardrails_(std::move(guardrails)) {
    Restart();
  }

  // Ends the server, so to say, and starts it again on the same directory; no table is live then.
  void Restart() {
    loader_.reset();
    store_.reset();
    store_ = OpenStore(data_);
    tables_ = std::make_shared<LiveTables>();
    Loader::Options options;
    options.keep = keep_;
    options.huge_pages = false;
    options.low_priority = low_priority_;
    options.available_memory = [this] { return available_memory_; };
    options.clock = [this] {
      asked_the_time_();
      return TestTime(++minutes_);
    };
    options.guardrails = guardrails_;
    options.recent_requests = recent_requests_;
    options.drop_first = drop_first_;
    options.observer = [this](const LoadReport& report) { told_.push_back(report); };
    options.fail_point = [this](LoadPhase phase) { return fail_point_(phase); };
    loader_ = std::make_shared<Loader>(store_, tables_, options);
  }

  // Writes a snapshot to a directory named after it.
  std::filesystem::path Make(const SnapshotSpec& spec) {
    std::filesystem::path dir = temp_ / (spec.score_set + "-" + spec.variant + "-" + spec.id);
    MakeSnapshot(dir, spec);
    return dir;
  }
  LoadReport Load(const std::filesystem::path& dir) {
    return loader_->Load(dir, kAlice, NoLoadProgress());
  }
  void MustLoad(const SnapshotSpec& spec) {
    const LoadReport report = Load(Make(spec));
    ASSERT_EQ(report.outcome, LoadOutcome::kPublished) << report.status;
    ASSERT_THAT(report.status, IsOk());
  }

  std::vector<std::string> Kept() const {
    std::vector<std::string> ids;
    const std::vector<StoredSnapshot> stored_snapshots = *store_->List();
    for (const StoredSnapshot& stored : stored_snapshots) ids.push_back(stored.snapshot_id);
    return ids;
  }
  std::filesystem::path KeptDir(const std::string& id) const {
    return data_ / "snapshots" / kTable.score_set / kTable.variant / id;
  }
  // Flips a byte in every SST file of a kept snapshot, and removes the table that was kept of it.
  void Damage(const std::string& id) const {
    DamageRows(id);
    std::filesystem::remove(KeptDir(id) / "table");
  }
  void DamageRows(const std::string& id) const {
    for (const auto& file : std::filesystem::directory_iterator(KeptDir(id) / "db")) {
      if (file.path().extension() == ".sst") FlipByte(file.path(), 20);
    }
  }
  std::optional<int> Score() const { return LiveScore(*tables_, kTable); }
  std::string Live() const { return store_->Live(kTable)->value_or("none"); }
  JournalEntry LastEntry() const { return store_->ReadJournal({.limit = 1})->at(0); }

  TempDir temp_;
  const std::filesystem::path data_ = temp_ / "data";
  int keep_ = 3;
  bool low_priority_ = false;  // or the tests would wait for whatever else the machine does
  std::optional<GuardrailPolicies> guardrails_;
  std::shared_ptr<RecentRequests> recent_requests_;
  bool drop_first_ = false;
  int64_t available_memory_ = int64_t{1} << 40;
  std::atomic<int> minutes_ = 1000;
  std::function<void()> asked_the_time_ = [] {};  // by the loader, before it is told
  std::vector<LoadReport> told_;
  std::function<absl::Status(LoadPhase)> fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  std::shared_ptr<Store> store_;
  std::shared_ptr<LiveTables> tables_;
  std::shared_ptr<Loader> loader_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_LOADER_SUPPORT_H_
