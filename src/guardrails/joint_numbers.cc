#include "guardrails/joint_numbers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "overrides/seconds.h"

namespace oasis {

uint32_t Numbering::Of(absl::string_view name) {
  const auto [entry, added] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
  if (added) names_.emplace_back(name);
  return entry->second;
}

JointNumbers::JointNumbers(const Table& candidate, const Table* live, absl::Time now) {
  Add(candidate, now, &candidate_);
  if (live != nullptr) Add(*live, now, &live_);

  const size_t signals = std::max<size_t>(signals_.names().size(), 1);
  slices_ = std::min(surfaces_.names().size(), kMaxGuardrailHistograms / signals);
  AddSlicesAndBins(candidate, &candidate_);
  if (live == nullptr) return;
  AddSlicesAndBins(*live, &live_);

  absl::flat_hash_map<std::string, ContextId> ids;
  const std::vector<Context>& contexts = live->contexts().contexts();
  for (size_t i = 0; i < contexts.size(); ++i) {
    ids[FormatContext(contexts[i])] = static_cast<ContextId>(i);
  }
  for (const Context& context : candidate.contexts().contexts()) {
    const auto found = ids.find(FormatContext(context));
    live_contexts_.push_back(found == ids.end() ? kNoContext : found->second);
  }
}

void JointNumbers::Add(const Table& table, absl::Time now, TableNumbers* numbers) {
  for (const Context& context : table.contexts().contexts()) {
    numbers->surfaces.push_back(surfaces_.Of(context.surface));
    numbers->markets.push_back(markets_.Of(context.market));
  }
  for (const Campaign& campaign : table.campaigns()) {
    numbers->licensors.push_back(licensors_.Of(campaign.licensor));
    numbers->running.push_back(SecondsUp(campaign.starts_at) <= SecondsDown(now) &&
                               SecondsDown(now) < SecondsUp(campaign.ends_at));
  }
  numbers->licensors.push_back(licensors_.Of(""));
  numbers->running.push_back(true);
  for (const Signal& signal : table.signals()) {
    const uint32_t number = signals_.Of(signal.name);
    numbers->signals.push_back(number);
    scales_.resize(signals_.names().size());
    scales_[number] = std::max(scales_[number], static_cast<double>(signal.scale));
  }
  if (const std::optional<int> promotion = table.FindSignal("promotion")) {
    numbers->promotion = static_cast<size_t>(*promotion);
  }
}

void JointNumbers::AddSlicesAndBins(const Table& table, TableNumbers* numbers) const {
  const auto last = static_cast<uint32_t>(std::max<size_t>(slices_, 1) - 1);
  for (const uint32_t surface : numbers->surfaces) {
    numbers->slices.push_back(std::min(surface, last));
  }
  for (size_t i = 0; i < table.signals().size(); ++i) {
    const double step = static_cast<double>(table.signals()[i].scale) / kQuantisedMax;
    const double bins = step / scales_[numbers->signals[i]] * kGuardrailHistogramHalf;
    numbers->bins_a_step.push_back(static_cast<float>(bins));
  }
}

std::string JointNumbers::SliceName(size_t slice) const {
  const size_t beyond = surfaces().size() - slices_;
  if (slice + 1 < slices_ || beyond == 0) return surfaces()[slice];
  return absl::StrCat(surfaces()[slice], " and ", beyond, " others");
}

}  // namespace oasis
