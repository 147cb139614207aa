// Small snapshots that are a function of their seed, and what they must answer: worked out anew,
// one row and one override after another, by none of the product's code.
#ifndef OASIS_TESTS_FAULT_MODEL_H_
#define OASIS_TESTS_FAULT_MODEL_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "oasis/overrides.h"
#include "oasis/store.h"
#include "support/snapshot_support.h"

namespace oasis::testing {

inline constexpr int kModelItems = 12;

struct ModelSnapshot {
  std::string id;
  int seed = 1;  // other scores, campaigns and contexts for each
  absl::Time created = TestTime(0);
  TableName table = {"discovery-mode", "control"};
  uint64_t checksum = 0;  // of the manifest it was written with, where that matters
  bool blocked = false;   // by the guardrails of a FaultServer, which look at nothing else
};

// Twelve items of one to six contexts with three campaigns, in three files. Campaign "tour" ends at
// ModelTourEnds.
void WriteModelSnapshot(const std::filesystem::path& dir, const ModelSnapshot& snapshot);
// As a table's rejected snapshots are known by.
uint64_t ManifestChecksum(const std::filesystem::path& dir);
absl::Time ModelTourEnds();

// What a request is told of one item.
struct Answer {
  int status = 0;
  float score = 0;

  friend bool operator==(const Answer&, const Answer&) = default;
};
using Answers = std::vector<Answer>;

struct ModelRequest {
  std::string surface;
  std::string market;
  std::string cohort;
};
// What is asked, each for all items and for one that is in no snapshot: ModelKeys.
const std::vector<ModelRequest>& ModelRequests();
std::vector<ItemKey> ModelKeys();

// In the order of the requests, then of the keys.
Answers ExpectedAnswers(const ModelSnapshot& snapshot, std::vector<Override> overrides,
                        absl::Time now);

}  // namespace oasis::testing

#endif  // OASIS_TESTS_FAULT_MODEL_H_
