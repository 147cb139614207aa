#include "guardrails/finding_list.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include "oasis/limits.h"

namespace oasis {
namespace {

Verdict Judge(double value, const Thresholds& thresholds) {
  if (thresholds.block.has_value() && value >= *thresholds.block) return Verdict::kBlock;
  if (thresholds.warn.has_value() && value >= *thresholds.warn) return Verdict::kWarn;
  return Verdict::kPass;
}

// Of one check.
bool IsWorse(const Finding& a, const Finding& b) {
  if (a.verdict != b.verdict) return a.verdict > b.verdict;
  if (a.value != b.value) return a.value > b.value;
  return std::tie(a.scope, a.signal) < std::tie(b.scope, b.signal);
}

int64_t KeepWorst(std::vector<Finding>* findings) {
  std::sort(findings->begin(), findings->end(), IsWorse);
  const size_t kept = std::min(findings->size(), kMaxFindingsPerCheck);
  const auto left_out = static_cast<int64_t>(findings->size() - kept);
  findings->resize(kept);
  return left_out;
}

}  // namespace

void FindingList::Add(Finding finding) {
  finding.thresholds = policy_[finding.check];
  if (!finding.thresholds.warn.has_value() && !finding.thresholds.block.has_value()) return;
  finding.verdict = Judge(finding.value, finding.thresholds);
  std::vector<Finding>& same = findings_[static_cast<size_t>(finding.check)];
  same.push_back(std::move(finding));
  if (same.size() >= 4 * kMaxFindingsPerCheck) left_out_ += KeepWorst(&same);
}

void FindingList::Finish(GuardrailReport* report) {
  for (std::vector<Finding>& same : findings_) {
    left_out_ += KeepWorst(&same);
    for (Finding& finding : same) {
      report->verdict = std::max(report->verdict, finding.verdict);
      report->findings.push_back(std::move(finding));
    }
  }
  std::stable_sort(report->findings.begin(), report->findings.end(),
                   [](const Finding& a, const Finding& b) { return a.verdict > b.verdict; });
  report->findings_left_out = left_out_;
}

}  // namespace oasis
