// The report of an allocation as a page.
#include "apps/allocate/report_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "support/html_support.h"

namespace oasis::testing {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEvil[] = "a</script><script>'\"&<!--b";
constexpr char kEvilText[] = "a&lt;/script&gt;&lt;script&gt;&#39;&quot;&amp;&lt;!--b";

const std::vector<std::string> kHeads = {
    "What was decided", "Objectives", "Licensors and other commitments",
    "Caps that bind",   "Guardrails", "How exposure is spread",
    "Who gets most",    "Trade-off",  "Convergence"};

Json Sample() {
  return Json::parse(R"({
    "problem": {"path": "autumn", "edges": 1000000, "contexts": 40, "items": 9000, "offers": 30000,
                "constraints": 5, "supply": 1200000},
    "solve": {"stop": "gap", "passes": 145, "seconds": 12.5, "threads": 2,
              "regulariser": "entropy", "score_limit": 1.5, "gap_asked": 1e-4},
    "certificate": {"primal": 150000, "dual": 150012, "gap": 8e-5, "lp_primal": 151000,
                    "lp_dual": 152000, "limited_primal": 149000, "limited_value": 150500,
                    "worst_violation": 0.01},
    "promoted_slots": 312000, "organic_slots": 250000,
    "objectives": [{"term": "growth", "weight": 1, "organic": 800, "promoted": 1000},
                   {"term": "revenue", "weight": 0.5, "organic": -20, "promoted": 30}],
    "constraints": [
      {"name": "small", "kind": "commitment", "scope": "licensor", "subject": "Acme",
       "surface": "radio", "market": "SE", "unit": "slots", "bound": 1000, "activity": 990,
       "price": 0.2, "shortfall": 10, "binding": true},
      {"name": "large", "kind": "commitment", "scope": "licensor", "subject": "Blue", "surface": "",
       "market": "", "unit": "streams", "bound": 1000, "activity": 700, "price": 0.4,
       "shortfall": 300, "binding": true},
      {"name": "tight cap", "kind": "cap", "scope": "all", "subject": "", "surface": "radio",
       "market": "", "unit": "royalty", "bound": 5000, "activity": 5000, "price": 0.75,
       "shortfall": 0, "binding": true},
      {"name": "loose cap", "kind": "cap", "scope": "all", "subject": "", "surface": "",
       "market": "", "unit": "slots", "bound": 9000, "activity": 1, "price": 0, "shortfall": 0,
       "binding": false},
      {"name": "even artists", "kind": "log_fairness", "scope": "artist", "subject": "Zoë",
       "surface": "", "market": "", "unit": "slots", "bound": 100, "activity": 0.8, "price": 2,
       "shortfall": 0, "binding": true}],
    "guardrails": [{"surface": "radio", "market": "SE", "budget": 100, "loss": 40, "price": 0,
                    "binding": false},
                   {"surface": "mix", "market": "DE", "budget": null, "loss": -3, "price": 0,
                    "binding": false}],
    "delivery": [{"by": "licensor", "gini": 0.43, "least": 7, "count": 2,
                  "groups": [{"name": "Blue", "slots": 100, "organic": 120},
                             {"name": "Acme", "slots": 900, "organic": 300}],
                  "curve": [[0, 0], [0.5, 0.1], [1, 1]]}],
    "history": [{"pass": 1, "tau_factor": 32, "dual": 200000, "primal": null, "gap": null,
                 "residual": 0.1, "seconds": 0.1},
                {"pass": 2, "tau_factor": 32, "dual": 160000, "primal": 100000, "gap": 0.4,
                 "residual": 0.01, "seconds": 0.2},
                {"pass": 3, "tau_factor": 1, "dual": 150012, "primal": 150000, "gap": 8e-5,
                 "residual": 0.001, "seconds": 0.3}],
    "sweep": {"over": "growth", "points": [
      {"weight": 0.5, "primal": 1, "gap": 1e-5, "objectives": {"growth": 900, "revenue": 40}},
      {"weight": 1, "primal": 2, "gap": 1e-5, "objectives": {"growth": 1000, "revenue": 30}},
      {"weight": 2, "primal": 3, "gap": null, "objectives": {"growth": 950, "revenue": 20}}]},
    "snapshot": {"id": "s-7", "directory": "out/s-7", "rows": 120000, "items": 9000,
                 "at_limit": 340, "floored": 12}
  })");
}

// The page before the JSON at its end.
std::string Shown(const std::string& page) { return page.substr(0, page.find("<script")); }

void ExpectWhole(const std::string& page) {
  EXPECT_EQ(WhatIsNotWellFormed(page), "");
  size_t at = 0;
  for (const std::string& head : kHeads) {
    at = page.find(absl::StrCat("<h2>", head, "</h2>"), at);
    ASSERT_NE(at, std::string::npos) << head;
  }
  for (const char* reference : {"http", "src=", "href", "url(", "@import", "//"}) {
    EXPECT_THAT(Shown(page), Not(HasSubstr(reference)));
  }
  for (const char* no_number : {">nan", ">inf", ">-inf", "\"nan", "\"inf", "\"-inf", ">null"}) {
    EXPECT_THAT(Shown(page), Not(HasSubstr(no_number)));
  }
}

Json Embedded(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"report\">";
  const size_t from = page.find(begin) + begin.size();
  return Json::parse(page.substr(from, page.find("</script>", from) - from));
}

TEST(ReportPageTest, IsWholeAndRefersToNothingElse) { ExpectWhole(ReportPage(Sample())); }

TEST(ReportPageTest, SaysWhatWasDecidedAndHowSureOneCanBe) {
  EXPECT_THAT(
      ReportPage(Sample()),
      AllOf(HasSubstr("<title>Allocation of autumn</title>"),
            HasSubstr("312,000 of 1,200,000 slots (26 %)"),
            HasSubstr("would have 250,000 (+24.8 %)"),
            HasSubstr("because it reached the gap it was asked for, 0.01 %"),
            HasSubstr("No plan can be better by more than 0.008 % (12 of a value of 150,000)"),
            HasSubstr("Of 2 commitments 2 fall short."),
            HasSubstr("Every cap and guardrail is kept."), HasSubstr("snapshot s-7 in out/s-7")));
}

TEST(ReportPageTest, IsGreenOnlyWhereAllIsProvedAndKept) {
  Json report = Sample();
  EXPECT_THAT(ReportPage(report), HasSubstr("banner warn"));  // two promises are broken
  for (Json& row : report["constraints"]) row["shortfall"] = 0;
  EXPECT_THAT(ReportPage(report), HasSubstr("banner pass"));
  report["solve"]["stop"] = "time";
  EXPECT_THAT(ReportPage(report), AllOf(HasSubstr("banner warn"), HasSubstr("its time was over")));
  report["guardrails"][0]["loss"] = 101;
  EXPECT_THAT(ReportPage(report), AllOf(HasSubstr("banner block"), HasSubstr("1 is exceeded"),
                                        Not(HasSubstr("Every cap and guardrail is kept"))));
}

TEST(ReportPageTest, SortsPromisesByWhatTheyAreShortOf) {
  const std::string page = ReportPage(Sample());
  EXPECT_LT(page.find(">large<"), page.find(">small<"));
  EXPECT_THAT(page, AllOf(HasSubstr("licensor Blue"), HasSubstr("70 %"), HasSubstr("radio/SE"),
                          HasSubstr("<h3>Fairness</h3>"), HasSubstr("artist Zoë")));
}

TEST(ReportPageTest, ShowsOnlyCapsThatBind) {
  const std::string shown = Shown(ReportPage(Sample()));
  EXPECT_THAT(shown, AllOf(HasSubstr("Of 2 caps 1 binds"), HasSubstr("tight cap"),
                           Not(HasSubstr("loose cap")), HasSubstr("0.75")));
}

TEST(ReportPageTest, EscapesEveryName) {
  Json report = Sample();
  report["problem"]["path"] = kEvil;
  report["solve"]["regulariser"] = kEvil;
  report["solve"]["stop"] = kEvil;
  for (const char* field : {"id", "directory"}) report["snapshot"][field] = kEvil;
  for (const char* field : {"name", "scope", "subject", "surface", "market", "unit"}) {
    for (Json& row : report["constraints"]) row[field] = kEvil;
  }
  for (const char* field : {"surface", "market"}) report["guardrails"][0][field] = kEvil;
  report["objectives"][0]["term"] = kEvil;
  report["objectives"][1]["term"] = absl::StrCat(kEvil, "2");
  report["delivery"][0]["by"] = kEvil;
  report["delivery"][0]["groups"][0]["name"] = kEvil;
  report["sweep"]["over"] = kEvil;
  for (Json& point : report["sweep"]["points"]) {
    point["objectives"] = {{kEvil, 1}, {absl::StrCat(kEvil, "2"), 2}};
  }
  const std::string page = ReportPage(report);
  ExpectWhole(page);
  EXPECT_THAT(Shown(page), AllOf(HasSubstr(kEvilText), Not(HasSubstr("<script"))));
  EXPECT_EQ(page.find("</script>"), page.rfind("</script>"));
  EXPECT_EQ(Embedded(page), report);
}

TEST(ReportPageTest, EndsWithTheReportForPrograms) {
  EXPECT_EQ(Embedded(ReportPage(Sample())), Sample());
}

TEST(ReportPageTest, TakesNamesThatAreNoUtf8) {
  Json report = Sample();
  report["constraints"][0]["name"] = "caf\xe9";
  EXPECT_EQ(WhatIsNotWellFormed(ReportPage(report)), "");
}

// Every number of it.
void MakeNull(Json& json) {
  if (json.is_number()) {
    json = nullptr;
  } else if (json.is_structured()) {
    for (Json& part : json) MakeNull(part);
  }
}

TEST(ReportPageTest, TakesNullAndInfinityForEveryNumber) {
  Json report = Sample();
  const Json numbers = report.flatten();
  for (const auto& [path, value] : numbers.items()) {
    if (!value.is_number()) continue;
    for (const Json& odd : {Json(nullptr), Json(std::numeric_limits<double>::infinity()), Json(0),
                            Json(1e300), Json(-1e300)}) {
      Json one = Sample();
      one[Json::json_pointer(path)] = odd;
      SCOPED_TRACE(absl::StrCat(path, " ", odd.dump()));
      ExpectWhole(ReportPage(one));
    }
  }
  MakeNull(report);
  const std::string page = ReportPage(report);
  ExpectWhole(page);
  EXPECT_THAT(page, AllOf(HasSubstr("is not known"), HasSubstr("banner warn")));
}

TEST(ReportPageTest, HasEverySectionOfAReportThatLacksEverything) {
  ExpectWhole(ReportPage(Json::object()));
  Json report = Sample();
  report.erase("sweep");
  report.erase("snapshot");
  for (const char* list : {"objectives", "constraints", "guardrails", "delivery", "history"}) {
    report[list] = Json::array();
  }
  const std::string page = ReportPage(report);
  ExpectWhole(page);
  EXPECT_THAT(page, AllOf(HasSubstr("There are no commitments."), HasSubstr("There are no caps."),
                          HasSubstr("There are no guardrails."), HasSubstr("No weight was swept."),
                          HasSubstr("The report has no passes."), Not(HasSubstr("Its scores"))));
}

TEST(ReportPageTest, TakesFieldsOfOtherTypesForMissingOnes) {
  const Json sample = Sample();
  for (const auto& [key, value] : sample.items()) {
    for (const Json& odd : {Json("text"), Json(7), Json::array({1, "two", nullptr}),
                            Json::object({{"points", {1, 2}}})}) {
      Json report = Sample();
      report[key] = odd;
      SCOPED_TRACE(absl::StrCat(key, " ", odd.dump()));
      ExpectWhole(ReportPage(report));
    }
  }
}

TEST(ReportPageTest, ShowsTheFirstRowsOfALongTableAndSaysHowManyMore) {
  Json report = Sample();
  const Json cap = report["constraints"][2];
  for (int i = 0; i < 60; ++i) report["constraints"].push_back(cap);
  EXPECT_THAT(ReportPage(report), HasSubstr("And 11 more."));
}

TEST(ReportPageTest, DrawsTheFrontOfPlansThatNoOtherBeats) {
  const std::string page = ReportPage(Sample());
  EXPECT_THAT(page, AllOf(HasSubstr("revenue (sum, in its own unit)"),
                          HasSubstr("<circle class=\"plot-dot beaten\""),
                          HasSubstr("weight 2: 950 of growth, 20 of the rest")));
  Json report = Sample();
  report["objectives"].push_back({{"term", "reward"}, {"weight", 2}});
  for (Json& point : report["sweep"]["points"]) point["objectives"]["reward"] = 5;
  EXPECT_THAT(ReportPage(report), AllOf(HasSubstr("all other terms, weighted (value)"),
                                        HasSubstr("weight 2: 950 of growth, 20 of the rest")));
}

}  // namespace
}  // namespace oasis::testing
