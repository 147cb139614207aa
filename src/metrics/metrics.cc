#include "oasis/metrics.h"

#include <prometheus/text_serializer.h>

#include <utility>

#include "metrics/build_info.h"
#include "metrics/metrics_rep.h"
#include "metrics/process.h"

namespace oasis {
namespace {

void WriteCertificates(const Metrics::Certificates& of, Exposition* out) {
  for (const auto& [file, end] :
       {std::pair("certificate", of.certificate_end), std::pair("client_ca", of.client_ca_end)}) {
    if (end == absl::InfiniteFuture()) continue;
    out->Add(Family::kCertificateExpiry, {of.port, file},
             absl::ToDoubleSeconds(end - absl::UnixEpoch()));
  }
  out->Add(Family::kCertificateRefused, {of.port}, of.refused ? 1 : 0);
}

void WriteSurroundings(const Metrics::Surroundings& of, Exposition* out) {
  if (of.admin_roles_refused.has_value()) {
    out->Add(Family::kAdminRolesRefused, {}, *of.admin_roles_refused ? 1 : 0);
  }
  if (of.memory_limit_bytes.has_value()) {
    out->Add(Family::kMemoryLimit, {}, static_cast<double>(*of.memory_limit_bytes));
  }
}

}  // namespace

std::vector<prometheus::MetricFamily> Metrics::Rep::Collect() const {
  Exposition out;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    Sum().WriteTo(&out, snapshots.score_sets());
    snapshots.WriteTo(&out, absl::Now());
  }
  {
    const std::lock_guard<std::mutex> lock(sources_mutex);
    const Health now = health();
    out.Add(Family::kServing, {}, now.serving ? 1 : 0);
    out.Add(Family::kFresh, {}, now.fresh ? 1 : 0);
    for (const Certificates& port : certificates()) WriteCertificates(port, &out);
    WriteSurroundings(surroundings(), &out);
  }
  const BuildInfo& build = GetBuildInfo();
  out.Add(Family::kBuildInfo, {build.version, build.commit, build.compiler}, 1);
  WriteProcessMetrics(&out);
  return out.Take();
}

ShardSums Metrics::Rep::Sum() const {
  ShardSums sums;
  for (const Shard::Rep& shard : shards) sums.Add(shard);
  return sums;
}

Metrics::Metrics() : rep_(std::make_shared<Rep>()) {}
Metrics::~Metrics() = default;

Metrics::Shard Metrics::NewShard() {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  return Shard(&rep_->shards.emplace_back());
}

void Metrics::NameScoreSet(int ordinal, absl::string_view name) {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  rep_->snapshots.NameScoreSet(ordinal, name);
}

void Metrics::SetLive(const LiveSnapshot& snapshot) {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  rep_->snapshots.SetLive(snapshot);
}

void Metrics::CountLoad(absl::string_view score_set, absl::string_view variant,
                        absl::string_view outcome, absl::string_view reason) {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  rep_->snapshots.CountLoad(score_set, variant, outcome, reason);
}

void Metrics::SetLoadPhases(absl::string_view score_set, absl::string_view variant,
                            const PhaseTimes& phases) {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  rep_->snapshots.SetLoadPhases(score_set, variant, phases);
}

void Metrics::SetOverrides(std::vector<absl::Time> expires) {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  rep_->snapshots.SetOverrides(std::move(expires));
}

void Metrics::AddLoadUnderWay(absl::string_view phase, int loads) {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  rep_->snapshots.AddLoadUnderWay(phase, loads);
}

void Metrics::SetHealthSource(std::function<Health()> source) {
  if (!source) source = [] { return Health(); };
  const std::lock_guard<std::mutex> lock(rep_->sources_mutex);
  rep_->health = std::move(source);
}

void Metrics::SetCertificatesSource(std::function<std::vector<Certificates>()> source) {
  if (!source) source = [] { return std::vector<Certificates>(); };
  const std::lock_guard<std::mutex> lock(rep_->sources_mutex);
  rep_->certificates = std::move(source);
}

void Metrics::SetSurroundingsSource(std::function<Surroundings()> source) {
  if (!source) source = [] { return Surroundings(); };
  const std::lock_guard<std::mutex> lock(rep_->sources_mutex);
  rep_->surroundings = std::move(source);
}

Metrics::Health Metrics::GetHealth() const {
  const std::lock_guard<std::mutex> lock(rep_->sources_mutex);
  return rep_->health();
}

Metrics::Traffic Metrics::CountTraffic() const {
  const std::lock_guard<std::mutex> lock(rep_->mutex);
  return rep_->Sum().ToTraffic(rep_->snapshots.score_sets());
}

absl::Span<const double> Metrics::DurationBounds() { return kDurationBounds; }

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(rep_->Collect());
}

}  // namespace oasis
