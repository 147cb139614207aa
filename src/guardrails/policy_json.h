// Policies out of the JSON of a policy file.
#ifndef OASIS_GUARDRAILS_POLICY_JSON_H_
#define OASIS_GUARDRAILS_POLICY_JSON_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "oasis/guardrails.h"

namespace oasis {

// The value that `text` is, without a key twice in one object. InvalidArgument tells the place.
absl::StatusOr<nlohmann::json> ParsePolicyJson(absl::string_view text);

// Lays what `json` says over `policy`; what it does not name stays, its sentinels are added.
// `place` is that of `json`, for messages: "defaults".
absl::Status ApplyPolicyJson(const nlohmann::json& json, const std::string& place,
                             GuardrailPolicy* policy);

// InvalidArgument when `name` is none of `known`; it names the nearest.
absl::Status CheckKnownKey(absl::string_view name, const std::string& place,
                           const std::vector<absl::string_view>& known);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_POLICY_JSON_H_
