// A sentinel of a policy file.
#ifndef OASIS_GUARDRAILS_POLICY_SENTINEL_H_
#define OASIS_GUARDRAILS_POLICY_SENTINEL_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "oasis/guardrails.h"

namespace oasis {

// From {"item": URI, "surface": …, "market": …, "cohort": …, "signal": …, "min": …, "max": …}, of
// which item and surface must be there. InvalidArgument names the field and the rule.
absl::StatusOr<PolicySentinel> ReadPolicySentinel(const nlohmann::json& json,
                                                  const std::string& place);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_POLICY_SENTINEL_H_
