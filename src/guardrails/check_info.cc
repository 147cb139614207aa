#include "guardrails/check_info.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace oasis {
namespace {

constexpr std::nullopt_t kOff = std::nullopt;
using enum FigureUnit;

const std::array<CheckInfo, kChecks> kInfos = {{
    {Check::kItems, "items", "change of the number of items", kCount, kShare, {.1, .3}},
    {Check::kRows, "rows", "change of the number of rows", kCount, kShare, {.1, .3}},
    {Check::kItemChurn, "item_churn", "items added and removed", kCount, kShare, {.2, .5}},
    {Check::kSurfaceRows, "surface_rows", "rows lost by a surface", kCount, kShare, {.2, .5}},
    {Check::kMarketRows, "market_rows", "rows lost by a market", kCount, kShare, {.2, .5}},
    {Check::kLicensorRows, "licensor_rows", "rows lost by a licensor", kCount, kShare, {.3, .6}},
    {Check::kVanishedContexts, "vanished_contexts", "contexts gone", kCount, kCount, {1., 1.}},
    {Check::kNewContexts, "new_contexts", "contexts that are new", kCount, kCount, {1., kOff}},
    {Check::kVanishedSignals, "vanished_signals", "signals gone", kCount, kCount, {1., 1.}},
    {Check::kScoreGrowth, "score_growth", "growth of the largest score", kScore, kTimes, {1.5, 3.}},
    {Check::kPsi, "psi", "drift of scores (PSI)", kScore, kIndex, {.1, .25}},
    {Check::kKs, "ks", "drift of scores (KS)", kScore, kIndex, {.1, .3}},
    {Check::kTopChurn, "top_churn", "top items that left the top", kCount, kShare, {.2, .5}},
    {Check::kMovedRows, "moved_rows", "rows whose score moved far", kCount, kShare, {.05, .2}},
    {Check::kReplayFound, "replay_found", "recent items found", kCount, kShare, {.1, .3}},
    {Check::kReplayStatuses, "replay_statuses", "recent items changed", kCount, kShare, {.2, .5}},
    {Check::kReplayPsi, "replay_psi", "drift of recent answers", kScore, kIndex, {.1, .25}},
    {Check::kOlderThanLive,
     "older_than_live",
     "older than the live one",
     kSeconds,
     kSeconds,
     {1., 1.}},
    {Check::kEmpty, "empty", "has no rows", kCount, kCount, {1., 1.}},
    {Check::kLargestPromotion,
     "largest_promotion",
     "largest promotion score",
     kScore,
     kScore,
     {2., 5.}},
    {Check::kZeros, "zeros", "share of scores that are 0", kShare, kShare, {.5, .9}},
    {Check::kNotRunning, "not_running", "rows of campaigns not running", kShare, kShare, {.5, .9}},
    {Check::kLicensorNotRunning,
     "licensor_not_running",
     "a licensor's rows not running",
     kShare,
     kShare,
     {.5, kOff}},
    {Check::kAge, "age_hours", "age", kHours, kHours, {48., 168.}},
    {Check::kFromTheFuture, "from_the_future", "made after now", kSeconds, kSeconds, {60., 600.}},
    {Check::kReusedId, "reused_id", "id of another snapshot", kCount, kCount, {1., 1.}},
    {Check::kSentinel, "sentinel", "sentinel of the policy", kScore, kCount, {1., 1.}},
    {Check::kGate, "gate", "figure of the maker, by its limit", kScore, kTimes, {1., 10.}},
}};

std::string WithCommas(double count) {
  std::string text = absl::StrFormat("%.0f", std::abs(count));
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<size_t>(at), 1, ',');
  }
  return count < 0 ? absl::StrCat("-", text) : text;
}

}  // namespace

absl::Span<const CheckInfo> AllChecks() { return kInfos; }

const CheckInfo& InfoOf(Check check) { return kInfos[static_cast<size_t>(check)]; }

absl::string_view CheckName(Check check) { return InfoOf(check).name; }
absl::string_view CheckTitle(Check check) { return InfoOf(check).title; }

absl::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kBlock:
      return "block";
  }
  return "unknown";
}

std::string FormatFigure(double figure, FigureUnit unit) {
  switch (unit) {
    case kCount:
      return WithCommas(figure);
    case kShare:
      return absl::StrFormat("%.1f %%", 100 * figure);
    case kScore:
      return absl::StrFormat("%.4g", figure);
    case kTimes:
      return absl::StrFormat("%.2fx", figure);
    case kIndex:
      return absl::StrFormat("%.3f", figure);
    case kSeconds:
      return absl::StrCat(WithCommas(figure), " s");
    case kHours:
      return absl::StrFormat("%.1f h", figure);
  }
  return "";
}

}  // namespace oasis
