// Whether the campaigns that pay for rows are running.
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "guardrails/checks.h"

namespace oasis {
namespace {

// By licensor, and all together in the last place.
std::vector<Tally::Dated> DatedRowsAndAll(const Tally& tally) {
  std::vector<Tally::Dated> rows = tally.DatedRows();
  Tally::Dated all;
  for (const Tally::Dated& one : rows) {
    all.rows += one.rows;
    all.not_running += one.not_running;
  }
  rows.push_back(all);
  return rows;
}

std::optional<double> ShareOf(const Tally::Dated& dated) {
  if (dated.rows == 0) return std::nullopt;
  return static_cast<double>(dated.not_running) / static_cast<double>(dated.rows);
}

std::string LicensorScope(const std::string& name) {
  return name.empty() ? "no licensor" : absl::StrCat("licensor ", name);
}

}  // namespace

void CheckCampaigns(const CheckInput& input, FindingList* findings) {
  const std::vector<Tally::Dated> rows = DatedRowsAndAll(input.counts.candidate);
  std::vector<Tally::Dated> live(rows.size());
  if (input.live != nullptr) live = DatedRowsAndAll(input.counts.live);
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool all = i + 1 == rows.size();
    if (rows[i].rows == 0 || (!all && rows[i].rows < input.policy.min_rows)) continue;
    Finding finding;
    finding.check = all ? Check::kNotRunning : Check::kLicensorNotRunning;
    if (!all) finding.scope = LicensorScope(input.joint.licensors()[i]);
    finding.live = ShareOf(live[i]);
    finding.candidate = ShareOf(rows[i]);
    finding.value = *finding.candidate;
    finding.detail = absl::StrCat("the campaigns of ", rows[i].not_running, " of ", rows[i].rows,
                                  " rows are over or have not begun");
    findings->Add(std::move(finding));
  }
}

}  // namespace oasis
