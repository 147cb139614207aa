#include "apps/serve/status_page/status_page.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "apps/serve/status_page/faults.h"
#include "apps/serve/status_page/sections.h"
#include "apps/text.h"
#include "guardrails/report_html.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/text.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr char kStatusStyle[] = R"(
.facts { color: var(--soft); }
.banner ul { margin: 0; padding-left: 1.2rem; }
.table { margin: 1rem 0; }
.loads td:nth-child(3) { min-width: 20rem; }
h3 { font-size: 1rem; margin-bottom: .3rem; }
)";

std::string WellText(const ServerStatus& status) {
  if (status.tables.size() == 1) return "It serves one table, which is as fresh as it must be.";
  return absl::StrCat("It serves ", status.tables.size(), " tables, all as fresh as they must be.");
}

std::string Banner(const ServerStatus& status) {
  const std::vector<StatusFault> faults = FaultsOf(status);
  if (faults.empty()) {
    return absl::StrCat("<div class=\"banner pass\">", WellText(status), "</div>\n");
  }
  std::string html =
      absl::StrCat("<div class=\"banner ", VerdictName(faults.front().tone), "\"><ul>\n");
  const size_t shown = std::min(kStatusPageFaults, faults.size());
  for (size_t i = 0; i < shown; ++i) {
    absl::StrAppend(&html, "<li>", HtmlText(faults[i].sentence), "</li>\n");
  }
  if (shown < faults.size()) {
    absl::StrAppend(&html, "<li>And ", faults.size() - shown, " more.</li>\n");
  }
  return absl::StrCat(html, "</ul></div>\n");
}

std::string ProcessText(const ServerStatus& status) {
  const std::string memory =
      status.resident_bytes.has_value()
          ? absl::StrCat("It has ", FormatBytes(static_cast<int64_t>(*status.resident_bytes)),
                         " of memory and may take ")
          : "It may take ";
  return absl::StrCat(
      "Oasis ", status.version, " (", status.commit, "), up ",
      FormatSpan(status.now - status.started), " since ", FormatInstant(status.started), ", ",
      status.watching.empty() ? "watching nothing" : absl::StrCat("watching ", status.watching),
      ". ", memory, FormatBytes(status.available_bytes), " more.");
}

std::string Facts(const ServerStatus& status, Refresh refresh) {
  const std::string itself =
      refresh == Refresh::kItself
          ? absl::StrCat("it reads itself again every ", kStatusPageRefreshSeconds,
                         " s (<a href=\"", kStillStatusPath, "\">hold it still</a>)")
          : absl::StrCat("it stays as it is (<a href=\"", kStatusPath,
                         "\">let it follow the server</a>)");
  return absl::StrCat("<p class=\"facts\">", HtmlText(ProcessText(status)), "<br/>This page is of ",
                      FormatInstant(status.now), "; ", itself,
                      ". For programs: <a href=\"/metrics\">metrics</a>.</p>\n");
}

// The icon keeps browsers from asking for one.
std::string Head(Refresh refresh) {
  const std::string itself = refresh == Refresh::kItself
                                 ? absl::StrCat("<meta http-equiv=\"refresh\" content=\"",
                                                kStatusPageRefreshSeconds, "\"/>\n")
                                 : "";
  return absl::StrCat(itself, "<link rel=\"icon\" href=\"data:,\"/>\n");
}

}  // namespace

std::string StatusPage(const ServerStatus& status, Refresh refresh) {
  return HtmlPage(
      status.serving ? "Oasis is serving" : "Oasis is NOT SERVING",
      absl::StrCat(kBarStyle, kGuardrailStyle, kStatusStyle),
      absl::StrCat(Banner(status), Facts(status, refresh), LiveTablesSection(status),
                   RecentLoadsSection(status), TrafficSection(status), OverrideSection(status),
                   KeptSnapshotsSection(status), JudgedSection(status)),
      Head(refresh));
}

}  // namespace oasis
