#include "apps/serve/status_page/status_page.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "support/html_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::WhatIsNotWellFormed;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

RecentLoads::Judged JudgedOf(const std::string& name) {
  auto report = std::make_shared<GuardrailReport>();
  report->candidate.info = {name, name, name, kNow};
  report->live = report->candidate;
  report->verdict = Verdict::kBlock;
  Finding& finding = report->findings.emplace_back();
  finding.verdict = Verdict::kBlock;
  finding.detail = name;
  report->distributions.resize(2 * kStatusPageCharts,
                               {name, name, -1, 1, {1, 2, 3, 4}, {4, 3, 2, 1}, 0.3, 0.2});
  return {"load", name, LoadOutcome::kFailed, false, report};
}

Override OverrideOf(const std::string& name) {
  Override override;
  override.id = override.campaign = override.score_set = override.surface = name;
  override.author = override.reason = name;
  override.created = kNow - absl::Hours(1);
  override.expires = kNow + absl::Hours(5);
  return override;
}

Metrics::Traffic TrafficOf(const std::string& name, int64_t calls) {
  Metrics::Traffic traffic;
  const size_t buckets = Metrics::DurationBounds().size() + 1;
  Metrics::Traffic::Method method = {{{"OK", calls}, {"INTERNAL", 3}},
                                     std::vector<int64_t>(buckets)};
  method.durations[1] = calls;
  method.durations[2] = calls / 50;
  traffic.methods["GetPromotionScores"] = method;
  traffic.score_sets[name] = {{1, calls, 0, 0, 0}, 0};
  traffic.refusals["client_rate"] = 7;
  return traffic;
}

// A server of which everything that a file or a person can name has this name.
ServerStatus Named(const std::string& name) {
  ServerStatus status;
  status.now = kNow;
  status.started = kNow - absl::Hours(50);
  status.version = "0.1.0";
  status.commit = "abcdef012345";
  status.watching = name;
  status.serving = true;
  status.tables = {{.info = {name, name, name, kNow - absl::Hours(30)},
                    .staleness = {absl::Hours(24)},
                    .items = 1'234'567,
                    .campaigns = 40,
                    .running = 39,
                    .pinned = name,
                    .marked = absl::StrCat(name, "2")}};
  status.missing = {{name, name}};
  status.kept.emplace_back().table = {name, name};
  status.under_way[LoadPhase::kBuild] = {1, kNow - absl::Seconds(12)};
  status.loads = {{1, kNow, name, "load", {name, name}, name, "DATA_LOSS", name}};
  status.judged = {JudgedOf(name)};
  status.overrides = {OverrideOf(name)};
  status.override_count = 1;
  status.traffic = {{absl::Seconds(10), TrafficOf(name, 500)},
                    {absl::Hours(50), TrafficOf(name, 90'000)}};
  status.unreadable = {name};
  return status;
}

TEST(StatusPageTest, EscapesEveryName) {
  const std::string page = StatusPage(Named("a<script>'\"&</script>b"), Refresh::kItself);
  EXPECT_EQ(WhatIsNotWellFormed(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("a&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;b"));
}

TEST(StatusPageTest, IsWholeAndRefersToNoOtherServer) {
  for (const ServerStatus& status : {Named("a"), ServerStatus{.now = kNow, .started = kNow}}) {
    const std::string page = StatusPage(status, Refresh::kNever);
    EXPECT_EQ(WhatIsNotWellFormed(page), "");
    EXPECT_THAT(page, AllOf(Not(HasSubstr("://")), Not(HasSubstr("src=")), Not(HasSubstr("url("))));
  }
}

TEST(StatusPageTest, RefreshesItselfUnlessItIsToBeStill) {
  const ServerStatus status = Named("a");
  EXPECT_THAT(StatusPage(status, Refresh::kItself),
              AllOf(HasSubstr("<meta http-equiv=\"refresh\" content=\"10\"/>"),
                    HasSubstr("<a href=\"/still\">")));
  EXPECT_THAT(StatusPage(status, Refresh::kNever),
              AllOf(Not(HasSubstr("http-equiv")), HasSubstr("<a href=\"/\">")));
}

TEST(StatusPageTest, SaysWhatIsStaleMissingAndRefused) {
  EXPECT_THAT(StatusPage(Named("ads"), Refresh::kItself),
              AllOf(HasSubstr("<span class=\"tag warn\">STALE</span>"),
                    HasSubstr("<span class=\"tag block\">MISSING</span>"),
                    HasSubstr("<span class=\"tag block\">refused</span>"),
                    HasSubstr("DATA_LOSS: ads"), HasSubstr("1 load in phase build, for 12.00 s"),
                    HasSubstr("39 of 40"), HasSubstr("1,234,567")));
}

TEST(StatusPageTest, TheTitleSaysWhetherItServes) {
  ServerStatus status = Named("a");
  EXPECT_THAT(StatusPage(status, Refresh::kItself), HasSubstr("<title>Oasis is serving</title>"));
  status.serving = false;
  EXPECT_THAT(StatusPage(status, Refresh::kItself),
              HasSubstr("<title>Oasis is NOT SERVING</title>"));
}

TEST(StatusPageTest, DrawsTheGuardrailReport) {
  const std::string page = StatusPage(Named("a"), Refresh::kItself);
  EXPECT_THAT(page, AllOf(HasSubstr("a/a: load of a by a"), HasSubstr("path class=\"live\""),
                          HasSubstr("path class=\"new\""), HasSubstr("<p>And 12 more.</p>")));
}

TEST(StatusPageTest, TellsTrafficOfLateAndSinceTheStart) {
  EXPECT_THAT(StatusPage(Named("a"), Refresh::kItself),
              AllOf(HasSubstr("last 10.00 s"), HasSubstr("since the start, 2d 2h"),
                    HasSubstr("<td class=\"figure\">50</td>"),   // calls a second of late
                    HasSubstr("<td class=\"figure\">0.5</td>"),  // and since the start
                    HasSubstr("<td class=\"figure\">≤ 25 us</td>"),
                    HasSubstr("<td class=\"figure\">≤ 50 us</td>"),
                    HasSubstr("<span class=\"tag warn\">INTERNAL</span>"),
                    HasSubstr("<span class=\"tag warn\">client_rate</span>")));
  EXPECT_THAT(StatusPage({.now = kNow, .started = kNow}, Refresh::kItself),
              HasSubstr("No call has ended since the start."));
}

TEST(StatusPageTest, IsBoundedHoweverMuchThereIs) {
  ServerStatus status = Named(std::string(kMaxNameBytes, 'n'));
  const auto times = [](auto& list, size_t count) { list.resize(count, list.front()); };
  times(status.tables, kMaxScoreSets * kMaxVariants);
  times(status.missing, kMaxScoreSets * kMaxVariants);
  times(status.kept, 10'000);
  times(status.judged, kStatusPageReports);
  times(status.unreadable, 10'000);
  status.loads[0].detail = std::string(kMaxJournalTextBytes, '<');
  times(status.loads, kStatusPageLoads);
  times(status.overrides, kStatusPageRows);
  status.override_count = kMaxOverrides;
  for (int i = 0; i < kMaxScoreSets; ++i) {
    status.traffic.all.traffic.score_sets[absl::StrCat("set-", i)] = {};
  }
  const std::string page = StatusPage(status, Refresh::kItself);
  EXPECT_LT(page.size(), 1'000'000);
  EXPECT_THAT(page, AllOf(HasSubstr("20,000 hold. These are the 50 that end first"),
                          HasSubstr("<li>And "), HasSubstr("<p>And 9950 more.</p>")));
}

}  // namespace
}  // namespace oasis
