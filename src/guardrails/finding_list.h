// The findings of one comparison, judged and bounded.
#ifndef OASIS_GUARDRAILS_FINDING_LIST_H_
#define OASIS_GUARDRAILS_FINDING_LIST_H_

#include <array>
#include <vector>

#include "oasis/guardrails.h"

namespace oasis {

// Keeps the worst kMaxFindingsPerCheck of each check. Not thread-safe.
class FindingList {
 public:
  // The policy must outlive it.
  explicit FindingList(const GuardrailPolicy& policy) : policy_(policy) {}

  // Fills in thresholds and verdict. A check without thresholds has no findings.
  void Add(Finding finding);

  // Findings, how many were left out, and the verdict.
  void Finish(GuardrailReport* report);

 private:
  const GuardrailPolicy& policy_;
  std::array<std::vector<Finding>, kChecks> findings_;
  int64_t left_out_ = 0;
};

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_FINDING_LIST_H_
