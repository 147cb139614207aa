#include "metrics/snapshot_state.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "metrics/shard.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr std::array<absl::string_view, kLoadOutcomes> kOutcomes = {"published", "unchanged",
                                                                    "failed", "cancelled"};

constexpr std::array<absl::string_view, kLoadPhases> kPhases = {
    "waiting", "verify", "ingest", "build", "warm", "check", "publish", "retire"};

std::vector<std::string> MakeReasons() {
  std::vector<std::string> reasons;
  reasons.emplace_back(kBlockedLoad);
  for (int code = 1; code < kStatusCodes; ++code) {
    reasons.push_back(
        absl::AsciiStrToLower(absl::StatusCodeToString(static_cast<absl::StatusCode>(code))));
  }
  return reasons;
}
const std::vector<std::string>& Reasons() {
  static const auto* reasons = new std::vector<std::string>(MakeReasons());
  return *reasons;
}

std::string OrUnknown(absl::string_view name) {
  return std::string(name.empty() ? absl::string_view("unknown") : name);
}

}  // namespace

void SnapshotState::NameScoreSet(int ordinal, absl::string_view name) {
  const auto place = static_cast<size_t>(ordinal);
  if (place >= kMaxScoreSets) return;
  if (place >= score_sets_.size()) score_sets_.resize(place + 1);
  score_sets_[place] = std::string(name);
}

void SnapshotState::SetLive(const Metrics::LiveSnapshot& snapshot) {
  Live& live = live_[{snapshot.score_set, snapshot.variant}];
  if (live.swaps == 0 || live.snapshot.snapshot_id != snapshot.snapshot_id) ++live.swaps;
  live.snapshot = snapshot;
  LoadsOf(snapshot.score_set, snapshot.variant);  // so that its first failure is an increase from 0
}

SnapshotState::Loads& SnapshotState::LoadsOf(absl::string_view score_set,
                                             absl::string_view variant) {
  const TableKey key = {OrUnknown(score_set), OrUnknown(variant)};
  const auto found = loads_.find(key);
  if (found != loads_.end()) return found->second;
  return loads_[loads_.size() < kMaxLoadSeries ? key : TableKey("other", "other")];
}

void SnapshotState::CountLoad(absl::string_view score_set, absl::string_view variant,
                              absl::string_view outcome, absl::string_view reason) {
  const auto place = std::find(kOutcomes.begin(), kOutcomes.end(), outcome) - kOutcomes.begin();
  if (place < static_cast<std::ptrdiff_t>(kOutcomes.size())) {
    ++LoadsOf(score_set, variant).outcomes[static_cast<size_t>(place)];
  }
  if (outcome != "failed") return;
  const auto known = std::find(Reasons().begin(), Reasons().end(), reason);
  ++failures_[known == Reasons().end() ? std::string("unknown") : *known];
}

void SnapshotState::SetLoadPhases(absl::string_view score_set, absl::string_view variant,
                                  const Metrics::PhaseTimes& phases) {
  LoadsOf(score_set, variant).phases = phases;
}

void SnapshotState::AddLoadUnderWay(absl::string_view phase, int loads) {
  const auto place = std::find(kPhases.begin(), kPhases.end(), phase) - kPhases.begin();
  if (place < kLoadPhases) under_way_[static_cast<size_t>(place)] += loads;
}

void SnapshotState::WriteTo(Exposition* out, absl::Time now) const {
  for (const auto& [key, live] : live_) {
    const auto& [score_set, variant] = key;
    const Metrics::LiveSnapshot& snapshot = live.snapshot;
    const absl::Duration age = std::max(now - snapshot.created, absl::ZeroDuration());
    const Exposition::Labels labels = {score_set, variant};
    out->Add(Family::kSnapshotInfo, {score_set, variant, snapshot.snapshot_id}, 1);
    out->Add(Family::kSnapshotCreated, labels,
             absl::ToDoubleSeconds(snapshot.created - absl::UnixEpoch()));
    out->Add(Family::kSnapshotAge, labels, absl::ToDoubleSeconds(age));
    if (snapshot.max_age != absl::InfiniteDuration()) {
      out->Add(Family::kSnapshotMaxAge, labels, absl::ToDoubleSeconds(snapshot.max_age));
    }
    out->Add(Family::kSnapshotSwaps, labels, static_cast<double>(live.swaps));
    out->Add(Family::kTableResidentBytes, labels, static_cast<double>(snapshot.resident_bytes));
    out->Add(Family::kTableItems, labels, static_cast<double>(snapshot.items));
    out->Add(Family::kTableRows, labels, static_cast<double>(snapshot.rows));
  }
  for (const auto& [key, loads] : loads_) {
    const auto& [score_set, variant] = key;
    for (size_t i = 0; i < kOutcomes.size(); ++i) {
      out->Add(Family::kSnapshotLoads, {score_set, variant, kOutcomes[i]},
               static_cast<double>(loads.outcomes[i]));
    }
    for (const auto& [phase, took] : loads.phases) {
      out->Add(Family::kSnapshotLoadPhase, {score_set, variant, phase},
               absl::ToDoubleSeconds(took));
    }
  }
  for (size_t i = 0; i < kPhases.size(); ++i) {
    out->Add(Family::kSnapshotLoadsUnderWay, {kPhases[i]}, under_way_[i]);
  }
  for (const std::string& reason : Reasons()) {
    const auto found = failures_.find(reason);
    out->Add(Family::kSnapshotLoadFailures, {reason},
             found == failures_.end() ? 0 : static_cast<double>(found->second));
  }
  WriteOverrides(out, now);
}

void SnapshotState::WriteOverrides(Exposition* out, absl::Time now) const {
  int holding = 0;
  absl::Time next = absl::InfiniteFuture();
  for (const absl::Time expires : overrides_) {
    if (expires <= now) continue;
    ++holding;
    next = std::min(next, expires);
  }
  out->Add(Family::kOverrides, {}, holding);
  if (holding == 0) return;
  out->Add(Family::kNextOverrideExpiry, {}, absl::ToDoubleSeconds(next - absl::UnixEpoch()));
}

}  // namespace oasis
