#include "snapshot/manifest_rules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/utf8.h"
#include "score/utc.h"

namespace oasis {
namespace {

template <typename... Parts>
absl::Status Invalid(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

bool IsText(absl::string_view text) {
  const auto is_control = [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; };
  return Utf8PrefixLength(text) == text.size() &&
         std::none_of(text.begin(), text.end(), is_control);
}

absl::Status ValidateText(absl::string_view what, absl::string_view text) {
  if (text.size() <= kMaxCampaignNameBytes && IsText(text)) return absl::OkStatus();
  return Invalid(what, " '", absl::CHexEscape(text.substr(0, kMaxCampaignNameBytes)),
                 "' must be UTF-8 of at most ", kMaxCampaignNameBytes,
                 " bytes without control characters");
}

absl::Status ValidateSignals(const std::vector<Signal>& signals) {
  if (signals.empty() || signals.size() > kMaxSignals) {
    return Invalid("there are ", signals.size(), " signals; give 1 to ", kMaxSignals);
  }
  absl::flat_hash_set<absl::string_view> names;
  for (const Signal& signal : signals) {
    OASIS_RETURN_IF_ERROR(ValidateName("signal", signal.name));
    if (!names.insert(signal.name).second) {
      return Invalid("signal ", signal.name, " stands twice in the list");
    }
    if (!(signal.scale >= kMinScale && signal.scale <= kMaxScale)) {  // nor when it is a NaN
      return Invalid("signal ", signal.name, ": its scale ", signal.scale, " is not from ",
                     kMinScale, " to ", kMaxScale);
    }
  }
  if (!names.contains("promotion")) return Invalid("there is no signal promotion; add it");
  return absl::OkStatus();
}

absl::Status ValidateCampaigns(const std::vector<Campaign>& campaigns) {
  if (campaigns.size() > kMaxCampaigns) {
    return Invalid("there are ", campaigns.size(), " campaigns; one snapshot can hold ",
                   kMaxCampaigns);
  }
  absl::flat_hash_set<absl::string_view> names;
  names.reserve(campaigns.size());
  for (const Campaign& campaign : campaigns) {
    if (campaign.name.empty()) return Invalid("a campaign has an empty name");
    OASIS_RETURN_IF_ERROR(ValidateText("campaign", campaign.name));
    OASIS_RETURN_IF_ERROR(ValidateText("licensor", campaign.licensor));
    if (!names.insert(campaign.name).second) {
      return Invalid("campaign ", campaign.name, " stands twice in the list");
    }
    const bool has_start = campaign.starts_at != absl::InfinitePast();
    const bool has_end = campaign.ends_at != absl::InfiniteFuture();
    if ((has_start && !IsWritableTime(campaign.starts_at)) ||
        (has_end && !IsWritableTime(campaign.ends_at)) || campaign.starts_at >= campaign.ends_at) {
      return Invalid("campaign ", campaign.name, ": starts_at ",
                     absl::FormatTime(campaign.starts_at, absl::UTCTimeZone()), " and ends_at ",
                     absl::FormatTime(campaign.ends_at, absl::UTCTimeZone()),
                     " must ascend and lie in the years 0 to 9999");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateGates(const std::vector<Gate>& gates) {
  if (gates.size() > kMaxGates) {
    return Invalid("there are ", gates.size(), " gates; one snapshot can have ", kMaxGates);
  }
  absl::flat_hash_set<absl::string_view> names;
  for (const Gate& gate : gates) {
    OASIS_RETURN_IF_ERROR(ValidateName("gate", gate.name));
    if (!names.insert(gate.name).second) {
      return Invalid("gate ", gate.name, " stands twice in the list");
    }
    if (!(gate.value >= 0.0 && gate.value <= kMaxAmount)) {
      return Invalid("gate ", gate.name, ": its value ", gate.value, " is not from 0 to ",
                     kMaxAmount);
    }
    if (!(gate.limit > 0.0 && gate.limit <= kMaxAmount)) {
      return Invalid("gate ", gate.name, ": its limit ", gate.limit, " is not above 0 and at most ",
                     kMaxAmount);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateDescription(const Manifest& manifest) {
  if (!manifest.snapshot_id.empty()) {
    OASIS_RETURN_IF_ERROR(ValidateName("snapshot_id", manifest.snapshot_id));
  }
  OASIS_RETURN_IF_ERROR(ValidateName("score_set", manifest.score_set));
  OASIS_RETURN_IF_ERROR(ValidateName("variant", manifest.variant));
  if (!IsWritableTime(manifest.created)) {
    return Invalid("created ", absl::FormatTime(manifest.created, absl::UTCTimeZone()),
                   " is not in the years 0 to 9999");
  }
  OASIS_RETURN_IF_ERROR(ValidateText("producer", manifest.producer));
  if (!manifest.parent.empty()) OASIS_RETURN_IF_ERROR(ValidateName("parent", manifest.parent));
  OASIS_RETURN_IF_ERROR(ValidateSignals(manifest.signals));
  OASIS_RETURN_IF_ERROR(ContextIndex::Create(manifest.contexts).status());
  OASIS_RETURN_IF_ERROR(ValidateGates(manifest.gates));
  return ValidateCampaigns(*manifest.campaigns);
}

}  // namespace oasis
