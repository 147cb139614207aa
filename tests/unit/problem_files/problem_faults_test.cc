// What is said of every kind of fault, and where.
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "unit/problem_files/problem_dir.h"

namespace oasis {
namespace {

using ::oasis::testing::ProblemDirTest;
using ::oasis::testing::TrackUri;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using ProblemFaultsTest = ProblemDirTest;

TEST_F(ProblemFaultsTest, ReportsThoseOfAllTablesAtOnceEachWithFileAndLine) {
  Put("contexts.csv", "surface,market,cohort,supply\nradio,SE,new,many\n\nmix,,,-5\n");
  Put("zones.csv", "surface,streams_per_slot\nmix,0\n");
  Put("items.csv",
      absl::StrCat("item_uri\n", TrackUri(1), "\n", TrackUri(2), "\n", TrackUri(1), "\n"));
  Put("edges.csv", absl::StrCat("item_uri,surface,market,cohort,organic,value\n",  //
                                TrackUri(1), ",radio,SE,new,0.25,one\n",           //
                                TrackUri(2), ",radio,SE,new,2,1\n",                //
                                TrackUri(3), ",mix,,,0,1\n"));
  PutConstraints("a,cap,artist,Ada,,,slots,1,\n");
  const std::string faults = Faults();
  EXPECT_THAT(faults, AllOf(HasSubstr("9 faults:"), HasSubstr("contexts.csv:2: supply is 'many'"),
                            HasSubstr("contexts.csv:4: the supply is -5"),
                            HasSubstr("zones.csv:2: streams per slot is 0"),
                            HasSubstr("items.csv:4: item " + TrackUri(1) + " is there twice")));
  EXPECT_THAT(faults, AllOf(HasSubstr("edges.csv:2: value is 'one', which is no number"),
                            HasSubstr("edges.csv:3: " + TrackUri(2) +
                                      " in radio/SE/new: the organic share is 2"),
                            HasSubstr("edges.csv:4: item '" + TrackUri(3) + "' is not in"),
                            HasSubstr("constraints.csv:2: there is no artist 'Ada'")));
}

TEST_F(ProblemFaultsTest, CountsAllAndShowsTheFirst) {
  std::string rows = "item_uri,surface,market,cohort,organic,value\n";
  for (int i = 0; i < 100; ++i) absl::StrAppend(&rows, TrackUri(1), ",radio,SE,new,-1,1\n");
  Put("edges.csv", rows);
  const std::string faults = Faults();
  EXPECT_THAT(faults, AllOf(HasSubstr("100 faults:"), HasSubstr("edges.csv:21:"),
                            Not(HasSubstr("edges.csv:22:")), HasSubstr("and 80 more")));
}

TEST_F(ProblemFaultsTest, NamesTablesThatAreMissingAndMissesNothingOfThem) {
  Remove("contexts.csv");
  Remove("items.csv");
  PutConstraints("a,cap,artist,Ada,radio,,slots,1,\n");
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("2 faults:"), HasSubstr("there is no contexts.csv or contexts.jsonl"),
                    HasSubstr("there is no items.csv")));
  Remove("edges.csv");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("3 faults:"), HasSubstr("no edges.csv")));
}

TEST_F(ProblemFaultsTest, TwoFilesForOneTable) {
  Put("items.jsonl", "{\"item_uri\":\"" + TrackUri(1) + "\"}\n");
  Put("edges-1.csv", "item_uri,surface,organic,value\n");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("items.csv and items.jsonl are several files"),
                              HasSubstr("both edges.… and edges-")));
}

TEST_F(ProblemFaultsTest, ColumnsThatAreUnknownOrMissing) {
  Put("contexts.csv", "surface,market,cohort,suply\n");
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("1 fault:"),
                    HasSubstr("contexts.csv:1: unknown column 'suply'; was supply meant?"),
                    HasSubstr("missing column supply")));
}

TEST_F(ProblemFaultsTest, AnEmptyTable) {
  Put("items.csv", "");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("1 fault:"), HasSubstr("items.csv"), HasSubstr("empty")));
}

TEST_F(ProblemFaultsTest, NamesThatNoScoreCouldHave) {
  Put("contexts.csv", "surface,market,cohort,supply\nra dio,SE,new,1\nmix,sweden,,1\n,SE,,1\n");
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("3 faults:"), HasSubstr("contexts.csv:2: "), HasSubstr("ra dio"),
                    HasSubstr("sweden"), HasSubstr("contexts.csv:4: surface is empty")));
}

TEST_F(ProblemFaultsTest, ContextsAndZones) {
  Put("contexts.csv", "surface,market,cohort,supply\nradio,SE,new,1\nradio,SE,new,1\nmix,,,1\n");
  Put("zones.csv", "surface,market\nradio,NO\nmix,\nmix,*\n");
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("3 faults:"),
                    HasSubstr("zones.csv:2: no context is in surface 'radio', market 'NO'"),
                    HasSubstr("zones.csv:4: surface 'mix' in market '' is there twice"),
                    HasSubstr("contexts.csv:3: cohort 'new' is there twice")));
}

TEST_F(ProblemFaultsTest, AZoneOfContextsHasTheirLine) {
  Put("contexts.csv", "surface,market,cohort,supply,tau\nradio,SE,new,1,0\nmix,,,1,\n");
  EXPECT_THAT(Faults(), HasSubstr("contexts.csv:2: tau is 0"));
}

TEST_F(ProblemFaultsTest, OrganicSharesThatAreTooMuchTogether) {
  Put("edges.csv", absl::StrCat("item_uri,surface,market,cohort,organic,value\n", TrackUri(1),
                                ",radio,SE,new,0.75,1\n", TrackUri(2), ",radio,SE,new,0.5,1\n"));
  EXPECT_THAT(Faults(),
              HasSubstr("contexts.csv:2: the organic shares of its edges sum up to 1.25"));
}

TEST_F(ProblemFaultsTest, EdgesThatAreThereTwiceOrNowhere) {
  Put("edges.csv", absl::StrCat("item_uri,surface,market,cohort,organic,value\n",  //
                                TrackUri(1), ",mix,,,0,1\n\n", TrackUri(1), ",mix,*,*,0,1\n"));
  EXPECT_THAT(Faults(), HasSubstr("edges.csv:4: " + TrackUri(1) + " in mix// is there twice"));
  Put("edges.csv", absl::StrCat("item_uri,surface,market,cohort,organic,value\n",  //
                                TrackUri(1), ",radio,SE,old,0,1\nnothing,mix,,,0,1\n", TrackUri(1),
                                ",mix,,,,1\n", TrackUri(1), ",mix\n"));
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("4 faults:"),
                    HasSubstr("edges.csv:2: surface 'radio', market 'SE', cohort 'old' is not in"),
                    HasSubstr("edges.csv:3: "), HasSubstr("edges.csv:4: organic is ''"),
                    HasSubstr("edges.csv:5: 2 fields where the header has 6")));
}

TEST_F(ProblemFaultsTest, WhatCouldNotBeReadIsNotMissedElsewhere) {
  Put("contexts.csv", "surface,market,cohort,supply\nradio,SE,new,1\nmix,,\n");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("1 fault:"), HasSubstr("contexts.csv:3: 3 fields")));
  Put("contexts.csv", "surface,market,cohort,supply\nradio,SE,new,1\nmix,,,x\n");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("1 fault:"), HasSubstr("contexts.csv:3: supply")));
}

TEST_F(ProblemFaultsTest, CampaignsThatTheirTableLacks) {
  Put("campaigns.csv",
      "campaign,starts_at,ends_at\nautumn,,\nautumn,,\nwinter,2026-02-01,2026-01-01\n");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("2 faults:"),
                              HasSubstr("campaigns.csv:3: campaign 'autumn' is already in line 2"),
                              HasSubstr("campaigns.csv:4: ends_at")));
  Put("campaigns.csv", "campaign\nautumn\n");
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("1 fault:"), HasSubstr("items.csv:2: campaign 'spring' is not in")));
}

TEST_F(ProblemFaultsTest, ValuesAndTermsThatDoNotFit) {
  const auto put_edges = [this](const std::string& columns) {
    Put("edges.csv", "item_uri,surface,organic" + columns + "\n");
  };
  put_edges("");
  EXPECT_THAT(Faults(), HasSubstr("edges.csv:1: missing column value"));
  put_edges(",value,growth");
  EXPECT_THAT(Faults(), HasSubstr("unknown column 'growth'"));
  put_edges(",growth,satisfacton");
  EXPECT_THAT(Faults(), HasSubstr("unknown column 'satisfacton'; was satisfaction meant?"));
  Put("terms.csv", "term,weight\ngrowth,1\nreward,1e300\nsp ace,1\n");
  put_edges(",growth,reward");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("terms.csv:3: weight is '1e300'"),
                              HasSubstr("terms.csv:4: "), HasSubstr("2 faults:")));
  Put("terms.csv", "term\ngrowth\nreward\n");
  put_edges(",growth,value,rewrad");
  EXPECT_THAT(Faults(),
              AllOf(HasSubstr("missing column reward"), HasSubstr("the value is made of the terms"),
                    HasSubstr("unknown column 'rewrad'; was reward meant?")));
}

TEST_F(ProblemFaultsTest, PartsOfTheEdgesHaveTheSameColumnsOfValues) {
  Remove("edges.csv");
  Put("edges-1.csv", "item_uri,surface,organic,growth\n");
  Put("edges-2.csv", "item_uri,surface,organic,value\n");
  EXPECT_THAT(Faults(), AllOf(HasSubstr("edges-2.csv:1: missing column growth")));
}

TEST_F(ProblemFaultsTest, Constraints) {
  PutConstraints(absl::StrCat("a,cup,item,x,,,slots,1,\n",       //
                              "b,cap,all,Ada,,,slots,1,\n",      //
                              "c,cap,artist,,,,slots,1,\n",      //
                              "d,cap,all,,radio,NO,slots,1,\n",  //
                              "e,cap,all,,,,slots,1,5\n",        //
                              "f,commitment,all,,,,slots,1,\n",  //
                              "g,max_min_fairness,all,,,,slots,1,5\n",
                              "h,max_min_fairness,all,,,,slots,1,6\n",
                              "i,max_min_fairness,all,,,,slots,1,0\n",  //
                              ",cap,,,,,hours,x,\n",                    //
                              "k,commitment,all,,,,slots,1,-1\nk,cap,all,,,,slots,-1,\n"));
  const std::string faults = Faults();
  EXPECT_THAT(faults, AllOf(HasSubstr("constraints.csv:2: kind is 'cup', which is none of cap,"),
                            HasSubstr("was cap meant?"),
                            HasSubstr("constraints.csv:3: subject is 'Ada', but the scope is all"),
                            HasSubstr("constraints.csv:4: subject is empty: name the artist"),
                            HasSubstr("constraints.csv:5: no context is in surface 'radio'"),
                            HasSubstr("constraints.csv:6: a cap has no price"),
                            HasSubstr("constraints.csv:7: price is ''")));
  EXPECT_THAT(faults, AllOf(HasSubstr("constraints.csv:9: the price is 6, but 5 in an earlier row"),
                            HasSubstr("constraints.csv:10: the price, which is the weight"),
                            HasSubstr("constraints.csv:11: name is empty"),
                            HasSubstr("constraints.csv:11: scope is empty"),
                            HasSubstr("constraints.csv:11: unit is 'hours'"),
                            HasSubstr("constraints.csv:11: bound is 'x'"),
                            HasSubstr("constraints.csv:12: the price is -1"),
                            HasSubstr("constraints.csv:13: 'k' is there twice"),
                            HasSubstr("constraints.csv:13: the bound is -1")));
}

}  // namespace
}  // namespace oasis
