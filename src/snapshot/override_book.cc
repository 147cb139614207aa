#include "oasis/override_book.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/override_batch.h"
#include "snapshot/override_reach.h"
#include "snapshot/override_words.h"

namespace oasis {
namespace {

bool ById(const Override& a, const Override& b) { return a.id < b.id; }

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
  Asked asked = {.action = kOverridePut,
                 .caller = caller,
                 .now = now,
                 .reason = override.reason,
                 .what = DescribeWithId(override),
                 .score_set = override.score_set};
  const auto put = [&]() -> absl::StatusOr<Change> {
    OASIS_RETURN_IF_ERROR(DropLongExpired(now));
    override.author = caller.actor;
    override.created = now;
    if (override.id.empty()) override.id = MakeId(now);
    OASIS_RETURN_IF_ERROR(MakeRoom({override}, kMaxOverrides, now));
    asked.what = DescribeWithId(override);
    const Override* const replaced = FindHolding(override.id, now);
    const bool replaces = replaced != nullptr;
    if (replaces) absl::StrAppend(&asked.what, "; in place of ", DescribeOverride(*replaced));
    asked.tried = true;
    OASIS_RETURN_IF_ERROR(Add({override}));
    return Change{.override = std::move(override), .replaced = replaces, .journaled = {}};
  };
  absl::StatusOr<Change> change = Journaled(asked, put());
  if (change.ok()) Measure(*change);
  return change;
}

void OverrideBook::Measure(Change& change) const {
  OverrideReach reach = ReachOf(*tables_, change.override);
  change.missing = std::move(reach.missing);
  if (!change.missing.empty()) return;
  change.about = absl::StrCat(
      reach.campaigns > 0 ? absl::StrCat(reach.campaigns, " campaigns in ") : "an item in ",
      reach.tables, reach.tables == 1 ? " live table" : " live tables");
}

absl::StatusOr<OverrideBook::Change> OverrideBook::Delete(absl::string_view id,
                                                          const Caller& caller) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Time now = options_.clock();
  Asked asked = {.action = kOverrideDelete,
                 .caller = caller,
                 .now = now,
                 .reason = caller.reason,
                 .what = absl::StrCat("delete of ", id)};
  const auto remove = [&]() -> absl::StatusOr<Change> {
    OASIS_RETURN_IF_ERROR(CheckReason(caller));
    OASIS_RETURN_IF_ERROR(DropLongExpired(now));
    OASIS_ASSIGN_OR_RETURN(Override held, Holding(id, now));
    asked.what = DescribeWithId(held);
    asked.score_set = held.score_set;
    asked.tried = true;
    OASIS_RETURN_IF_ERROR(Remove({held.id}));
    return Change{.override = std::move(held), .replaced = false, .journaled = {}};
  };
  return Journaled(asked, remove());
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
  std::sort(overrides_.begin(), overrides_.end(), ById);
  Show();
  return absl::OkStatus();
}

void OverrideBook::Show() {
  tables_->SetOverrides(overrides_);
  options_.observer(overrides_);
}

// A write that failed may be on the disk all the same; what is there counts.
absl::Status OverrideBook::Add(const std::vector<Override>& overrides) {
  absl::Status written = store_->PutOverrides(overrides);
  if (!written.ok()) {
    Take().IgnoreError();
    return written;
  }
  std::erase_if(overrides_, [&](const Override& override) {
    return std::binary_search(overrides.begin(), overrides.end(), override, ById);
  });
  const auto middle = overrides_.insert(overrides_.end(), overrides.begin(), overrides.end());
  std::inplace_merge(overrides_.begin(), middle, overrides_.end(), ById);
  Show();
  return absl::OkStatus();
}

absl::Status OverrideBook::Remove(const std::vector<std::string>& ids) {
  absl::Status written = store_->DeleteOverrides(ids);
  if (!written.ok()) {
    Take().IgnoreError();
    return written;
  }
  std::erase_if(overrides_, [&](const Override& override) {
    return std::binary_search(ids.begin(), ids.end(), override.id);
  });
  Show();
  return absl::OkStatus();
}

absl::Status OverrideBook::MakeRoom(const std::vector<Override>& overrides, size_t most,
                                    absl::Time now) {
  for (const Override& override : overrides) OASIS_RETURN_IF_ERROR(ValidateOverride(override));
  const auto fits = [&] {
    const auto added = static_cast<size_t>(
        std::count_if(overrides.begin(), overrides.end(),
                      [this](const Override& override) { return !Find(override.id); }));
    return added == 0 || overrides_.size() + added <= most;
  };
  if (fits()) return absl::OkStatus();
  OASIS_RETURN_IF_ERROR(DropExpired(now));
  if (fits()) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "there are ", overrides_.size(), " overrides, and a server holds at most ", kMaxOverrides,
      most < kMaxOverrides ? absl::StrCat(", of which ", most, " may be of batches") : "",
      ": delete some, or override the campaigns or licensors of these items instead"));
}

absl::Status OverrideBook::DropExpired(absl::Time end) {
  std::vector<std::string> expired;
  for (const Override& override : overrides_) {
    if (override.expires <= end) expired.push_back(override.id);
  }
  if (expired.empty()) return absl::OkStatus();
  return Remove(expired);
}

absl::Status OverrideBook::DropLongExpired(absl::Time now) {
  return DropExpired(now - absl::Hours(24 * kKeptExpiredOverrideDays));
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

absl::StatusOr<Override> OverrideBook::Holding(absl::string_view id, absl::Time now) const {
  OASIS_RETURN_IF_ERROR(ValidateName("id", id));
  const Override* const found = FindHolding(id, now);
  if (found != nullptr) return *found;
  return absl::NotFoundError(absl::StrCat("there is no override '", id,
                                          "', or it has expired: see `oasis override list`"));
}

absl::Status OverrideBook::CheckReason(const Caller& caller) {
  if (!caller.reason.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("reason is empty: say it");
}

std::string OverrideBook::MakeId(absl::Time now) const {
  const std::string second = absl::FormatTime("%Y%m%d-%H%M%S", now, absl::UTCTimeZone());
  std::string id = second;
  for (int more = 2; IsTaken(id); ++more) id = absl::StrCat(second, "-", more);
  return id;
}

bool OverrideBook::IsTaken(absl::string_view id) const {
  return std::any_of(overrides_.begin(), overrides_.end(), [id](const Override& override) {
    return override.id == id || IsOfBatch(override.id, id);
  });
}

absl::Status OverrideBook::Journal(const Asked& asked, const absl::Status& status) {
  const bool refused = !status.ok() && !asked.tried;
  std::string detail = asked.what;
  if (!asked.reason.empty()) absl::StrAppend(&detail, "; ", asked.reason);
  if (!status.ok()) detail = absl::StrCat(OneLine(detail, kMaxReasonBytes), "; ", status.message());
  return store_->Journal({.sequence = 0,
                          .time = asked.now,
                          .actor = asked.caller.actor,
                          .action = std::string(refused ? kOverrideRefused : asked.action),
                          .table = {OneLine(asked.score_set, kMaxNameBytes), ""},
                          .snapshot_id = "",
                          .outcome = status.ok() ? "ok" : absl::StatusCodeToString(status.code()),
                          .detail = std::move(detail)});
}

}  // namespace oasis
