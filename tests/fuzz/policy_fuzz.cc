// Any bytes as a policy file: policies or an error that says why, never a crash; of what was
// accepted no check warns above its block, and every sentinel can be asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "oasis/guardrails.h"

namespace oasis {
namespace {

void Check(bool promise) {
  if (!promise) std::abort();
}

void ReadPolicies(absl::string_view json) {
  const absl::StatusOr<GuardrailPolicies> policies = GuardrailPolicies::Parse(json);
  if (!policies.ok()) {
    Check(absl::IsInvalidArgument(policies.status()) && !policies.status().message().empty());
    return;
  }
  for (const absl::string_view score_set : {"discovery-mode", "a"}) {
    const GuardrailPolicy& policy = policies->Of(score_set);
    for (const Thresholds& thresholds : policy.thresholds) {
      if (!thresholds.warn.has_value() || !thresholds.block.has_value()) continue;
      Check(*thresholds.warn <= *thresholds.block);
    }
    for (const PolicySentinel& sentinel : policy.sentinels) {
      Check(sentinel.key.kind != ItemKind::kInvalid && sentinel.min <= sentinel.max);
      Check(ValidateContext(sentinel.context).ok());
    }
  }
}

}  // namespace
}  // namespace oasis

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  oasis::ReadPolicies({reinterpret_cast<const char*>(data), size});
  return 0;
}
