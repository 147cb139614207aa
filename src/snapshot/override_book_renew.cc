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
  OASIS_RETURN_IF_ERROR(DropLongExpired(now));
  OASIS_ASSIGN_OR_RETURN(Override held, Holding(id, now));
  Extend(expires, now, caller, held);
  OASIS_RETURN_IF_ERROR(MakeRoom({held}, kMaxOverrides, now));
  const absl::Status status = Add({held});
  Change change = {.override = std::move(held), .replaced = true, .journaled = {}};
  change.journaled = Journal(kOverridePut, change.override,
                             absl::StrCat("renewed ", id, ": ", DescribeOverride(change.override)),
                             now, caller, status);
  if (!status.ok()) return status;
  return change;
}

absl::StatusOr<OverrideBook::Batch> OverrideBook::RenewBatch(absl::string_view id,
                                                             absl::Time expires,
                                                             const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  OASIS_RETURN_IF_ERROR(DropLongExpired(now));
  OASIS_ASSIGN_OR_RETURN(std::vector<Override> held, HoldingOfBatch(id, now));
  for (Override& override : held) Extend(expires, now, caller, override);
  OASIS_RETURN_IF_ERROR(MakeRoom(held, kMaxOverrides, now));
  Batch batch = {
      .id = std::string(id), .first = held.front(), .size = std::ssize(held), .journaled = {}};
  const absl::Status status = Add(held);
  batch.journaled = Journal(kOverridePut, batch.first,
                            absl::StrCat("renewed ", DescribeBatch(batch)), now, caller, status);
  if (!status.ok()) return status;
  return batch;
}

}  // namespace oasis
