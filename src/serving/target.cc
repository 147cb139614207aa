#include "serving/target.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/context.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

// "a, b, c", cut where a message would become too long for the headers it travels in.
template <typename Range>
std::string ListNames(const Range& range) {
  std::vector<absl::string_view> names;
  for (const auto& named : range) names.push_back(named.name);
  if (names.size() > kMaxNamesInMessage) {
    names.resize(kMaxNamesInMessage);
    names.emplace_back("…");
  }
  return absl::StrJoin(names, ", ");
}

// Not OK when a table of that score set, and variant if one is given, ought to be here: who is told
// so by one of several servers is served by the others.
absl::Status CheckExpected(const TableSet& tables, absl::string_view score_set,
                           std::optional<absl::string_view> variant) {
  const std::string what = absl::StrCat(variant.has_value() ? "variant " : "score_set ",
                                        Quote(variant.value_or(score_set)));
  if (tables.restoring()) {
    return absl::UnavailableError(
        absl::StrCat(what,
                     " is not live yet, and this server, just started, still restores its "
                     "snapshots: retry, or ask another server"));
  }
  for (const TableSet::Name& missing : tables.missing()) {
    if (missing.score_set != score_set || missing.variant != variant.value_or(missing.variant)) {
      continue;
    }
    if (missing.dropped) {
      return absl::UnavailableError(
          absl::StrCat(what,
                       " is being replaced, on a machine that has no memory for both: retry, or "
                       "ask another server"));
    }
    return absl::UnavailableError(
        absl::StrCat(what,
                     " could not be restored when this server started: ask another server; its log "
                     "has the reason, and a load of a snapshot mends it"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string Quote(absl::string_view value) {
  const absl::string_view shown = value.substr(0, kMaxValueBytesInMessage);
  if (shown.size() == value.size()) return absl::StrCat("'", absl::CHexEscape(shown), "'");
  return absl::StrCat("'", absl::CHexEscape(shown), "…' (", value.size(), " bytes)");
}

absl::StatusOr<Target> FindTarget(const TableSet& tables, absl::string_view score_set,
                                  absl::string_view variant) {
  if (score_set.empty()) score_set = kDefaultScoreSet;
  if (variant.empty()) variant = kControlVariant;
  Target target;
  target.score_set = tables.FindScoreSet(score_set);
  if (target.score_set == nullptr) {
    OASIS_RETURN_IF_ERROR(CheckExpected(tables, score_set, std::nullopt));
    if (tables.score_sets().empty()) {
      return absl::UnavailableError(
          "no snapshot is live yet: retry, and if it stays so see `oasis status` on the server");
    }
    return absl::NotFoundError(
        absl::StrCat("score_set ", Quote(score_set),
                     " is not served here; there are: ", ListNames(tables.score_sets())));
  }
  target.variant = TableSet::FindVariant(*target.score_set, variant);
  if (target.variant == nullptr) {
    OASIS_RETURN_IF_ERROR(CheckExpected(tables, score_set, variant));
    target.variant = TableSet::FindVariant(*target.score_set, kControlVariant);
  }
  if (target.variant == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        "variant ", Quote(variant), " of score_set ", Quote(score_set),
        " has no live snapshot, nor has the control that would stand in; live variants are: ",
        ListNames(target.score_set->variants)));
  }
  return target;
}

absl::Status CheckContext(absl::string_view surface, absl::string_view market) {
  if (surface.empty()) {
    return absl::InvalidArgumentError(
        "context.surface is empty: it must name where the items are ranked, such as 'radio'");
  }
  if (surface == kAny) {
    return absl::InvalidArgumentError(
        "context.surface is '*': a request must name one surface, such as 'radio'; only market and "
        "cohort may be any");
  }
  if (!market.empty() && market != kAny && !IsMarket(market)) {
    return absl::InvalidArgumentError(
        absl::StrCat("context.market is ", Quote(market),
                     ": it must be two capital letters (ISO 3166-1 alpha-2), or empty or '*' for "
                     "any"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> FindSignal(const Table& table, absl::string_view field,
                               absl::string_view signal) {
  const std::optional<int> found = table.FindSignal(signal.empty() ? kDefaultSignal : signal);
  if (found.has_value()) return *found;
  const TableInfo& info = table.info();
  return absl::InvalidArgumentError(
      absl::StrCat(field,
                   signal.empty() ? absl::StrCat(" is empty, which means '", kDefaultSignal, "'")
                                  : absl::StrCat(" is ", Quote(signal)),
                   ": snapshot ", info.snapshot_id, " of ", info.score_set, "/", info.variant,
                   " has no such signal; it has: ", ListNames(table.signals())));
}

void SetSnapshotInfo(const TableInfo& info, const StalenessRules& rules, absl::Time now,
                     v1::SnapshotInfo* out) {
  out->set_id(info.snapshot_id);
  SetTimestamp(info.created, out->mutable_created());
  SetDuration(std::max(now - info.created, absl::ZeroDuration()), out->mutable_age());
  const Staleness& staleness = rules.Of(info.score_set);
  out->set_stale(staleness.when_stale != WhenStale::kServe && staleness.IsStale(info.created, now));
}

}  // namespace oasis
