// The contexts and campaigns that rows name, each kept once.
#ifndef OASIS_SNAPSHOT_BUILD_NAMES_H_
#define OASIS_SNAPSHOT_BUILD_NAMES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/context.h"
#include "oasis/table.h"

namespace oasis::build {

// Contexts by order of appearance. Not thread-safe.
class ContextNames {
 public:
  // The provisional id of a context; InvalidArgument by the rules of ValidateContext,
  // ResourceExhausted when there would be more than kMaxContexts. Allocates nothing for a known
  // one.
  absl::StatusOr<ContextId> FindOrAdd(absl::string_view surface, absl::string_view market,
                                      absl::string_view cohort);

  // The contexts by name, and for each provisional id its place among them: so that the bytes of a
  // snapshot do not depend on the order of its rows.
  std::vector<Context> Sorted(std::vector<ContextId>* places) const;

 private:
  std::vector<Context> contexts_;
  absl::flat_hash_map<std::string, ContextId> ids_;  // by surface, market, cohort with 0 between
  std::string name_;                                 // the one looked for; kept for its memory
};

// Campaigns: those of a campaigns file, or else whatever the rows name. Not thread-safe.
class CampaignNames {
 public:
  CampaignNames() = default;                            // without a campaigns file
  explicit CampaignNames(std::vector<Campaign> known);  // REQUIRES: no name twice

  // kNoCampaign for an empty name, nothing for one that was not seen yet.
  std::optional<CampaignId> Find(absl::string_view name) const;

  // Why a row cannot name this new campaign, or an empty text. REQUIRES: Find(name) found nothing.
  std::string Fault(absl::string_view name) const;

  // REQUIRES: Find(name) found nothing and Fault(name) is empty.
  CampaignId Add(absl::string_view name);

  // In the order of the campaigns file, or by name without one; `places` as ContextNames::Sorted.
  std::vector<Campaign> Sorted(std::vector<CampaignId>* places) const;

 private:
  bool fixed_ = false;
  std::vector<Campaign> campaigns_;
  absl::flat_hash_map<std::string, CampaignId> ids_;
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_NAMES_H_
