// How much there is, and where.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "guardrails/checks.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

Finding CountFinding(Check check, int64_t live, int64_t candidate, double value) {
  Finding finding;
  finding.check = check;
  finding.live = static_cast<double>(live);
  finding.candidate = static_cast<double>(candidate);
  finding.value = value;
  return finding;
}

double Share(int64_t part, int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

Finding Change(Check check, int64_t live, int64_t candidate) {
  return CountFinding(check, live, candidate, std::abs(Share(candidate - live, live)));
}

Finding Churn(const CheckInput& input) {
  const int64_t live = input.live->items();
  const int64_t added = input.candidate.items() - input.counts.overlap.items;
  const int64_t removed = live - input.counts.overlap.items;
  Finding finding =
      CountFinding(Check::kItemChurn, live, input.candidate.items(), Share(added + removed, live));
  finding.detail = absl::StrCat(added, " added, ", removed, " removed");
  return finding;
}

// Of slices with enough rows in the live table; `kind` is in front of their names.
void AddLosses(Check check, const char* kind, const std::vector<std::string>& names,
               const std::vector<int64_t>& live, const std::vector<int64_t>& candidate,
               int64_t min_rows, FindingList* findings) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (live[i] == 0 || live[i] < min_rows) continue;
    const double lost = std::max(0.0, Share(live[i] - candidate[i], live[i]));
    Finding finding = CountFinding(check, live[i], candidate[i], lost);
    finding.scope =
        names[i].empty() ? absl::StrCat("no ", kind) : absl::StrCat(kind, " ", names[i]);
    findings->Add(std::move(finding));
  }
}

std::string FirstOf(std::vector<std::string> names) {
  const size_t all = names.size();
  if (all <= kMaxNamesInMessage) return absl::StrJoin(names, ", ");
  names.resize(kMaxNamesInMessage);
  return absl::StrCat(absl::StrJoin(names, ", "), " and ", all - kMaxNamesInMessage, " more");
}

// Contexts that have rows here.
struct ContextNames {
  int64_t all = 0;
  std::vector<std::string> missing;  // there, in spite of enough rows here
};

// `other` gives, by context here, the rows of the same context there.
template <typename Rows>
ContextNames ContextsWithoutRows(const Table& table, const Tally& tally, int64_t min_rows,
                                 Rows other) {
  ContextNames names;
  const std::vector<Context>& contexts = table.contexts().contexts();
  for (size_t i = 0; i < contexts.size(); ++i) {
    if (tally.context_rows(i) == 0) continue;
    ++names.all;
    if (other(i) == 0 && tally.context_rows(i) >= min_rows)
      names.missing.push_back(FormatContext(contexts[i]));
  }
  return names;
}

void AddContexts(const CheckInput& input, FindingList* findings) {
  const Tally& live = input.counts.live;
  const Tally& candidate = input.counts.candidate;
  std::vector<int64_t> rows_now(input.live->contexts().contexts().size());
  const std::vector<ContextId>& live_contexts = input.joint.live_contexts();
  for (size_t i = 0; i < live_contexts.size(); ++i) {
    if (live_contexts[i] != kNoContext) rows_now[live_contexts[i]] = candidate.context_rows(i);
  }
  const ContextNames vanished = ContextsWithoutRows(*input.live, live, input.policy.min_rows,
                                                    [&](size_t i) { return rows_now[i]; });
  const ContextNames added =
      ContextsWithoutRows(input.candidate, candidate, input.policy.min_rows, [&](size_t i) {
        return live_contexts[i] == kNoContext ? 0 : live.context_rows(live_contexts[i]);
      });
  const auto add = [&](Check check, const std::vector<std::string>& names) {
    Finding finding =
        CountFinding(check, vanished.all, added.all, static_cast<double>(names.size()));
    finding.detail = FirstOf(names);
    findings->Add(std::move(finding));
  };
  add(Check::kVanishedContexts, vanished.missing);
  add(Check::kNewContexts, added.missing);
}

void AddSignals(const CheckInput& input, FindingList* findings) {
  std::vector<std::string> vanished;
  for (const Signal& signal : input.live->signals()) {
    if (IsTermOfAny(signal.name, input.live->signals())) continue;
    if (!input.candidate.FindSignal(signal.name).has_value()) vanished.push_back(signal.name);
  }
  Finding finding = CountFinding(
      Check::kVanishedSignals, static_cast<int64_t>(input.live->signals().size()),
      static_cast<int64_t>(input.candidate.signals().size()), static_cast<double>(vanished.size()));
  finding.detail = FirstOf(vanished);
  findings->Add(std::move(finding));
}

}  // namespace

void CheckContent(const CheckInput& input, FindingList* findings) {
  const Tally& live = input.counts.live;
  const Tally& candidate = input.counts.candidate;
  const JointNumbers& joint = input.joint;
  const int64_t min_rows = input.policy.min_rows;
  findings->Add(Change(Check::kItems, input.live->items(), input.candidate.items()));
  findings->Add(Change(Check::kRows, input.live->cells(), input.candidate.cells()));
  findings->Add(Churn(input));
  AddLosses(Check::kSurfaceRows, "surface", joint.surfaces(), live.SurfaceRows(),
            candidate.SurfaceRows(), min_rows, findings);
  AddLosses(Check::kMarketRows, "market", joint.markets(), live.MarketRows(),
            candidate.MarketRows(), min_rows, findings);
  AddLosses(Check::kLicensorRows, "licensor", joint.licensors(), live.LicensorRows(),
            candidate.LicensorRows(), min_rows, findings);
  AddContexts(input, findings);
  AddSignals(input, findings);
}

}  // namespace oasis
