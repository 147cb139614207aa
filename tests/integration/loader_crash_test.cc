// A server killed in the midst of a load serves the last published snapshot afterwards, whole. This
// program is also the one that is killed: it calls itself.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>

#include "support/loader_support.h"
#include "support/process.h"

namespace oasis::testing {
namespace {

constexpr const char* kLoadFlag = "--load-and-die";

// What the killed server does: restore, then load `source`; dies on entering `phase`.
int LoadAndDie(const std::filesystem::path& data, const std::filesystem::path& source, int phase) {
  const std::shared_ptr<Store> store = OpenStore(data);
  const auto tables = std::make_shared<LiveTables>();
  Loader::Options options;
  options.huge_pages = false;
  options.low_priority = false;
  options.fail_point = [phase](LoadPhase entered) {
    if (static_cast<int>(entered) == phase) raise(SIGKILL);
    return absl::OkStatus();
  };
  Loader loader(store, tables, options);
  return loader.Load(source, kAlice, NoLoadProgress()).outcome == LoadOutcome::kPublished ? 0 : 1;
}

class LoaderCrashTest : public LoaderFixture {
 protected:
  static constexpr int kItems = 20'000;
  static constexpr int kNoPhase = -1;

  void SetUp() override {
    MustLoad({.id = "s1", .items = kItems, .score = 500, .items_per_file = 5000});
    source_ = Make({.id = "s2", .items = kItems, .score = 600, .items_per_file = 5000});
  }

  std::unique_ptr<Process> StartLoad(int phase) {
    loader_.reset();
    store_.reset();
    return std::make_unique<Process>(std::vector<std::string>{"/proc/self/exe", kLoadFlag, data_,
                                                              source_, std::to_string(phase)});
  }

  // Restores, and holds every item against the snapshot that is live.
  void ExpectWhole(const std::string& live) {
    Restart();
    const std::vector<LoadReport> reports = loader_->Restore();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_THAT(reports[0].status, IsOk());
    EXPECT_EQ(reports[0].snapshot_id, live);
    const std::shared_ptr<const Table> table = AllTables(*tables_).at(0);
    EXPECT_EQ(table->items(), kItems);
    const FallbackChain chain = table->contexts().Resolve("radio", "", "");
    for (int i = 0; i < kItems; ++i) {
      ASSERT_EQ(table->Explain(TestKey(i), chain, 0).quantised, live == "s1" ? 500 : 600) << i;
    }
    for (const auto& entry : std::filesystem::directory_iterator(KeptDir("x").parent_path())) {
      EXPECT_NE(entry.path().filename().string()[0], '.') << entry.path();
    }
  }

  std::filesystem::path source_;
};

class LoaderCrashPhaseTest : public LoaderCrashTest,
                             public ::testing::WithParamInterface<LoadPhase> {};

TEST_P(LoaderCrashPhaseTest, ServesTheLastPublishedSnapshotAfterAKillInIt) {
  StartLoad(static_cast<int>(GetParam()))->WaitExit(std::chrono::seconds(60));
  ExpectWhole(GetParam() < LoadPhase::kRetire ? "s1" : "s2");
  EXPECT_NE(Load(source_).outcome, LoadOutcome::kFailed);
  EXPECT_EQ(Score(), 600);
}

INSTANTIATE_TEST_SUITE_P(Phases, LoaderCrashPhaseTest,
                         ::testing::Values(LoadPhase::kVerify, LoadPhase::kIngest,
                                           LoadPhase::kBuild, LoadPhase::kWarm, LoadPhase::kPublish,
                                           LoadPhase::kRetire),
                         [](const auto& phase) { return std::string(LoadPhaseName(phase.param)); });

TEST_F(LoaderCrashTest, ServesAWholeSnapshotAfterAKillAtAnyMoment) {
  // How long a whole load takes, so that the kills fall into all of it.
  const auto begin = std::chrono::steady_clock::now();
  StartLoad(kNoPhase)->WaitExit(std::chrono::seconds(60));
  const auto whole = std::chrono::steady_clock::now() - begin;
  ExpectWhole("s2");

  std::mt19937 random(7);
  std::uniform_real_distribution<double> share(0.0, 1.1);
  std::string live = "s2";
  for (int i = 0; i < 20; ++i) {
    const std::string next = live == "s1" ? "s2" : "s1";
    source_ = temp_ / ("discovery-mode-control-" + next);
    const bool replaces = i % 4 == 1;
    if (i % 2 == 0) {  // as a new one every other time, else as one that is kept
      ASSERT_THAT(store_->Remove(kTable, next), IsOk());
    } else if (replaces) {  // in turns a damaged one
      Damage(next);
    }
    const std::unique_ptr<Process> server = StartLoad(kNoPhase);
    std::this_thread::sleep_for(whole * share(random));
    server->Signal(SIGKILL);
    server->WaitExit(std::chrono::seconds(60));
    EXPECT_TRUE(!replaces || std::filesystem::exists(KeptDir(next) / "MANIFEST.json"));
    Restart();
    live = Live();
    ASSERT_TRUE(live == "s1" || live == "s2") << live;
    ExpectWhole(live);
    const std::string other = live == "s1" ? "s2" : "s1";
    if (Kept().size() < 2) {
      Load(temp_ / ("discovery-mode-control-" + other));
      live = Live();
    }
  }
}

}  // namespace
}  // namespace oasis::testing

int main(int argc, char** argv) {
  if (argc == 5 && argv[1] == std::string(oasis::testing::kLoadFlag)) {
    return oasis::testing::LoadAndDie(argv[2], argv[3], std::stoi(argv[4]));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
