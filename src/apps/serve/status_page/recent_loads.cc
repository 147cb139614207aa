#include "apps/serve/status_page/recent_loads.h"

#include "oasis/limits.h"

namespace oasis {
namespace {

bool IsOfOneTable(const GuardrailReport& a, const GuardrailReport& b) {
  return a.candidate.info.score_set == b.candidate.info.score_set &&
         a.candidate.info.variant == b.candidate.info.variant;
}

}  // namespace

void RecentLoads::Tell(const LoadReport& report) {
  if (report.guardrails == nullptr) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(judged_, [&report](const Judged& other) {
    return IsOfOneTable(*other.report, *report.guardrails);
  });
  judged_.insert(judged_.begin(),
                 {report.action, report.actor, report.outcome, report.forced, report.guardrails});
  if (judged_.size() > kStatusPageReports) judged_.pop_back();
}

void RecentLoads::Move(LoadPhase from, LoadPhase to, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (from != LoadPhase::kDone && --under_way_[from].loads == 0) under_way_.erase(from);
  if (to == LoadPhase::kDone) return;
  UnderWay& entered = under_way_[to];
  ++entered.loads;
  entered.since = now;
}

std::vector<RecentLoads::Judged> RecentLoads::judged() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return judged_;
}

std::map<LoadPhase, RecentLoads::UnderWay> RecentLoads::under_way() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return under_way_;
}

}  // namespace oasis
