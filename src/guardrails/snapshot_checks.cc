// The snapshot as a whole: when it was made, and what it answers.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "guardrails/checks.h"
#include "guardrails/report_words.h"

namespace oasis {
namespace {

Finding AskSentinel(const Table& table, const PolicySentinel& sentinel) {
  Finding finding;
  finding.check = Check::kSentinel;
  finding.scope = absl::StrCat(FormatKey(sentinel.key), " in ", FormatContext(sentinel.context));
  finding.signal = sentinel.signal;
  finding.value = 1;
  const std::optional<int> signal = table.FindSignal(sentinel.signal);
  if (!signal.has_value()) {
    finding.detail = "the snapshot has no such signal";
    return finding;
  }
  const Context& context = sentinel.context;
  const FallbackChain chain =
      table.contexts().Resolve(context.surface, context.market, context.cohort);
  float score = 0;
  int status = 0;
  table.Lookup({&sentinel.key, 1}, chain, {&*signal, 1}, {&score, 1}, {&status, 1});
  if (status != static_cast<int>(ItemStatus::kFound)) {
    finding.detail = "not found";
    return finding;
  }
  finding.candidate = score;
  finding.detail = absl::StrCat("must be from ", sentinel.min, " to ", sentinel.max);
  if (score >= sentinel.min && score <= sentinel.max) finding.value = 0;
  return finding;
}

double SecondsAfter(absl::Time later, absl::Time earlier) {
  return std::max(0.0, absl::ToDoubleSeconds(later - earlier));
}

}  // namespace

void CheckAnswers(const CheckInput& input, FindingList* findings) {
  Finding empty;
  empty.check = Check::kEmpty;
  empty.candidate = static_cast<double>(input.candidate.cells());
  empty.value = input.candidate.cells() == 0 ? 1 : 0;
  findings->Add(std::move(empty));
  for (const PolicySentinel& sentinel : input.policy.sentinels) {
    findings->Add(AskSentinel(input.candidate, sentinel));
  }
}

void CheckGates(const std::vector<Gate>& gates, FindingList* findings) {
  for (const Gate& gate : gates) {
    Finding finding;
    finding.check = Check::kGate;
    finding.scope = gate.name;
    finding.candidate = gate.value;
    finding.value = gate.value / gate.limit;
    finding.detail = absl::StrCat("its maker allows ", gate.limit);
    findings->Add(std::move(finding));
  }
}

void CheckTimes(const TableInfo& candidate, const TableInfo* live, absl::Time now,
                FindingList* findings) {
  const std::string made = absl::StrCat("made ", MomentText(candidate.created));
  const auto add = [&](Check check, double value, std::string detail) {
    Finding finding;
    finding.check = check;
    finding.value = value;
    finding.detail = std::move(detail);
    findings->Add(std::move(finding));
  };
  if (live != nullptr) {
    add(Check::kOlderThanLive, SecondsAfter(live->created, candidate.created),
        absl::StrCat(made, ", the live one ", MomentText(live->created)));
  }
  add(Check::kAge, SecondsAfter(now, candidate.created) / 3600, made);
  add(Check::kFromTheFuture, SecondsAfter(candidate.created, now),
      absl::StrCat(made, ", now is ", MomentText(now)));
}

void CheckId(std::optional<bool> reuses_id, FindingList* findings) {
  if (!reuses_id.has_value()) return;
  Finding finding;
  finding.check = Check::kReusedId;
  finding.value = *reuses_id ? 1 : 0;
  if (*reuses_id) {
    finding.detail =
        "a snapshot of other bytes has it, so that no load takes this one; "
        "build it under another id";
  }
  findings->Add(std::move(finding));
}

}  // namespace oasis
