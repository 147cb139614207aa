#include <string>
#include <vector>

#include "oasis/watcher.h"
#include "support/snapshot_support.h"

namespace oasis::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TableName kControl = {"discovery-mode", "control"};
const TableName kArm = {"discovery-mode", "arm"};

Candidate Make(const TableName& table, const std::string& id, int minutes) {
  return {"/watched/" + id, table, id, TestTime(minutes), "stamp-of-" + id};
}

std::vector<std::string> Next(const std::vector<Candidate>& candidates,
                              std::map<TableName, TableState> tables,
                              const std::map<std::filesystem::path, FailedLoad>& failed = {},
                              absl::Time now = TestTime(100)) {
  for (const Candidate& candidate : candidates) tables.try_emplace(candidate.table);
  std::vector<std::string> ids;
  for (const Candidate& next : NextLoads(candidates, tables, failed, now)) {
    ids.push_back(next.snapshot_id);
  }
  return ids;
}

TEST(NextLoadsTest, TakesTheNewestOfEachTable) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kControl, "c", 3), Make(kControl, "b", 2),
                    Make(kArm, "x", 1)},
                   {}),
              ElementsAre("x", "c"));
}

TEST(NextLoadsTest, GoesOnlyForward) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kControl, "b", 2)},
                   {{kControl, {.serving = "b", .newest_published = TestTime(2)}}}),
              IsEmpty());
  EXPECT_THAT(Next({Make(kControl, "b", 2), Make(kControl, "c", 3)},
                   {{kControl, {.serving = "b", .newest_published = TestTime(2)}}}),
              ElementsAre("c"));
}

TEST(NextLoadsTest, TakesTheNewestAgainWhereNothingIsServed) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kControl, "b", 2)},
                   {{kControl, {.newest_published = TestTime(2)}}}),
              ElementsAre("b"));
}

TEST(NextLoadsTest, TakesNothingAgainThatWasRolledBackFrom) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kControl, "b", 2)},
                   {{kControl, {.newest_published = TestTime(2), .rejected = {{"b", 0}}}}}),
              ElementsAre("a"));
}

TEST(NextLoadsTest, TakesNothingForATableOfWhichNothingIsKnown) {
  EXPECT_TRUE(NextLoads({Make(kControl, "a", 1)}, {}, {}, TestTime(100)).empty());
}

TEST(NextLoadsTest, PassesOverWhatFailedAsItIs) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kControl, "b", 2)}, {},
                   {{"/watched/b", {.stamp = "stamp-of-b"}}}),
              ElementsAre("a"));
}

TEST(NextLoadsTest, TriesAgainInItsTimeWhatMayPass) {
  const std::map<std::filesystem::path, FailedLoad> failed = {
      {"/watched/b", {.stamp = "stamp-of-b", .wait = absl::Minutes(10), .again = TestTime(50)}}};
  EXPECT_THAT(Next({Make(kControl, "b", 2)}, {}, failed, TestTime(49)), IsEmpty());
  EXPECT_THAT(Next({Make(kControl, "b", 2)}, {}, failed, TestTime(40)), IsEmpty());
  EXPECT_THAT(Next({Make(kControl, "b", 2)}, {}, failed, TestTime(39)), ElementsAre("b"))
      << "the clock was put back";
  EXPECT_THAT(Next({Make(kControl, "b", 2)}, {}, failed, TestTime(50)), ElementsAre("b"));
}

TEST(NextLoadsTest, TakesWhatFailedWhenItHasChanged) {
  EXPECT_THAT(Next({Make(kControl, "b", 2)}, {}, {{"/watched/b", {.stamp = "stamp-of-before"}}}),
              ElementsAre("b"));
}

TEST(NextLoadsTest, TakesThePinnedSnapshotOnlyForAPinnedTable) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kControl, "b", 2), Make(kArm, "x", 1)},
                   {{kControl, {.pinned = "a"}}, {kArm, {.pinned = "y"}}}),
              ElementsAre("a"));
}

}  // namespace
}  // namespace oasis::testing
