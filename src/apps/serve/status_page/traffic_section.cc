#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "apps/serve/status_page/sections.h"
#include "apps/text.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/table.h"
#include "html/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

using Durations = std::vector<int64_t>;

// Codes that a server has to answer for.
constexpr std::array<absl::string_view, 6> kServerFaults = {
    "UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"};

constexpr char kSinceStart[] = "since the start";

std::string RecentText(const TrafficWindow::View& view) {
  return absl::StrCat("last ", FormatSpan(view.recent.span));
}

// 0.25, 12.5, 1,234
std::string RateText(double rate) {
  if (rate >= 100) return FormatCount(std::llround(rate));
  return absl::StrFormat("%.3g", rate);
}

int64_t CountOf(const std::map<std::string, int64_t>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

std::string CallsTable(const TrafficWindow::View& view) {
  HtmlTable html({"Ended with", "Method", absl::StrCat(">", RecentText(view)), ">a second",
                  absl::StrCat(">", kSinceStart, ", ", FormatSpan(view.all.span)), ">a second"});
  for (const auto& [name, method] : view.all.traffic.methods) {
    const auto recent = view.recent.traffic.methods.find(name);
    for (const auto& [code, calls] : method.calls) {
      const int64_t of_late =
          recent == view.recent.traffic.methods.end() ? 0 : CountOf(recent->second.calls, code);
      const bool fault = absl::c_linear_search(kServerFaults, code);
      html.Add({code, name, FormatCount(of_late), RateText(view.recent.Rate(of_late)),
                FormatCount(calls), RateText(view.all.Rate(calls))},
               code == "OK" ? "pass" : (fault && of_late > 0 ? "warn" : ""));
    }
  }
  return html.Html(kStatusPageRows);
}

void AddItems(const std::string& score_set, const std::string& span, const CountedTraffic& counted,
              HtmlTable& html) {
  const auto found = counted.traffic.score_sets.find(score_set);
  if (found == counted.traffic.score_sets.end()) return;
  const auto& [statuses, changed] = found->second;
  const int64_t all = absl::c_accumulate(statuses, int64_t{0});
  std::vector<std::string> cells = {score_set, span, FormatCount(all), RateText(counted.Rate(all))};
  for (const ItemStatus status :
       {ItemStatus::kFound, ItemStatus::kNotFound, ItemStatus::kSuppressed, ItemStatus::kExpired,
        ItemStatus::kInvalidId}) {
    cells.push_back(FormatCount(statuses[static_cast<size_t>(status)]));
  }
  cells.push_back(FormatCount(changed));
  html.Add(std::move(cells));
}

// Calls with which nothing was wrong; they are among those above, too, by the code they ended with.
std::string RefusalsTable(const TrafficWindow::View& view) {
  HtmlTable html({"Refused, or dropped, for", absl::StrCat(">", RecentText(view)), ">a second",
                  absl::StrCat(">", kSinceStart), ">a second"});
  for (const auto& [reason, calls] : view.all.traffic.refusals) {
    const int64_t of_late = CountOf(view.recent.traffic.refusals, reason);
    html.Add({reason, FormatCount(of_late), RateText(view.recent.Rate(of_late)), FormatCount(calls),
              RateText(view.all.Rate(calls))},
             of_late > 0 ? "warn" : "");
  }
  return html.Html(kStatusPageRows);
}

std::string ItemsTable(const TrafficWindow::View& view) {
  HtmlTable html({"Items of", "Time", ">Answered", ">a second", ">Found", ">Not found",
                  ">Suppressed", ">Expired", ">Invalid id", ">Changed by overrides or dates"});
  for (const auto& [score_set, items] : view.all.traffic.score_sets) {
    AddItems(score_set, RecentText(view), view.recent, html);
    AddItems(score_set, kSinceStart, view.all, html);
  }
  return html.Html(kStatusPageRows);
}

// The bound of the bucket that has this share of the calls up to it: "≤ 50 us".
std::string PercentileText(const Durations& durations, double share) {
  const auto calls = static_cast<double>(absl::c_accumulate(durations, int64_t{0}));
  if (calls == 0) return "–";
  const absl::Span<const double> bounds = Metrics::DurationBounds();
  double seen = 0;
  for (size_t i = 0; i < bounds.size(); ++i) {
    seen += static_cast<double>(durations[i]);
    if (seen >= share * calls) return absl::StrCat("≤ ", FormatSpan(absl::Seconds(bounds[i])));
  }
  return absl::StrCat("> ", FormatSpan(absl::Seconds(bounds.back())));
}

void AddTimes(const std::string& method, const std::string& span, const CountedTraffic& counted,
              HtmlTable& html) {
  const auto found = counted.traffic.methods.find(method);
  if (found == counted.traffic.methods.end()) return;
  const Durations& durations = found->second.durations;
  std::vector<std::string> cells = {method, span,
                                    FormatCount(absl::c_accumulate(durations, int64_t{0}))};
  for (const double share : {0.5, 0.9, 0.99, 0.999}) {
    cells.push_back(PercentileText(durations, share));
  }
  html.Add(std::move(cells));
}

std::string TimesTable(const TrafficWindow::View& view) {
  HtmlTable html({"Time of", "Time", ">Calls handled", ">p50", ">p90", ">p99", ">p99.9"});
  for (const auto& [method, counts] : view.all.traffic.methods) {
    AddTimes(method, RecentText(view), view.recent, html);
    AddTimes(method, kSinceStart, view.all, html);
  }
  return html.Html(kStatusPageRows);
}

Bar ShareBar(const char* css, int64_t count, int64_t calls) {
  const double share = calls == 0 ? 0 : static_cast<double>(count) / static_cast<double>(calls);
  return {css, 0, share, absl::StrFormat("%.1f %%", 100 * share)};
}

// One row a bucket, from the first to the last that has calls. "" without calls.
std::string TimesChart(const std::string& method, const TrafficWindow::View& view) {
  const Durations& all = view.all.traffic.methods.at(method).durations;
  const Durations& recent = view.recent.traffic.methods.at(method).durations;
  const absl::Span<const double> bounds = Metrics::DurationBounds();
  const auto has_calls = [](int64_t calls) { return calls > 0; };
  const auto first = std::find_if(all.begin(), all.end(), has_calls) - all.begin();
  const auto end = all.rend() - std::find_if(all.rbegin(), all.rend(), has_calls);
  BarChart chart;
  chart.name = absl::StrCat("Times of ", method);
  chart.axis_label = "share of the calls";
  for (auto i = static_cast<size_t>(first); std::cmp_less(i, end); ++i) {
    const bool last = i == bounds.size();
    chart.rows.push_back(
        {absl::StrCat(last ? "> " : "≤ ", FormatSpan(absl::Seconds(bounds[last ? i - 1 : i]))),
         {ShareBar("before", all[i], absl::c_accumulate(all, int64_t{0})),
          ShareBar("after", recent[i], absl::c_accumulate(recent, int64_t{0}))},
         {}});
  }
  if (chart.rows.empty()) return "";
  return HtmlFigure(absl::StrCat("Times of ", method),
                    HtmlKeys({{"before", kSinceStart}, {"after", RecentText(view)}}),
                    HtmlBars(chart));
}

std::string TimesCharts(const TrafficWindow::View& view) {
  std::string charts;
  for (const auto& [method, counts] : view.all.traffic.methods) {
    absl::StrAppend(&charts, TimesChart(method, view));
  }
  return charts.empty() ? "" : absl::StrCat("<div class=\"charts\">\n", charts, "</div>\n");
}

}  // namespace

std::string TrafficSection(const ServerStatus& status) {
  const TrafficWindow::View& view = status.traffic;
  const Metrics::Traffic& now = view.all.traffic;
  const std::string calls = CallsTable(view);
  return absl::StrCat(
      "<h2>Traffic</h2>\n<p>",
      HtmlText(absl::StrCat("In flight now: ", FormatCount(now.inflight_calls), " calls with ",
                            FormatCount(now.inflight_items), " items.")),
      calls.empty() ? " No call has ended since the start." : "", "</p>\n", calls,
      RefusalsTable(view), ItemsTable(view), calls.empty() ? "" : TimesTable(view),
      TimesCharts(view));
}

}  // namespace oasis
