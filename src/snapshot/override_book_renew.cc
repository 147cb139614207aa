// Overrides that hold, until another time.
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/override_book.h"
#include "oasis/status.h"
#include "snapshot/override_words.h"

namespace oasis {
namespace {

// As if it were put again now.
void Extend(absl::Time expires, absl::Time now, const Caller& caller, Override& override) {
  override.expires = expires;
  override.created = now;
  override.author = caller.actor;
  override.reason = caller.reason;
}

}  // namespace

absl::StatusOr<OverrideBook::Change> OverrideBook::Renew(absl::string_view id, absl::Time expires,
                                                         const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  Asked asked = {.action = kOverridePut,
                 .caller = caller,
                 .now = now,
                 .reason = caller.reason,
                 .what = absl::StrCat("renewal of ", id)};
  const auto renew = [&]() -> absl::StatusOr<Change> {
    OASIS_RETURN_IF_ERROR(DropLongExpired(now));
    OASIS_ASSIGN_OR_RETURN(Override held, Holding(id, now));
    Extend(expires, now, caller, held);
    asked.what = absl::StrCat("renewal of ", DescribeWithId(held));
    asked.score_set = held.score_set;
    OASIS_RETURN_IF_ERROR(MakeRoom({held}, kMaxOverrides, now));
    asked.tried = true;
    OASIS_RETURN_IF_ERROR(Add({held}));
    return Change{.override = std::move(held), .replaced = true, .journaled = {}};
  };
  return Journaled(asked, renew());
}

absl::StatusOr<OverrideBook::Batch> OverrideBook::RenewBatch(absl::string_view id,
                                                             absl::Time expires,
                                                             const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  Asked asked = {.action = kOverridePut,
                 .caller = caller,
                 .now = now,
                 .reason = caller.reason,
                 .what = absl::StrCat("renewal of batch ", id)};
  const auto renew = [&]() -> absl::StatusOr<Batch> {
    OASIS_RETURN_IF_ERROR(DropLongExpired(now));
    OASIS_ASSIGN_OR_RETURN(std::vector<Override> held, HoldingOfBatch(id, now));
    for (Override& override : held) Extend(expires, now, caller, override);
    Batch batch = {
        .id = std::string(id), .first = held.front(), .size = std::ssize(held), .journaled = {}};
    asked.what = absl::StrCat("renewal of ", DescribeBatch(batch));
    asked.score_set = batch.first.score_set;
    OASIS_RETURN_IF_ERROR(MakeRoom(held, kMaxOverrides, now));
    asked.tried = true;
    OASIS_RETURN_IF_ERROR(Add(held));
    return batch;
  };
  return Journaled(asked, renew());
}

}  // namespace oasis
