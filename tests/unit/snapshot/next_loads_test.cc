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
                              const std::map<TableName, TableState>& tables,
                              const std::map<std::filesystem::path, std::string>& failed = {}) {
  std::vector<std::string> ids;
  for (const Candidate& next : NextLoads(candidates, tables, failed)) {
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
                   {{kControl, {.newest_published = TestTime(2)}}}),
              IsEmpty());
  EXPECT_THAT(Next({Make(kControl, "b", 2), Make(kControl, "c", 3)},
                   {{kControl, {.newest_published = TestTime(2)}}}),
              ElementsAre("c"));
}

TEST(NextLoadsTest, PassesOverWhatFailedAsItIs) {
  EXPECT_THAT(
      Next({Make(kControl, "a", 1), Make(kControl, "b", 2)}, {}, {{"/watched/b", "stamp-of-b"}}),
      ElementsAre("a"));
}

TEST(NextLoadsTest, TakesWhatFailedWhenItHasChanged) {
  EXPECT_THAT(Next({Make(kControl, "b", 2)}, {}, {{"/watched/b", "stamp-of-before"}}),
              ElementsAre("b"));
}

TEST(NextLoadsTest, TakesNothingForAPinnedTable) {
  EXPECT_THAT(Next({Make(kControl, "a", 1), Make(kArm, "x", 1)}, {{kControl, {.pinned = true}}}),
              ElementsAre("x"));
}

}  // namespace
}  // namespace oasis::testing
