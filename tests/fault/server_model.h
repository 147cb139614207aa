// What a server must be after a sequence of operations: plain maps and lists in memory.
#ifndef OASIS_TESTS_FAULT_SERVER_MODEL_H_
#define OASIS_TESTS_FAULT_SERVER_MODEL_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fault/fault_server.h"

namespace oasis::testing {

class ServerModel {
 public:
  explicit ServerModel(size_t keep) : keep_(keep) {}

  // For the table of the next load.
  enum class Room { kBesideTheLive, kInPlaceOfTheLive, kNone };

  // What each would end with; published: with the snapshot it makes live.
  struct Outcome {
    LoadOutcome outcome = LoadOutcome::kFailed;
    ModelSnapshot snapshot;
    bool blocked = false;  // by guardrails
  };
  Outcome Load(const ModelSnapshot& snapshot, bool force, Room room, absl::Time now) const;
  Outcome LoadUnasked(const ModelSnapshot& snapshot, Room room, absl::Time now) const;
  Outcome Publish(const TableName& table, const std::string& id) const;
  Outcome Rollback(const TableName& table) const;  // to the one before
  bool CanPin(const TableName& table, const std::string& id) const;
  bool IsPinned(const TableName& table) const;

  // What changes when it was done.
  void GoLive(const ModelSnapshot& snapshot, bool withdraws);
  void Reject(const ModelSnapshot& snapshot);
  void Pin(const TableName& table, const std::string& id) { tables_[table].pinned = id; }
  void Unpin(const TableName& table) { tables_[table].pinned.clear(); }
  void Put(const Override& override) { overrides_[override.id] = override; }
  void Delete(const std::string& id) { overrides_.erase(id); }

  bool Holds(const std::string& override_id, absl::Time now) const;
  const Override& Get(const std::string& override_id) const { return overrides_.at(override_id); }
  size_t live_tables() const;
  View ViewAt(absl::Time now) const;

 private:
  struct Kept {
    ModelSnapshot snapshot;
    int64_t published = 0;  // counts up
    bool withdrawn = false;
  };
  struct Table {
    std::string live;
    std::string pinned;
    std::map<std::string, Kept> kept;
    absl::Time newest = absl::InfinitePast();             // of all that were live
    std::set<std::pair<std::string, uint64_t>> rejected;  // as TableView has them
  };
  const Table* Find(const TableName& table) const;
  static bool Forbids(const Table& table, const std::string& id);

  const size_t keep_;
  int64_t publishes_ = 0;
  std::map<TableName, Table> tables_;
  std::map<std::string, Override> overrides_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_FAULT_SERVER_MODEL_H_
