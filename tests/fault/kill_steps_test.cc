// kill -9 at every phase and at every single step of the disk: after the restart everything is as
// before the operation or as after it, whole. This program is also the one that is killed: it calls
// itself.
#include <signal.h>

#include <string>

#include "fault/disk_faults.h"
#include "fault/operations.h"
#include "support/process.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

constexpr const char* kDieFlag = "--run-and-die";
constexpr int kKilled = 128 + SIGKILL;

// What the killed server does: starts, then runs the operation; dies on entering `phase` (-1: none)
// or at a step of the disk (0: none).
int RunAndDie(const std::string& operation_name, const std::filesystem::path& sources,
              const std::filesystem::path& data, int phase, int64_t step, bool torn) {
  const Operation& operation = OperationOf(operation_name);
  bool running = operation.starts_server;
  FaultServer::Options options = {.data = data};
  options.fail_point = [&](LoadPhase entered) {
    if (running && static_cast<int>(entered) == phase) raise(SIGKILL);
    return absl::OkStatus();
  };
  const DiskFault fault = torn ? DiskFault::kDieTorn : DiskFault::kDie;
  if (operation.starts_server) ArmDisk(fault, step);
  const auto server = FaultServer::Start(options);
  if (!server.ok()) return 2;
  if (operation.starts_server) return 0;
  running = true;
  ArmDisk(fault, step);
  return RunAt(operation, **server, sources).ok() ? 0 : 1;
}

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override { WriteSources(sources_); }

  void Begin(const Operation& operation) {
    std::filesystem::remove_all(template_);
    Prepare(operation, sources_, template_);
    before_ = ViewAfterStart(operation, sources_, template_, /*done=*/false);
    after_ = ViewAfterStart(operation, sources_, template_, /*done=*/true);
    ExpectServes(before_, ModelSnapshotOf("s2"));
    ExpectServes(after_, ModelSnapshotOf(after_.tables.at(kModelTable).marked));
    EXPECT_EQ(before_ == after_, operation.starts_server);
  }

  // The exit code of a server that was to die there.
  int RunIn(const Operation& operation, int phase, int64_t step, bool torn) {
    std::filesystem::remove_all(data_);
    CopyTree(template_, data_);
    Process server({"/proc/self/exe", kDieFlag, operation.name, sources_, data_,
                    std::to_string(phase), std::to_string(step), torn ? "torn" : "whole"});
    return server.Wait();
  }

  // Starts on what the dead server left; true when the operation had been done.
  bool ExpectWhole(const Operation& operation) {
    const auto server = FaultServer::Start({.data = data_, .now = TestTime(3'000)});
    EXPECT_THAT(server, IsOk());
    if (!server.ok()) return false;
    EXPECT_THAT((*server)->told(), ::testing::IsEmpty());  // a kill is no damage
    const auto view = (*server)->Look();
    EXPECT_THAT(view, IsOk());
    if (!view.ok()) return false;
    const bool done = *view == after_;
    EXPECT_TRUE(done || *view == before_) << *view << "before" << before_ << "after" << after_;
    (*server)->ReadWholeJournal();
    for (const auto& kept :
         std::filesystem::directory_iterator(data_ / "snapshots" / "discovery-mode" / "control")) {
      EXPECT_NE(kept.path().filename().string()[0], '.') << kept.path();
    }
    if (!done) {  // nothing stands in its way now
      EXPECT_THAT(RunAt(operation, **server, sources_), IsOk());
      EXPECT_EQ((*server)->Look().value_or(View()), after_);
    }
    return done;
  }

  TempDir temp_;
  const std::filesystem::path sources_ = temp_ / "sources";
  const std::filesystem::path template_ = temp_ / "template";
  const std::filesystem::path data_ = temp_ / "data";
  View before_;
  View after_;
};

TEST_F(KillTest, AtEveryPhaseLeavesWhatWasPublishedLast) {
  int kills = 0;
  for (const Operation& operation : Operations()) {
    Begin(operation);
    for (auto phase = LoadPhase::kWaiting; phase <= LoadPhase::kDone;
         phase = static_cast<LoadPhase>(static_cast<int>(phase) + 1)) {
      SCOPED_TRACE(operation.name + " in " + std::string(LoadPhaseName(phase)));
      const int exit_code = RunIn(operation, static_cast<int>(phase), 0, false);
      ASSERT_TRUE(exit_code == 0 || exit_code == kKilled) << exit_code;
      if (exit_code == 0) continue;  // it has no such phase
      ++kills;
      EXPECT_EQ(ExpectWhole(operation), operation.starts_server || phase >= LoadPhase::kRetire);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(kills, 20);
  TellCount("kill -9 on entering a phase", kills);
}

class KillStepTest : public KillTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(KillStepTest, AtEveryStepOfTheDiskLeavesItAsBeforeOrAsAfter) {
  const Operation& operation = OperationOf(GetParam());
  Begin(operation);
  for (const bool torn : {false, true}) {
    int kills = 0;
    int done = 0;
    for (int64_t step = 1;; step += kSanitized ? 7 : 1) {
      SCOPED_TRACE(operation.name + (torn ? ", write " : ", step ") + std::to_string(step));
      const int exit_code = RunIn(operation, -1, step, torn);
      ASSERT_TRUE(exit_code == 0 || exit_code == kKilled) << exit_code;
      const bool now_done = ExpectWhole(operation);
      if (HasFailure()) return;
      EXPECT_GE(now_done, done > 0) << "what was done is undone by a later kill";
      if (exit_code == 0) break;
      ++kills;
      done += static_cast<int>(now_done);
    }
    EXPECT_GT(kills, 0);
    TellCount("kill -9 " + std::string(torn ? "in a write" : "before a step") + " of " +
                  operation.name + " (" + std::to_string(kills - done) + " undone)",
              kills);
  }
}

std::vector<std::string> OperationNames() {
  std::vector<std::string> names;
  for (const Operation& operation : Operations()) names.push_back(operation.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Operations, KillStepTest, ::testing::ValuesIn(OperationNames()),
                         [](const auto& operation) {
                           std::string name = operation.param;
                           std::erase_if(name, [](char c) { return c == ' ' || c == '-'; });
                           return name;
                         });

}  // namespace
}  // namespace oasis::testing

int main(int argc, char** argv) {
  if (argc == 8 && argv[1] == std::string(oasis::testing::kDieFlag)) {
    return oasis::testing::RunAndDie(argv[2], argv[3], argv[4], std::stoi(argv[5]),
                                     std::stoll(argv[6]), argv[7] == std::string("torn"));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
