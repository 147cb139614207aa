#include <string>
#include <vector>

#include "apps/serve/status_page/faults.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

LiveTableStatus Table(absl::Duration age, Staleness staleness = {}) {
  return {.info = {"discovery-mode", "control", "monday", kNow - age}, .staleness = staleness};
}

ServerStatus Serving(std::vector<LiveTableStatus> tables) {
  ServerStatus status;
  status.now = kNow;
  status.serving = true;
  status.tables = std::move(tables);
  return status;
}

JournalEntry Entry(const std::string& action, const std::string& outcome,
                   const std::string& detail = "") {
  JournalEntry entry;
  entry.time = kNow - absl::Minutes(3);
  entry.action = action;
  entry.table = {"discovery-mode", "control"};
  entry.outcome = outcome;
  entry.detail = detail;
  return entry;
}

auto Says(Verdict tone, const std::string& part) {
  return AllOf(Field(&StatusFault::tone, tone), Field(&StatusFault::sentence, HasSubstr(part)));
}

TEST(StatusFaultsTest, AFreshServerHasNone) {
  EXPECT_THAT(FaultsOf(Serving({Table(absl::Hours(1), {absl::Hours(2)})})), IsEmpty());
}

TEST(StatusFaultsTest, AnEmptyServerIsToldHowToLoad) {
  ServerStatus status = Serving({});
  status.serving = false;
  EXPECT_THAT(FaultsOf(status), ElementsAre(Says(Verdict::kBlock, "oasis snapshot load DIR")));
}

TEST(StatusFaultsTest, ARestartUnderWayIsNoFailure) {
  ServerStatus status = Serving({Table(absl::Hours(1))});
  status.serving = false;
  status.restoring = true;
  EXPECT_THAT(FaultsOf(status), ElementsAre(Says(Verdict::kWarn, "1 are back")));
}

TEST(StatusFaultsTest, StaleTablesSayHowOldTheyAreAndMayBe) {
  EXPECT_THAT(FaultsOf(Serving({Table(absl::Hours(30), {absl::Hours(24)})})),
              ElementsAre(Says(Verdict::kWarn,
                               "discovery-mode/control is STALE: its snapshot is 1d 6h old, the "
                               "limit is 1d 0h")));
  EXPECT_THAT(
      FaultsOf(Serving({Table(absl::Hours(30), {absl::Hours(24), WhenStale::kNotServing})})),
      ElementsAre(Says(Verdict::kBlock, "STALE")));
}

TEST(StatusFaultsTest, MissingTablesComeFirst) {
  ServerStatus status = Serving({Table(absl::Hours(30), {absl::Hours(24)})});
  status.missing = {{"house-ads", "control"}, {"house-ads", "bold", /*dropped=*/true}};
  EXPECT_THAT(FaultsOf(status),
              ElementsAre(Says(Verdict::kBlock, "house-ads/control is missing: the restart"),
                          Says(Verdict::kBlock, "house-ads/bold is missing: it made room"),
                          Says(Verdict::kWarn, "STALE")));
}

TEST(StatusFaultsTest, ATableThatFellBackNamesBothSnapshots) {
  LiveTableStatus table = Table(absl::Hours(1));
  table.marked = "tuesday";
  EXPECT_THAT(FaultsOf(Serving({table})),
              ElementsAre(Says(Verdict::kWarn,
                               "answers from monday, since the restart could not "
                               "restore tuesday")));
}

TEST(StatusFaultsTest, TheLastLoadOfATableIsNamedWithItsReasonIfItWasRefused) {
  ServerStatus status = Serving({Table(absl::Hours(1))});
  status.loads = {Entry("load", "DATA_LOSS", "scores-00000.sst: a flipped byte"),
                  Entry("load", "INVALID_ARGUMENT", "an older one")};
  EXPECT_THAT(FaultsOf(status), ElementsAre(Says(Verdict::kWarn,
                                                 "The last load of discovery-mode/control was "
                                                 "refused 3m 00s ago: scores-00000.sst")));
}

TEST(StatusFaultsTest, ARefusalIsOverWhenALoadCame) {
  ServerStatus status = Serving({Table(absl::Hours(1))});
  status.loads = {Entry("check", "FAILED_PRECONDITION"), Entry("load", "CANCELLED"),
                  Entry("load", "ok"), Entry("load", "DATA_LOSS")};
  EXPECT_THAT(FaultsOf(status), IsEmpty());
}

TEST(StatusFaultsTest, WhatCannotBeReadIsTold) {
  ServerStatus status = Serving({Table(absl::Hours(1))});
  status.unreadable = {"the journal: a flipped byte"};
  EXPECT_THAT(FaultsOf(status), ElementsAre(Says(Verdict::kWarn, "the journal: a flipped byte")));
}

}  // namespace
}  // namespace oasis
