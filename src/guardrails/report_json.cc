#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "guardrails/check_info.h"
#include "oasis/guardrails.h"

namespace oasis {
namespace {

using nlohmann::ordered_json;

ordered_json OrNull(const std::optional<double>& number) {
  return number.has_value() ? ordered_json(*number) : ordered_json(nullptr);
}

std::string Instant(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", time, absl::UTCTimeZone());
}

ordered_json JsonOfSide(const GuardrailSide& side) {
  return {{"score_set", side.info.score_set},
          {"variant", side.info.variant},
          {"snapshot_id", side.info.snapshot_id},
          {"created", Instant(side.info.created)},
          {"items", side.items},
          {"rows", side.rows}};
}

ordered_json JsonOfFinding(const Finding& finding) {
  return {{"check", InfoOf(finding.check).name},
          {"scope", finding.scope},
          {"signal", finding.signal},
          {"verdict", std::string(VerdictName(finding.verdict))},
          {"live", OrNull(finding.live)},
          {"new", OrNull(finding.candidate)},
          {"value", finding.value},
          {"warn", OrNull(finding.thresholds.warn)},
          {"block", OrNull(finding.thresholds.block)},
          {"detail", finding.detail}};
}

ordered_json JsonOfDistribution(const ScoreDistribution& scores) {
  return {{"surface", scores.surface}, {"signal", scores.signal}, {"low", scores.low},
          {"high", scores.high},       {"live", scores.live},     {"new", scores.candidate},
          {"psi", OrNull(scores.psi)}, {"ks", OrNull(scores.ks)}};
}

}  // namespace

std::string GuardrailJson(const GuardrailReport& report) {
  ordered_json json;
  json["verdict"] = std::string(VerdictName(report.verdict));
  json["checked"] = Instant(report.checked);
  json["new"] = JsonOfSide(report.candidate);
  json["live"] = report.live.has_value() ? JsonOfSide(*report.live) : ordered_json(nullptr);
  json["replay"] = {{"requests", report.replay.requests}, {"items", report.replay.items}};
  json["findings"] = ordered_json::array();
  for (const Finding& finding : report.findings) {
    json["findings"].push_back(JsonOfFinding(finding));
  }
  json["findings_left_out"] = report.findings_left_out;
  json["distributions"] = ordered_json::array();
  for (const ScoreDistribution& scores : report.distributions) {
    json["distributions"].push_back(JsonOfDistribution(scores));
  }
  return json.dump(2, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace);
}

}  // namespace oasis
