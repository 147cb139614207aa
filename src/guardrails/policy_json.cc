#include "guardrails/policy_json.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "guardrails/check_info.h"
#include "guardrails/policy_sentinel.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "score/nearest_name.h"
#include "score/utc.h"

namespace oasis {
namespace {

using nlohmann::json;

constexpr char kMinRows[] = "min_rows";
constexpr char kMoveBound[] = "move_bound";
constexpr char kSentinelList[] = "sentinels";
constexpr char kMaxAge[] = "max_age";
constexpr char kWhenStale[] = "when_stale";

absl::Status Wrong(const std::string& place, absl::string_view rule) {
  return absl::InvalidArgumentError(absl::StrCat(place, " ", rule));
}

std::vector<absl::string_view> PolicyKeys() {
  std::vector<absl::string_view> keys = {kMinRows, kMoveBound, kSentinelList, kMaxAge, kWhenStale};
  for (const CheckInfo& info : AllChecks()) keys.emplace_back(info.name);
  return keys;
}

absl::Status ReadThresholds(const json& value, const std::string& place, Thresholds* thresholds) {
  if (!value.is_object()) {
    return Wrong(place, R"(must be an object such as {"warn": 0.1, "block": null}; null is off)");
  }
  for (const auto& [name, number] : value.items()) {
    OASIS_RETURN_IF_ERROR(CheckKnownKey(name, place, {"warn", "block"}));
    std::optional<double>& threshold = name == "warn" ? thresholds->warn : thresholds->block;
    if (number.is_null()) {
      threshold = std::nullopt;
    } else if (number.is_number() && number.get<double>() > 0 &&
               std::isfinite(number.get<double>())) {
      threshold = number.get<double>();
    } else {
      return Wrong(absl::StrCat(place, ".", name), "must be a number above 0, or null for off");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadSentinels(const json& list, const std::string& place, GuardrailPolicy* policy) {
  if (!list.is_array()) return Wrong(place, "must be an array");
  for (size_t i = 0; i < list.size(); ++i) {
    OASIS_ASSIGN_OR_RETURN(PolicySentinel sentinel,
                           ReadPolicySentinel(list[i], absl::StrCat(place, "[", i, "]")));
    policy->sentinels.push_back(std::move(sentinel));
  }
  if (policy->sentinels.size() <= kMaxPolicySentinels) return absl::OkStatus();
  return Wrong(place, absl::StrCat("and those of the defaults are ", policy->sentinels.size(), "; ",
                                   kMaxPolicySentinels, " are the most"));
}

absl::Status ReadMaxAge(const json& value, const std::string& place, GuardrailPolicy* policy) {
  const std::optional<absl::Duration> age =
      value.is_string() ? ParseSpan(value.get<std::string>()) : std::nullopt;
  if (age.value_or(absl::ZeroDuration()) <= absl::ZeroDuration()) {
    return Wrong(place, R"(must be a time above 0 with its unit, such as "2d", "36h" or "90m")");
  }
  policy->max_age = *age;
  return absl::OkStatus();
}

absl::Status ReadWhenStale(const json& value, const std::string& place, GuardrailPolicy* policy) {
  for (const auto& [name, action] :
       {std::pair("serve", WhenStale::kServe), std::pair("flag", WhenStale::kFlag),
        std::pair("not_serving", WhenStale::kNotServing)}) {
    if (value != name) continue;
    policy->when_stale = action;
    return absl::OkStatus();
  }
  return Wrong(place, R"(must be "serve", "flag" or "not_serving")");
}

absl::Status ReadField(const std::string& name, const json& value, const std::string& place,
                       GuardrailPolicy* policy) {
  if (name == kSentinelList) return ReadSentinels(value, place, policy);
  if (name == kMaxAge) return ReadMaxAge(value, place, policy);
  if (name == kWhenStale) return ReadWhenStale(value, place, policy);
  if (name == kMinRows) {
    if (!value.is_number_unsigned() || value.get<uint64_t>() > kMaxRows) {
      return Wrong(place, absl::StrCat("must be a whole number from 0 to ", kMaxRows));
    }
    policy->min_rows = value.get<int64_t>();
    return absl::OkStatus();
  }
  if (name == kMoveBound) {
    if (!value.is_number() || !(value.get<double>() > 0)) return Wrong(place, "must be above 0");
    policy->move_bound = value.get<double>();
    return absl::OkStatus();
  }
  for (const CheckInfo& info : AllChecks()) {
    if (name == info.name) return ReadThresholds(value, place, &(*policy)[info.check]);
  }
  return absl::OkStatus();  // unknown ones were refused
}

}  // namespace

absl::StatusOr<json> ParsePolicyJson(absl::string_view text) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  std::string repeated;
  const auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      repeated = value.get<std::string>();
    }
    return true;
  };
  json parsed;
  try {
    parsed = json::parse(text.begin(), text.end(), watch);
  } catch (const json::parse_error& error) {
    return absl::InvalidArgumentError(absl::StrCat("is not JSON: ", error.what()));
  } catch (const json::out_of_range& error) {
    return absl::InvalidArgumentError(absl::StrCat("has a number out of range: ", error.what()));
  }
  if (repeated.empty()) return parsed;
  return absl::InvalidArgumentError(
      absl::StrCat("has the key '", repeated, "' twice in one object"));
}

absl::Status CheckKnownKey(absl::string_view name, const std::string& place,
                           const std::vector<absl::string_view>& known) {
  for (const absl::string_view key : known) {
    if (key == name) return absl::OkStatus();
  }
  const absl::string_view shown = name.substr(0, kMaxShownBytes);
  return Wrong(place, absl::StrCat("has the unknown key '", shown, "'; the nearest known one is '",
                                   NearestName(shown, known), "'"));
}

absl::Status ApplyPolicyJson(const json& json, const std::string& place, GuardrailPolicy* policy) {
  if (!json.is_object()) return Wrong(place, "must be an object");
  const std::vector<absl::string_view> known = PolicyKeys();
  for (const auto& [name, value] : json.items()) {
    OASIS_RETURN_IF_ERROR(CheckKnownKey(name, place, known));
    OASIS_RETURN_IF_ERROR(ReadField(name, value, absl::StrCat(place, ".", name), policy));
  }
  for (const CheckInfo& info : AllChecks()) {
    const Thresholds& thresholds = (*policy)[info.check];
    if (thresholds.warn.has_value() && thresholds.block.has_value() &&
        *thresholds.warn > *thresholds.block) {
      return Wrong(absl::StrCat(place, ".", info.name),
                   absl::StrCat("would warn at ", *thresholds.warn, " and block at ",
                                *thresholds.block, "; warn must not be above block"));
    }
  }
  return absl::OkStatus();
}

}  // namespace oasis
