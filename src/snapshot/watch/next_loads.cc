#include "oasis/watcher.h"

namespace oasis {

std::vector<Candidate> NextLoads(const std::vector<Candidate>& candidates,
                                 const std::map<TableName, TableState>& tables,
                                 const std::map<std::filesystem::path, FailedLoad>& failed,
                                 absl::Time now) {
  std::map<TableName, const Candidate*> newest;
  for (const Candidate& candidate : candidates) {
    const auto table = tables.find(candidate.table);
    if (table == tables.end()) continue;
    if (!table->second.Takes(candidate.snapshot_id, candidate.manifest_checksum,
                             candidate.created)) {
      continue;
    }
    const auto failure = failed.find(candidate.dir);
    if (failure != failed.end() && failure->second.Forbids(candidate.stamp, now)) continue;
    const Candidate*& best = newest[candidate.table];
    if (best == nullptr || candidate.created > best->created) best = &candidate;
  }
  std::vector<Candidate> loads;
  for (const auto& [table, candidate] : newest) loads.push_back(*candidate);
  return loads;
}

}  // namespace oasis
