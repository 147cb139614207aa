#include "apps/allocate/report_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "apps/allocate/page/sections.h"
#include "apps/allocate/page/values.h"
#include "html/bars.h"
#include "html/page.h"
#include "html/plot.h"

namespace oasis {
namespace {

// Within a <script> nothing is unescaped but by JSON itself: no name may end the element.
std::string EmbeddedJson(const PageJson& report) {
  const std::string json =
      report.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return absl::StrCat(
      "<script type=\"application/json\" id=\"report\">",
      absl::StrReplaceAll(json, {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}}),
      "</script>\n");
}

std::string ReportTitle(const PageJson& report) {
  const std::string path = JsonText(JsonPart(report, "problem"), "path");
  return path.empty() ? "Allocation" : absl::StrCat("Allocation of ", path);
}

}  // namespace

std::string ReportPage(const nlohmann::ordered_json& report) {
  return HtmlPage(
      ReportTitle(report), absl::StrCat(kBarStyle, kPlotStyle),
      absl::StrCat(SummarySection(report), ObjectivesSection(report), CommitmentsSection(report),
                   CapsSection(report), GuardrailsSection(report), ExposureSection(report),
                   GroupsSection(report), SweepSection(report), ConvergenceSection(report),
                   EmbeddedJson(report)));
}

}  // namespace oasis
