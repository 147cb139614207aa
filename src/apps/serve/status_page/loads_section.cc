// Loads, and what guardrails said of them.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "apps/serve/status_page/faults.h"
#include "apps/serve/status_page/sections.h"
#include "apps/text.h"
#include "guardrails/report_html.h"
#include "html/table.h"
#include "html/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

std::string UnderWayText(const ServerStatus& status) {
  std::string html;
  for (const auto& [phase, under_way] : status.under_way) {
    absl::StrAppend(
        &html, "<p><span class=\"tag warn\">under way</span> ", under_way.loads,
        under_way.loads == 1 ? " load" : " loads", " in phase ", LoadPhaseName(phase), ", for ",
        FormatSpan(std::max(status.now - under_way.since, absl::ZeroDuration())), ".</p>\n");
  }
  return html;
}

// "load of monday"; "load" where the snapshot was never known.
std::string WhatText(const std::string& action, const std::string& snapshot_id) {
  return snapshot_id.empty() ? action : absl::StrCat(action, " of ", snapshot_id);
}

void AddEndedLoad(const JournalEntry& entry, absl::Time now, HtmlTable& html) {
  const bool refused = WasRefused(entry);
  const bool fine = entry.outcome == "ok" || entry.outcome == "unchanged";
  html.Add({refused ? "refused" : (fine ? entry.outcome : "cancelled"),
            WhatText(entry.action, entry.snapshot_id),
            refused ? absl::StrCat(entry.outcome, ": ", entry.detail) : entry.detail,
            FormatInstant(entry.time), FormatSpan(std::max(now - entry.time, absl::ZeroDuration())),
            entry.actor, TableText(entry.table.score_set, entry.table.variant)},
           refused ? "block" : (fine ? (entry.outcome == "ok" ? "pass" : "") : "warn"));
}

std::string JudgedText(const RecentLoads::Judged& judged) {
  const TableInfo& info = judged.report->candidate.info;
  return absl::StrCat("<h3>",
                      HtmlText(absl::StrCat(TableText(info.score_set, info.variant), ": ",
                                            WhatText(judged.action, info.snapshot_id), " by ",
                                            judged.actor, judged.forced ? ", by force" : "")),
                      "</h3>\n", GuardrailHead(*judged.report),
                      FindingsStandingOut(*judged.report, kStatusPageRows),
                      ScoreCharts(*judged.report, kStatusPageCharts));
}

}  // namespace

std::string RecentLoadsSection(const ServerStatus& status) {
  HtmlTable html({"Outcome", "What", "Details", ">When", ">Ago", "Who", "Table"});
  for (const JournalEntry& entry : status.loads) AddEndedLoad(entry, status.now, html);
  const std::string rows = html.Html(kStatusPageLoads);
  return absl::StrCat(
      "<h2>Last loads</h2>\n", UnderWayText(status),
      rows.empty() ? "<p>None.</p>\n" : absl::StrCat("<div class=\"loads\">", rows, "</div>\n"));
}

std::string JudgedSection(const ServerStatus& status) {
  std::string html = "<h2>Guardrails: the last report of each table since the start</h2>\n";
  if (status.judged.empty()) return absl::StrCat(html, "<p>None.</p>\n");
  for (const RecentLoads::Judged& judged : status.judged) {
    absl::StrAppend(&html, JudgedText(judged));
  }
  return html;
}

}  // namespace oasis
