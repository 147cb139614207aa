#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oasis/context.h"
#include "oasis/gid.h"
#include "oasis/limits.h"
#include "oasis/overrides.h"
#include "oasis/status.h"
#include "score/utc.h"

namespace oasis {
namespace {

absl::Status CheckText(absl::string_view what, absl::string_view text, size_t most) {
  if (text.empty()) return absl::InvalidArgumentError(absl::StrCat(what, " is empty: say it"));
  if (text.size() <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, " has ", text.size(), " bytes: give at most ", most));
}

// As snapshots have them: else it could never be about one.
absl::Status CheckCampaignName(absl::string_view what, absl::string_view name) {
  OASIS_RETURN_IF_ERROR(CheckText(what, name, kMaxCampaignNameBytes));
  const auto control = [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); };
  const bool blank = absl::StripAsciiWhitespace(name).empty();
  if (!blank && std::none_of(name.begin(), name.end(), control)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(what, " '", absl::CHexEscape(name), "' ",
                                                 blank ? "is blank" : "has control characters",
                                                 ": give the name as a campaigns ", "file has it"));
}

absl::Status CheckTarget(const Override& override) {
  const int given = static_cast<int>(!override.item_uri.empty()) +
                    static_cast<int>(!override.campaign.empty()) +
                    static_cast<int>(!override.licensor.empty());
  if (given != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("an override is about one thing, and ", given,
                     " are given: give exactly one of item_uri, campaign and licensor"));
  }
  if (!override.item_uri.empty()) {
    return Annotate(ParseItemUri(override.item_uri).status(), "item_uri");
  }
  if (!override.campaign.empty()) {
    return CheckCampaignName("campaign", override.campaign);
  }
  return CheckCampaignName("licensor", override.licensor);
}

absl::Status CheckScore(const Override& override) {
  if (override.action == OverrideAction::kSuppress) {
    if (override.score == 0.0F && override.signal.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "suppress takes all scores of the item away: give it neither a score nor a signal");
  }
  if (!override.signal.empty()) OASIS_RETURN_IF_ERROR(ValidateName("signal", override.signal));
  if (std::abs(override.score) <= kMaxScale) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "score is %g: give a finite number from -%g to %g", override.score, kMaxScale, kMaxScale));
}

absl::Status CheckPlace(const Override& override) {
  if (!override.score_set.empty()) {
    OASIS_RETURN_IF_ERROR(ValidateName("score_set", override.score_set));
  }
  if (!override.surface.empty()) {
    OASIS_RETURN_IF_ERROR(ValidateName("surface", override.surface));
  }
  if (override.market.empty() || IsMarket(override.market)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "market '", absl::CHexEscape(override.market.substr(0, 2 * kMaxNameBytes)),
      "' is not ISO 3166-1 alpha-2: give two capital letters (SE), or nothing for all"));
}

absl::Status CheckTimes(const Override& override) {
  if (override.expires <= override.created) {
    return absl::InvalidArgumentError(
        absl::StrCat("expires is ", FormatUtc(override.expires), ", which is not after now (",
                     FormatUtc(override.created), "): give a time to come"));
  }
  if (override.expires <= override.created + absl::Hours(24 * kMaxOverrideDays)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expires is ", FormatUtc(override.expires), ": an override lasts at most ",
                   kMaxOverrideDays, " days; give an earlier time, and renew it when it is due"));
}

}  // namespace

absl::string_view OverrideActionName(OverrideAction action) {
  switch (action) {
    case OverrideAction::kSuppress:
      return "suppress";
    case OverrideAction::kCap:
      return "cap";
    case OverrideAction::kSet:
      return "set";
  }
  return "?";
}

std::optional<OverrideAction> ParseOverrideAction(absl::string_view name) {
  for (const OverrideAction action :
       {OverrideAction::kSuppress, OverrideAction::kCap, OverrideAction::kSet}) {
    if (OverrideActionName(action) == name) return action;
  }
  return std::nullopt;
}

absl::Status ValidateOverride(const Override& override) {
  OASIS_RETURN_IF_ERROR(ValidateName("id", override.id));
  OASIS_RETURN_IF_ERROR(CheckTarget(override));
  OASIS_RETURN_IF_ERROR(CheckScore(override));
  OASIS_RETURN_IF_ERROR(CheckPlace(override));
  OASIS_RETURN_IF_ERROR(CheckText("author", override.author, kMaxReasonBytes));
  OASIS_RETURN_IF_ERROR(CheckText("reason", override.reason, kMaxReasonBytes));
  return CheckTimes(override);
}

}  // namespace oasis
