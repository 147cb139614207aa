// Changes of several overrides in one write.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/override_book.h"
#include "oasis/status.h"
#include "snapshot/override_batch.h"
#include "snapshot/override_reach.h"
#include "snapshot/override_words.h"

namespace oasis {

absl::StatusOr<OverrideBook::Batch> OverrideBook::PutBatch(Override decision,
                                                           absl::Span<const std::string> item_uris,
                                                           const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  Asked asked = {
      .action = kOverridePut,
      .caller = caller,
      .now = now,
      .reason = decision.reason,
      .what = absl::StrCat("batch of ", item_uris.size(), " items: ", DescribeOverride(decision)),
      .score_set = decision.score_set};
  std::vector<Override> overrides;
  const auto put = [&]() -> absl::StatusOr<Batch> {
    if (item_uris.empty()) return absl::InvalidArgumentError("item_uris is empty: name the items");
    OASIS_RETURN_IF_ERROR(DropLongExpired(now));
    decision.author = caller.actor;
    decision.created = now;
    Batch batch = {.id = MakeId(now), .first = {}, .journaled = {}};
    overrides = MakeBatch(decision, item_uris, batch.id);
    OASIS_RETURN_IF_ERROR(MakeRoom(overrides, kMaxOverrides - kReservedOverrides, now));
    batch.first = overrides.front();
    batch.size = std::ssize(overrides);
    asked.what = DescribeBatch(batch);
    asked.tried = true;
    OASIS_RETURN_IF_ERROR(Add(overrides));
    return batch;
  };
  absl::StatusOr<Batch> batch = Journaled(asked, put());
  if (!batch.ok()) return batch;
  for (const Override& override : overrides) {
    OverrideReach reach = ReachOf(*tables_, override);
    if (!reach.missing.empty() && ++batch->missing == 1) {
      batch->why_missing = std::move(reach.missing);
    }
  }
  return batch;
}

absl::StatusOr<OverrideBook::Batch> OverrideBook::DeleteBatch(absl::string_view id,
                                                              const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  Asked asked = {.action = kOverrideDelete,
                 .caller = caller,
                 .now = now,
                 .reason = caller.reason,
                 .what = absl::StrCat("delete of batch ", id)};
  const auto remove = [&]() -> absl::StatusOr<Batch> {
    OASIS_RETURN_IF_ERROR(CheckReason(caller));
    OASIS_RETURN_IF_ERROR(DropLongExpired(now));
    OASIS_ASSIGN_OR_RETURN(const std::vector<Override> held, HoldingOfBatch(id, now));
    Batch batch = {
        .id = std::string(id), .first = held.front(), .size = std::ssize(held), .journaled = {}};
    asked.what = DescribeBatch(batch);
    asked.score_set = batch.first.score_set;
    std::vector<std::string> ids;
    for (const Override& override : held) ids.push_back(override.id);
    asked.tried = true;
    OASIS_RETURN_IF_ERROR(Remove(ids));
    return batch;
  };
  return Journaled(asked, remove());
}

absl::StatusOr<std::vector<Override>> OverrideBook::HoldingOfBatch(absl::string_view id,
                                                                   absl::Time now) const {
  OASIS_RETURN_IF_ERROR(ValidateName("batch", id));
  std::vector<Override> held;
  std::copy_if(overrides_.begin(), overrides_.end(), std::back_inserter(held),
               [&](const Override& override) {
                 return IsOfBatch(override.id, id) && now < override.expires;
               });
  if (!held.empty()) return held;
  return absl::NotFoundError(absl::StrCat("there is no override of a batch '", id,
                                          "', or all have expired: see `oasis override list`"));
}

}  // namespace oasis
