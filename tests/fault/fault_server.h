// The real parts of a server on a directory, with guardrails that look at gates alone, and all that
// one can see of it from outside.
#ifndef OASIS_TESTS_FAULT_FAULT_SERVER_H_
#define OASIS_TESTS_FAULT_FAULT_SERVER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fault/model.h"
#include "oasis/loader.h"
#include "oasis/override_book.h"

namespace oasis::testing {

// One table, as clients and operators see it.
struct TableView {
  std::string serving;  // empty: no table
  std::string marked;   // live, as the store has it
  std::string pinned;
  std::set<std::string> kept;
  std::set<std::string> withdrawn;
  // An id and the checksum of a manifest, or 0 for whatever bytes.
  std::set<std::pair<std::string, uint64_t>> rejected;
  Answers answers;  // to all ModelRequests

  friend bool operator==(const TableView&, const TableView&) = default;
};

struct View {
  std::map<TableName, TableView> tables;
  std::vector<Override> overrides;

  friend bool operator==(const View&, const View&) = default;
};
std::ostream& operator<<(std::ostream& out, const View& view);

class FaultServer {
 public:
  static constexpr int64_t kPlenty = int64_t{1} << 40;  // of memory

  struct Options {
    std::filesystem::path data;
    absl::Time now = TestTime(2'000);  // a millisecond later at each question
    int keep = 2;
    bool drop_first = false;
    std::function<int64_t()> available_memory = [] { return kPlenty; };
    std::function<absl::Status(LoadPhase)> fail_point = [](LoadPhase) { return absl::OkStatus(); };
  };

  // As `oasis serve` starts: the store, the overrides, then what is live.
  static absl::StatusOr<std::unique_ptr<FaultServer>> Start(const Options& options);

  // Takes what is live from the open store again, as a start does.
  absl::Status RestoreAgain();

  // What is seen at `now`; answers go the way of a request.
  absl::StatusOr<View> Look(absl::Time now = TestTime(2'000)) const;

  Store& store() { return *store_; }
  Loader& loader() { return *loader_; }
  LiveTables& tables() { return *tables_; }
  OverrideBook& book() { return *book_; }
  const std::vector<absl::Status>& told() const { return told_; }  // damage found in the store
  const std::vector<LoadReport>& restored() const { return restored_; }
  const std::vector<LoadReport>& reports() const { return reports_; }  // of all that was tried
  absl::Time now() const { return now_; }
  void SetNow(absl::Time now) { now_ = now; }

  // All of the journal; fails the test where an entry cannot be read or is out of order.
  std::vector<JournalEntry> ReadWholeJournal() const;

 private:
  explicit FaultServer(const Options& options) : options_(options), now_(options.now) {}

  const Options options_;
  absl::Time now_;
  std::vector<absl::Status> told_;
  std::vector<LoadReport> restored_;
  std::vector<LoadReport> reports_;
  std::shared_ptr<Store> store_;
  std::shared_ptr<LiveTables> tables_;
  std::unique_ptr<OverrideBook> book_;
  std::unique_ptr<Loader> loader_;
};

// Fails the test unless what is served is `snapshot` whole, with the overrides laid over it.
void ExpectServes(const View& view, const ModelSnapshot& snapshot,
                  absl::Time now = TestTime(2'000));

// Copies a directory's files to a new directory.
void CopyTree(const std::filesystem::path& from, const std::filesystem::path& to);

// Prints and records "<what>: <count>", for docs/reliability.md.
void TellCount(const std::string& what, int64_t count);

}  // namespace oasis::testing

#endif  // OASIS_TESTS_FAULT_FAULT_SERVER_H_
