// What became of the scores that were there.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "guardrails/checks.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

double LargestScore(const Table& table, const Tally& tally, int signal) {
  const auto place = static_cast<size_t>(signal);
  return static_cast<double>(table.signals()[place].scale) * tally.largest(place) / kQuantisedMax;
}

void AddGrowth(const CheckInput& input, FindingList* findings) {
  for (const Signal& signal : input.live->signals()) {
    if (IsTermOfAny(signal.name, input.live->signals())) continue;
    const std::optional<int> place = input.candidate.FindSignal(signal.name);
    if (!place.has_value()) continue;
    Finding finding;
    finding.check = Check::kScoreGrowth;
    finding.signal = signal.name;
    finding.live =
        LargestScore(*input.live, input.counts.live, *input.live->FindSignal(signal.name));
    finding.candidate = LargestScore(input.candidate, input.counts.candidate, *place);
    if (*finding.live == 0) continue;  // nothing to grow from
    finding.value = *finding.candidate / *finding.live;
    findings->Add(std::move(finding));
  }
}

std::optional<int16_t> BestScore(const Table& table, const ItemKey& key, size_t signal) {
  ItemRow row;
  if (!table.FindRow(key, &row)) return std::nullopt;
  const size_t signals = table.signals().size();
  int16_t best = row.scores[signal];
  for (size_t at = signal; at < row.scores.size(); at += signals) {
    best = std::max(best, row.scores[at]);
  }
  return best;
}

// An item has left the top when the candidate's score of it is below that of the last of as many
// top items there. So many may share a score that they are not all in the list: they do not count
// as gone.
void AddTopChurn(const CheckInput& input, FindingList* findings) {
  const std::optional<size_t> promotion = input.joint.candidate().promotion;
  if (!promotion.has_value() || !input.joint.live().promotion.has_value()) return;
  std::vector<TopItem> top = input.counts.live.top().Sorted();
  const auto tenth = static_cast<size_t>(std::max<int64_t>(input.live->items() / 10, 1));
  top.resize(std::min(top.size(), tenth));
  const std::vector<TopItem> top_now = input.counts.candidate.top().Sorted();
  int64_t stayed = 0;
  for (const TopItem& item : top) {
    const std::optional<int16_t> score = BestScore(input.candidate, item.key, *promotion);
    if (!score.has_value()) continue;
    if (*score >= top_now[std::min(top.size(), top_now.size()) - 1].score) ++stayed;
  }
  Finding finding;
  finding.check = Check::kTopChurn;
  finding.signal = "promotion";
  finding.live = static_cast<double>(top.size());
  finding.candidate = static_cast<double>(stayed);
  finding.value = 1 - *finding.candidate / *finding.live;
  finding.detail = absl::StrCat("of the top ", top.size(), " items ", stayed, " stayed");
  findings->Add(std::move(finding));
}

void AddMovedRows(const CheckInput& input, FindingList* findings) {
  const Overlap& overlap = input.counts.overlap;
  if (overlap.rows == 0) return;
  Finding finding;
  finding.check = Check::kMovedRows;
  finding.signal = "promotion";
  finding.live = static_cast<double>(overlap.rows);
  finding.candidate = static_cast<double>(overlap.moved_rows);
  finding.value = *finding.candidate / *finding.live;
  finding.detail = absl::StrCat("of ", overlap.rows, " rows in both ", overlap.moved_rows,
                                " moved by ", input.policy.move_bound, " or more");
  findings->Add(std::move(finding));
}

}  // namespace

void CheckScoreChanges(const CheckInput& input, FindingList* findings) {
  AddGrowth(input, findings);
  AddTopChurn(input, findings);
  AddMovedRows(input, findings);
}

}  // namespace oasis
