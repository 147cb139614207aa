#include "oasis/override_book.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "score/utc.h"
#include "snapshot/override_reach.h"

namespace oasis {
namespace {

// "cap 0.2 licensor 'x' in */radio/SE until …: reason", for the journal.
std::string Describe(const Override& override) {
  std::string text = std::string(OverrideActionName(override.action));
  if (override.action != OverrideAction::kSuppress) {
    absl::StrAppendFormat(&text, " %g", override.score);
    if (!override.signal.empty()) absl::StrAppend(&text, " of ", override.signal);
  }
  if (!override.item_uri.empty()) absl::StrAppend(&text, " item ", override.item_uri);
  if (!override.campaign.empty()) absl::StrAppend(&text, " campaign '", override.campaign, "'");
  if (!override.licensor.empty()) absl::StrAppend(&text, " licensor '", override.licensor, "'");
  const auto or_any = [](const std::string& name) { return name.empty() ? "*" : name.c_str(); };
  absl::StrAppend(&text, " on ", or_any(override.surface), "/", or_any(override.market));
  absl::StrAppend(&text, " until ", FormatUtc(override.expires));
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OverrideBook>> OverrideBook::Open(std::shared_ptr<Store> store,
                                                                 std::shared_ptr<LiveTables> tables,
                                                                 Options options) {
  std::unique_ptr<OverrideBook> book(
      new OverrideBook(std::move(store), std::move(tables), std::move(options)));
  const std::lock_guard<std::mutex> lock(book->mutex_);
  OASIS_RETURN_IF_ERROR(book->Take());
  return book;
}

OverrideBook::OverrideBook(std::shared_ptr<Store> store, std::shared_ptr<LiveTables> tables,
                           Options options)
    : store_(std::move(store)), tables_(std::move(tables)), options_(std::move(options)) {}

absl::StatusOr<OverrideBook::Change> OverrideBook::Put(Override override, const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  OASIS_RETURN_IF_ERROR(DropExpired(now));
  override.author = caller.actor;
  override.created = now;
  if (override.id.empty()) override.id = MakeId(now);
  OASIS_RETURN_IF_ERROR(ValidateOverride(override));
  const Override* const replaced = FindHolding(override.id, now);
  const bool replaces = replaced != nullptr;
  const std::string before = replaces ? absl::StrCat("; in place of ", Describe(*replaced)) : "";
  if (Find(override.id) == nullptr && overrides_.size() >= kMaxOverrides) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are ", overrides_.size(),
                     " overrides, the most a server holds: delete some, or override the campaigns "
                     "or licensors of these items instead"));
  }
  absl::Status status = Apply(store_->PutOverride(override));
  Change change = {.override = std::move(override), .replaced = replaces, .journaled = {}};
  change.journaled = Journal("override", change.override, now, caller, status, before);
  if (!status.ok()) return status;
  OverrideReach reach = ReachOf(*tables_, change.override);
  change.missing = std::move(reach.missing);
  if (change.missing.empty()) {
    change.about = absl::StrCat(
        reach.campaigns > 0 ? absl::StrCat(reach.campaigns, " campaigns in ") : "an item in ",
        reach.tables, reach.tables == 1 ? " live table" : " live tables");
  }
  return change;
}

absl::StatusOr<OverrideBook::Change> OverrideBook::Delete(absl::string_view id,
                                                          const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  OASIS_RETURN_IF_ERROR(ValidateName("id", id));
  if (caller.reason.empty()) return absl::InvalidArgumentError("reason is empty: say it");
  OASIS_RETURN_IF_ERROR(DropExpired(now));
  const Override* found = FindHolding(id, now);
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat("there is no override '", id,
                                            "', or it has expired: see `oasis override list`"));
  }
  Change change = {.override = *found, .replaced = false, .journaled = {}};
  absl::Status status = Apply(store_->DeleteOverrides({std::string(id)}));
  change.journaled = Journal("override-delete", change.override, now, caller, status);
  if (!status.ok()) return status;
  return change;
}

std::vector<Override> OverrideBook::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Override> holding;
  const absl::Time now = options_.clock();
  std::copy_if(overrides_.begin(), overrides_.end(), std::back_inserter(holding),
               [now](const Override& override) { return now < override.expires; });
  return holding;
}

absl::Status OverrideBook::Take() {
  OASIS_ASSIGN_OR_RETURN(overrides_, store_->Overrides());
  std::sort(overrides_.begin(), overrides_.end(),
            [](const Override& a, const Override& b) { return a.id < b.id; });
  tables_->SetOverrides(overrides_);
  options_.observer(overrides_);
  return absl::OkStatus();
}

// A write that failed may be on the disk all the same; what is there counts.
absl::Status OverrideBook::Apply(const absl::Status& written) {
  const absl::Status taken = Take();
  return written.ok() ? taken : written;
}

absl::Status OverrideBook::DropExpired(absl::Time now) {
  const bool full = overrides_.size() >= kMaxOverrides;
  const absl::Duration kept =
      full ? absl::ZeroDuration() : absl::Hours(24 * kKeptExpiredOverrideDays);
  const auto over = [&](const Override& override) { return override.expires + kept <= now; };
  std::vector<std::string> expired;
  for (const Override& override : overrides_) {
    if (over(override)) expired.push_back(override.id);
  }
  if (expired.empty()) return absl::OkStatus();
  absl::Status deleted = store_->DeleteOverrides(expired);
  if (!deleted.ok()) return Apply(deleted);
  std::erase_if(overrides_, over);  // those of the tables change no answer any more
  return absl::OkStatus();
}

const Override* OverrideBook::Find(absl::string_view id) const {
  const auto at = std::lower_bound(
      overrides_.begin(), overrides_.end(), id,
      [](const Override& override, absl::string_view other) { return override.id < other; });
  return at == overrides_.end() || at->id != id ? nullptr : &*at;
}

const Override* OverrideBook::FindHolding(absl::string_view id, absl::Time now) const {
  const Override* found = Find(id);
  return found != nullptr && now < found->expires ? found : nullptr;
}

std::string OverrideBook::MakeId(absl::Time now) const {
  const std::string second = absl::FormatTime("%Y%m%d-%H%M%S", now, absl::UTCTimeZone());
  std::string id = second;
  for (int more = 2; Find(id) != nullptr; ++more) id = absl::StrCat(second, "-", more);
  return id;
}

absl::Status OverrideBook::Journal(absl::string_view action, const Override& override,
                                   absl::Time now, const Caller& caller, const absl::Status& status,
                                   absl::string_view before) {
  const std::string what = absl::StrCat(
      override.id, ": ", Describe(override), before, "; ",
      status.ok() ? absl::string_view(action == "override" ? override.reason : caller.reason)
                  : status.message());
  return store_->Journal({.sequence = 0,
                          .time = now,
                          .actor = caller.actor,
                          .action = std::string(action),
                          .table = {override.score_set, ""},
                          .snapshot_id = "",
                          .outcome = status.ok() ? "ok" : absl::StatusCodeToString(status.code()),
                          .detail = what});
}

}  // namespace oasis
