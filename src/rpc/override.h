// Overrides on their way through the API.
#ifndef OASIS_RPC_OVERRIDE_H_
#define OASIS_RPC_OVERRIDE_H_

#include "oasis/overrides.h"
#include "oasis/v1/override.pb.h"
#include "rpc/time.h"

namespace oasis {

static_assert(static_cast<int>(OverrideAction::kSuppress) + 1 == v1::Override::ACTION_SUPPRESS &&
              static_cast<int>(OverrideAction::kCap) + 1 == v1::Override::ACTION_CAP &&
              static_cast<int>(OverrideAction::kSet) + 1 == v1::Override::ACTION_SET);

// Every field is written.
inline void SetOverride(const Override& override, v1::Override* out) {
  out->Clear();
  out->set_id(override.id);
  out->set_action(static_cast<v1::Override::Action>(static_cast<int>(override.action) + 1));
  out->set_score(override.score);
  out->set_signal(override.signal);
  if (!override.item_uri.empty()) out->set_item_uri(override.item_uri);
  if (!override.campaign.empty()) out->set_campaign(override.campaign);
  if (!override.licensor.empty()) out->set_licensor(override.licensor);
  out->set_score_set(override.score_set);
  out->set_surface(override.surface);
  out->set_market(override.market);
  out->set_author(override.author);
  out->set_reason(override.reason);
  SetTimestamp(override.created, out->mutable_created());
  SetTimestamp(override.expires, out->mutable_expires());
}

// Back, not yet valid. REQUIRES: the action is one of those there are.
inline Override GetOverride(const v1::Override& override) {
  Override out;
  out.id = override.id();
  out.action = static_cast<OverrideAction>(static_cast<int>(override.action()) - 1);
  out.score = override.score();
  out.signal = override.signal();
  out.item_uri = override.item_uri();
  out.campaign = override.campaign();
  out.licensor = override.licensor();
  out.score_set = override.score_set();
  out.surface = override.surface();
  out.market = override.market();
  out.author = override.author();
  out.reason = override.reason();
  out.created = GetTime(override.created());
  out.expires = GetTime(override.expires());
  return out;
}

}  // namespace oasis

#endif  // OASIS_RPC_OVERRIDE_H_
