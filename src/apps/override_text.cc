#include "apps/override_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace oasis {

std::string OverrideActionText(const v1::Override& override) {
  if (override.action() == v1::Override::ACTION_SUPPRESS) return "suppress";
  return absl::StrFormat("%s %g%s", override.action() == v1::Override::ACTION_CAP ? "cap" : "set",
                         override.score(),
                         override.signal().empty() ? "" : absl::StrCat(" of ", override.signal()));
}

std::string OverrideAboutText(const v1::Override& override) {
  if (override.has_item_uri()) return override.item_uri();
  if (override.has_campaign()) return absl::StrCat("campaign ", override.campaign());
  return absl::StrCat("licensor ", override.licensor());
}

std::string OverrideWhereText(const v1::Override& override) {
  const auto or_any = [](const std::string& name) { return name.empty() ? "*" : name.c_str(); };
  const std::string set = override.score_set().empty() ? "all score sets" : override.score_set();
  return absl::StrCat(or_any(override.surface()), "/", or_any(override.market()), " in ", set);
}

}  // namespace oasis
