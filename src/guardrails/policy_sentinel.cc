#include "guardrails/policy_sentinel.h"

#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "guardrails/policy_json.h"
#include "oasis/status.h"

namespace oasis {
namespace {

using nlohmann::json;

absl::Status WrongField(const std::string& place, absl::string_view rule) {
  return absl::InvalidArgumentError(absl::StrCat(place, " ", rule));
}

}  // namespace

absl::StatusOr<PolicySentinel> ReadPolicySentinel(const json& json, const std::string& place) {
  if (!json.is_object()) return WrongField(place, "must be an object");
  PolicySentinel sentinel;
  sentinel.signal = "promotion";
  std::string item;
  const std::map<absl::string_view, std::string*> texts = {{"item", &item},
                                                           {"surface", &sentinel.context.surface},
                                                           {"market", &sentinel.context.market},
                                                           {"cohort", &sentinel.context.cohort},
                                                           {"signal", &sentinel.signal}};
  const std::map<absl::string_view, double*> numbers = {{"min", &sentinel.min},
                                                        {"max", &sentinel.max}};
  for (const auto& [name, value] : json.items()) {
    OASIS_RETURN_IF_ERROR(CheckKnownKey(
        name, place, {"item", "surface", "market", "cohort", "signal", "min", "max"}));
    const std::string field = absl::StrCat(place, ".", name);
    if (const auto text = texts.find(name); text != texts.end()) {
      if (!value.is_string()) return WrongField(field, "must be a string");
      *text->second = value.get<std::string>();
    } else {
      if (!value.is_number()) return WrongField(field, "must be a number");
      *numbers.at(name) = value.get<double>();
    }
  }
  if (!json.contains("item")) return WrongField(place, "must name an item");
  const absl::StatusOr<ItemKey> key = ParseItemUri(item);
  if (!key.ok()) return Annotate(key.status(), absl::StrCat(place, ".item"));
  sentinel.key = *key;
  OASIS_RETURN_IF_ERROR(Annotate(ValidateContext(sentinel.context), place));
  OASIS_RETURN_IF_ERROR(Annotate(ValidateName("signal", sentinel.signal), place));
  if (sentinel.min > sentinel.max) return WrongField(place, "has a min above its max");
  return sentinel;
}

}  // namespace oasis
