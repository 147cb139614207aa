#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "guardrails/check_info.h"
#include "guardrails/policy_json.h"
#include "oasis/guardrails.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {

GuardrailPolicy::GuardrailPolicy() {
  for (const CheckInfo& info : AllChecks()) (*this)[info.check] = info.defaults;
}

absl::StatusOr<GuardrailPolicies> GuardrailPolicies::Parse(absl::string_view json) {
  if (json.size() > kMaxPolicyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", json.size(), " bytes; ", kMaxPolicyBytes, " are the most"));
  }
  OASIS_ASSIGN_OR_RETURN(const nlohmann::json file, ParsePolicyJson(json));
  if (!file.is_object()) return absl::InvalidArgumentError("must be one JSON object");
  for (const auto& [name, value] : file.items()) {
    OASIS_RETURN_IF_ERROR(CheckKnownKey(name, "the policy", {"defaults", "score_sets"}));
    if (!value.is_object()) {
      return absl::InvalidArgumentError(absl::StrCat(name, " must be an object"));
    }
  }
  GuardrailPolicies policies;
  if (file.contains("defaults")) {
    OASIS_RETURN_IF_ERROR(ApplyPolicyJson(file["defaults"], "defaults", &policies.defaults_));
  }
  if (!file.contains("score_sets")) return policies;
  for (const auto& [name, value] : file["score_sets"].items()) {
    OASIS_RETURN_IF_ERROR(Annotate(ValidateName("score set", name), "score_sets"));
    GuardrailPolicy policy = policies.defaults_;
    OASIS_RETURN_IF_ERROR(ApplyPolicyJson(value, absl::StrCat("score_sets.", name), &policy));
    policies.score_sets_.emplace(name, std::move(policy));
  }
  return policies;
}

absl::StatusOr<GuardrailPolicies> GuardrailPolicies::Read(const std::filesystem::path& file) {
  const auto failed = [&](absl::StatusCode code, absl::string_view why) {
    return absl::Status(code, absl::StrCat(file.string(), ": ", why));
  };
  std::ifstream in(file, std::ios::binary);
  if (!in) return failed(absl::StatusCode::kNotFound, "cannot be opened; does the file exist?");
  std::string json(kMaxPolicyBytes + 1, '\0');  // one more shows that it is too long
  in.read(json.data(), static_cast<std::streamsize>(json.size()));
  if (in.bad()) return failed(absl::StatusCode::kUnavailable, "cannot be read");
  json.resize(static_cast<size_t>(in.gcount()));
  absl::StatusOr<GuardrailPolicies> policies = Parse(json);
  if (!policies.ok()) return Annotate(policies.status(), file.string());
  return policies;
}

StalenessRules GuardrailPolicies::ToStalenessRules(const Staleness& otherwise) const {
  const auto staleness_of = [&](const GuardrailPolicy& policy) {
    return Staleness{policy.max_age.value_or(otherwise.max_age),
                     policy.when_stale.value_or(otherwise.when_stale)};
  };
  StalenessRules rules = {.others = staleness_of(defaults_)};
  for (const auto& [name, policy] : score_sets_) rules.score_sets[name] = staleness_of(policy);
  return rules;
}

const GuardrailPolicy& GuardrailPolicies::Of(absl::string_view score_set) const {
  const auto found = score_sets_.find(score_set);
  return found == score_sets_.end() ? defaults_ : found->second;
}

}  // namespace oasis
