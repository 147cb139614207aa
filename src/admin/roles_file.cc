#include "admin/roles_file.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "guardrails/policy_json.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

using nlohmann::json;

std::string Shown(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, kMaxShownBytes);
}

bool IsName(absl::string_view name) {
  for (const absl::string_view kind : {"URI:", "DNS:", "CN:"}) {
    if (absl::StartsWith(name, kind) && name.size() > kind.size()) return true;
  }
  return false;
}

// The roles of one name; what is wrong with them goes to `faults`.
std::vector<Role> ReadRoles(const std::string& name, const json& list,
                            std::vector<std::string>* faults) {
  std::vector<Role> roles;
  const std::string shown = Shown(name);
  if (!IsName(name)) {
    faults->push_back(absl::StrCat(
        shown, R"( must be a name of a certificate, such as "URI:spiffe://oasis/oncall", )",
        R"("DNS:producer.oasis" or "CN:alice")"));
  }
  if (!list.is_array() || list.empty()) {
    faults->push_back(
        absl::StrCat(shown, R"( must have a list of roles, such as ["load"], not )", Shown(list)));
    return roles;
  }
  for (const json& word : list) {
    const auto role =
        word.is_string() ? RoleOfName(word.get_ref<const std::string&>()) : std::nullopt;
    if (role.has_value()) {
      roles.push_back(*role);
    } else {
      faults->push_back(absl::StrCat(shown, " has the unknown role ", Shown(word),
                                     "; roles are read, load, override and admin"));
    }
  }
  return roles;
}

absl::Status Faulty(std::vector<std::string> faults) {
  const size_t count = faults.size();
  std::string more;
  if (count > kMaxBadRowsShown) {
    faults.resize(kMaxBadRowsShown);
    more = absl::StrCat("; and ", count - kMaxBadRowsShown, " more");
  }
  return absl::InvalidArgumentError(absl::StrCat(absl::StrJoin(faults, "; "), more));
}

}  // namespace

absl::StatusOr<RoleGrants> ParseRoles(absl::string_view text) {
  OASIS_ASSIGN_OR_RETURN(const json parsed, ParsePolicyJson(text));
  if (!parsed.is_object()) {
    return absl::InvalidArgumentError(
        R"(must be an object of names and their roles, such as {"CN:alice": ["load"]})");
  }
  RoleGrants grants;
  std::vector<std::string> faults;
  for (const auto& [name, list] : parsed.items()) grants[name] = ReadRoles(name, list, &faults);
  if (!faults.empty()) return Faulty(std::move(faults));
  return grants;
}

}  // namespace oasis
