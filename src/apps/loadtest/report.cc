#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "apps/enum_word.h"
#include "apps/loadtest/loadtest.h"
#include "apps/text.h"
#include "oasis/v1/promotion_scores.pb.h"

namespace oasis {
namespace {

constexpr std::array<std::pair<const char*, double>, 4> kPercentiles = {
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}}};

double PerSecond(int64_t count, absl::Duration took) {
  return took <= absl::ZeroDuration() ? 0
                                      : static_cast<double>(count) / absl::ToDoubleSeconds(took);
}

double CpuPerCall(const LoadTestResult& result) {
  return result.figures.answered == 0 ? 0
                                      : absl::ToDoubleMicroseconds(result.client_cpu) /
                                            static_cast<double>(result.figures.answered);
}

std::string FormatLatency(const Histogram& histogram) {
  std::string text;
  for (const auto& [name, percent] : kPercentiles) {
    absl::StrAppend(&text, name, " ", FormatSpan(histogram.Percentile(percent)), "  ");
  }
  return absl::StrCat(text, "max ", FormatSpan(histogram.max()));
}

nlohmann::ordered_json LatencyToJson(const Histogram& histogram) {
  nlohmann::ordered_json json;
  for (const auto& [name, percent] : kPercentiles) {
    json[name] = absl::ToDoubleMicroseconds(histogram.Percentile(percent));
  }
  json["max"] = absl::ToDoubleMicroseconds(histogram.max());
  json["mean"] = absl::ToDoubleMicroseconds(histogram.mean());
  return json;
}

}  // namespace

std::string FormatLoadTest(const LoadTestOptions& options, const LoadTestResult& result) {
  const Figures& figures = result.figures;
  const bool open = options.rate > 0;
  std::string text = absl::StrCat(
      open ? "open loop, " : "closed loop, ",
      open ? absl::StrCat(options.rate, " calls/s wanted")
           : absl::StrCat(options.concurrency, " calls under way"),
      ", ", options.batch, options.mode == IdMode::kGid ? " gids" : " URIs", " a call, ",
      FormatSpan(result.took), result.interrupted ? " (ended early)" : "", "\n");
  absl::StrAppend(
      &text, "calls      ", FormatCount(figures.answered), " answered, ",
      FormatCount(figures.failed()), " failed; ",
      FormatCount(static_cast<int64_t>(PerSecond(figures.answered, result.took))), " calls/s, ",
      FormatCount(static_cast<int64_t>(PerSecond(figures.items(), result.took))), " items/s\n");
  absl::StrAppend(&text, "goodput    ",
                  FormatCount(static_cast<int64_t>(PerSecond(figures.in_time, result.took))),
                  " calls/s answered in time; ", FormatCount(figures.refused()), " refused, ",
                  FormatCount(figures.missed()), " missed their deadline\n");
  absl::StrAppend(&text, "latency    ", FormatLatency(figures.latency), "\n");
  if (figures.refused() > 0) {
    absl::StrAppend(&text, "refused    ", FormatLatency(figures.refusal_latency), "\n");
  }
  if (open) absl::StrAppend(&text, "sent late  ", FormatLatency(figures.lag), "\n");

  std::vector<std::string> parts;
  for (size_t i = 0; i < figures.statuses.size(); ++i) {
    if (figures.statuses[i] == 0) continue;
    parts.push_back(absl::StrCat(FormatCount(figures.statuses[i]), " ",
                                 EnumWord(static_cast<v1::ItemStatus>(i))));
  }
  absl::StrAppend(&text, "items      ", absl::StrJoin(parts, ", "), "\n");
  parts.clear();
  for (const auto& [id, calls] : figures.snapshots) {
    parts.push_back(absl::StrCat(id, " ", FormatCount(calls)));
  }
  absl::StrAppend(&text, "snapshots  ", absl::StrJoin(parts, ", "), "\n");
  for (const auto& [code, calls] : figures.errors) {
    absl::StrAppend(&text, "errors     ", code, " ", FormatCount(calls), "\n");
  }
  if (!figures.first_error.empty()) {
    absl::StrAppend(&text, "for one    ", figures.first_error, "\n");
  }
  absl::StrAppend(&text, absl::StrFormat("client     %.1f us of CPU a call\n", CpuPerCall(result)));
  return text;
}

nlohmann::ordered_json LoadTestToJson(const LoadTestOptions& options,
                                      const LoadTestResult& result) {
  const Figures& figures = result.figures;
  nlohmann::ordered_json json;
  json["loop"] = options.rate > 0 ? "open" : "closed";
  json["seconds"] = absl::ToDoubleSeconds(result.took);
  json["interrupted"] = result.interrupted;
  json["batch"] = options.batch;
  json["mode"] = options.mode == IdMode::kGid ? "gid" : "uri";
  json["calls"] = figures.answered;
  json["failed"] = figures.failed();
  json["items"] = figures.items();
  json["calls_per_second"] = PerSecond(figures.answered, result.took);
  json["items_per_second"] = PerSecond(figures.items(), result.took);
  json["goodput_per_second"] = PerSecond(figures.in_time, result.took);
  json["refused"] = figures.refused();
  json["missed"] = figures.missed();
  json["latency_us"] = LatencyToJson(figures.latency);
  if (figures.refused() > 0) json["refusal_latency_us"] = LatencyToJson(figures.refusal_latency);
  if (options.rate > 0) {
    json["rate"] = options.rate;
    json["sent_late_us"] = LatencyToJson(figures.lag);
  } else {
    json["concurrency"] = options.concurrency;
  }
  json["errors"] = nlohmann::ordered_json::object();
  for (const auto& [code, calls] : figures.errors) json["errors"][code] = calls;
  json["first_error"] = figures.first_error;
  for (size_t i = 0; i < figures.statuses.size(); ++i) {
    json["statuses"][EnumWord(static_cast<v1::ItemStatus>(i))] = figures.statuses[i];
  }
  json["snapshots"] = nlohmann::ordered_json::object();
  for (const auto& [id, calls] : figures.snapshots) json["snapshots"][id] = calls;
  json["client_cpu_us_per_call"] = CpuPerCall(result);
  return json;
}

}  // namespace oasis
