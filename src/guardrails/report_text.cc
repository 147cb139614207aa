#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "guardrails/report_words.h"
#include "oasis/guardrails.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr size_t kColumns = 9;
constexpr size_t kFirstNumber = 3;  // these columns stand to the right
constexpr size_t kLastNumber = 7;
using Line = std::array<std::string, kColumns>;

Line LineOf(const Finding& finding) {
  const CheckInfo& info = InfoOf(finding.check);
  return {std::string(VerdictName(finding.verdict)),
          info.title,
          WhereText(finding),
          FigureText(finding.live, info.figures),
          FigureText(finding.candidate, info.figures),
          ValueText(finding),
          ThresholdText(finding, finding.thresholds.warn),
          ThresholdText(finding, finding.thresholds.block),
          finding.detail};
}

// Columns on a terminal: names may be UTF-8, whose continuation bytes take none.
size_t Columns(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Aligned(const std::vector<Line>& lines) {
  std::array<size_t, kColumns> widths = {};
  for (const Line& line : lines) {
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], Columns(line[i]));
  }
  std::string text;
  for (const Line& line : lines) {
    std::string row;
    for (size_t i = 0; i < kColumns; ++i) {
      const std::string padding(widths[i] - Columns(line[i]), ' ');
      const bool right = i >= kFirstNumber && i <= kLastNumber;
      absl::StrAppend(&row, right ? padding + line[i] : line[i] + padding, "  ");
    }
    absl::StripTrailingAsciiWhitespace(&row);
    absl::StrAppend(&text, row, "\n");
  }
  return text;
}

std::string Brief(const Finding& finding) {
  const std::string where = WhereText(finding);
  const bool blocks = finding.verdict == Verdict::kBlock;
  const std::string threshold =
      ThresholdText(finding, blocks ? finding.thresholds.block : finding.thresholds.warn);
  return absl::StrCat(CheckTitle(finding.check),
                      where.empty() ? "" : absl::StrCat(" (", where, ")"), " ", ValueText(finding),
                      blocks ? " (blocks at " : " (warns at ", threshold, ")");
}

}  // namespace

std::string GuardrailSummary(const GuardrailReport& report) {
  std::vector<std::string> brief;
  std::vector<const Finding*> shown;  // the worst of each check
  int64_t more = 0;
  for (const Finding& finding : report.findings) {
    if (finding.verdict == Verdict::kPass) continue;
    const bool told = std::any_of(shown.begin(), shown.end(), [&](const Finding* worse) {
      return worse->check == finding.check;
    });
    if (told || shown.size() == kMaxChecksInSummary) {
      ++more;
      continue;
    }
    shown.push_back(&finding);
    brief.push_back(Brief(finding));
  }
  std::string text = VerdictText(report.verdict);
  if (!brief.empty()) absl::StrAppend(&text, ": ", absl::StrJoin(brief, "; "));
  if (more > 0) absl::StrAppend(&text, "; and ", more, " more");
  return text;
}

std::string GuardrailText(const GuardrailReport& report) {
  std::string text = absl::StrCat("new   ", SideText(report.candidate), "\n");
  if (report.live.has_value()) {
    absl::StrAppend(&text, "live  ", SideText(*report.live), "\n");
  } else {
    absl::StrAppend(&text, "live  none: only what needs none was checked\n");
  }
  std::vector<Line> lines = {
      {"", "check", "where", "live", "new", "value", "warns at", "blocks at", ""}};
  for (const Finding& finding : report.findings) lines.push_back(LineOf(finding));
  absl::StrAppend(&text, "\n", Aligned(lines));
  if (report.replay.requests > 0) {
    absl::StrAppend(&text, "replayed: ", report.replay.requests, " recent requests for ",
                    report.replay.items, " items\n");
  }
  if (report.findings_left_out > 0) {
    absl::StrAppend(&text, "and ", report.findings_left_out, " findings no worse than these\n");
  }
  absl::StrAppend(&text, "\n", VerdictText(report.verdict), "\n");
  return text;
}

}  // namespace oasis
