// A disk that fails or is full at every single step: an operation that fails has changed nothing,
// one that says it was done was done, what is served stays whole, and all is well when the disk is.
#include <string>

#include "fault/disk_faults.h"
#include "fault/operations.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

struct Case {
  std::string operation;
  DiskFault fault;

  friend std::ostream& operator<<(std::ostream& out, const Case& tested) {
    return out << tested.operation;
  }
};

std::string FaultName(DiskFault fault) {
  return fault == DiskFault::kOnce   ? "one error"
         : fault == DiskFault::kDead ? "dead disk"
                                     : "full disk";
}

class DiskErrorTest : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    WriteSources(sources_);
    Prepare(operation_, sources_, template_);
    before_ = ViewAfterStart(operation_, sources_, template_, /*done=*/false);
    after_ = ViewAfterStart(operation_, sources_, template_, /*done=*/true);
  }

  // True when the fault struck.
  bool RunWithFaultAt(int64_t step) {
    std::filesystem::remove_all(data_);
    CopyTree(template_, data_);
    if (operation_.starts_server) ArmDisk(GetParam().fault, step);
    auto server = FaultServer::Start({.data = data_});
    if (!operation_.starts_server) ArmDisk(GetParam().fault, step);
    absl::Status status = server.status();
    if (server.ok()) status = RunAt(operation_, **server, sources_);
    absl::StatusOr<View> meanwhile = absl::UnavailableError("it did not start");
    if (server.ok()) meanwhile = (*server)->Look();
    const DiskSteps disk = DisarmDisk();
    SCOPED_TRACE(disk.fault + ": " + status.ToString());
    // While the disk fails: what is served is served whole.
    if (meanwhile.ok() && !operation_.starts_server) ExpectOneOfBoth(*meanwhile);
    failed_ += static_cast<int>(!status.ok());
    if (server.ok()) {
      const auto now = (*server)->Look();
      EXPECT_THAT(now, IsOk());
      if (now.ok()) CheckResult(status, *now);
      server->reset();
    }
    // After a restart on a disk that works.
    server = FaultServer::Start({.data = data_, .now = TestTime(3'000)});
    EXPECT_THAT(server, IsOk());
    if (!server.ok()) return true;
    EXPECT_THAT((*server)->told(), ::testing::IsEmpty());
    const auto view = (*server)->Look();
    EXPECT_THAT(view, IsOk());
    if (!view.ok()) return true;
    CheckResult(status, *view);
    if (*view != after_) {
      EXPECT_THAT(RunAt(operation_, **server, sources_), IsOk());
      EXPECT_EQ((*server)->Look().value_or(View()), after_);
    }
    for (const JournalEntry& entry : (*server)->ReadWholeJournal()) {
      EXPECT_NE(entry.action, kOverrideRefused) << "what may be on the disk: " << entry.detail;
    }
    return !disk.fault.empty();
  }

  void ExpectOneOfBoth(const View& view) const {
    EXPECT_TRUE(Same(view, before_) || Same(view, after_))
        << view << "before" << before_ << "after" << after_;
  }

  // What is kept besides may differ: a snapshot that could not be pruned goes with the next load.
  static bool Same(View a, View b) {
    for (View* view : {&a, &b}) {
      for (auto& [name, table] : view->tables) table.kept.clear();
    }
    return a == b;
  }

  void CheckResult(const absl::Status& status, const View& view) const {
    ExpectOneOfBoth(view);
    EXPECT_TRUE(!status.ok() || Same(view, after_)) << "it said that it was done" << view;
    EXPECT_TRUE(status.ok() || !status.message().empty());
  }

  const Operation& operation_ = OperationOf(GetParam().operation);
  TempDir temp_;
  const std::filesystem::path sources_ = temp_ / "sources";
  const std::filesystem::path template_ = temp_ / "template";
  const std::filesystem::path data_ = temp_ / "data";
  View before_;
  View after_;
  int failed_ = 0;
};

TEST_P(DiskErrorTest, AtEveryStepLeavesItAsBeforeOrAsAfter) {
  int injected = 0;
  for (int64_t step = 1;; step += kSanitized ? 7 : 1) {
    SCOPED_TRACE(GetParam().operation + ", step " + std::to_string(step));
    if (!RunWithFaultAt(step)) break;
    if (HasFailure()) return;
    ++injected;
  }
  EXPECT_GT(injected, 0);
  TellCount(FaultName(GetParam().fault) + " in " + GetParam().operation + " (" +
                std::to_string(failed_) + " refused)",
            injected);
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Operation& operation : Operations()) {
    for (const DiskFault fault : {DiskFault::kOnce, DiskFault::kDead, DiskFault::kFull}) {
      cases.push_back({operation.name, fault});
    }
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Operations, DiskErrorTest, ::testing::ValuesIn(Cases()),
                         [](const auto& tested) {
                           std::string name =
                               tested.param.operation + FaultName(tested.param.fault);
                           std::erase_if(name, [](char c) { return c == ' ' || c == '-'; });
                           return name;
                         });

}  // namespace
}  // namespace oasis::testing
