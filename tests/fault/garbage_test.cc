// Things in the server's directories that nobody put there for it, and two servers on one of them.
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>

#include "fault/operations.h"
#include "support/process.h"
#include "support/watcher_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kServeFlag = "--serve";

// Starts a server, says so, and stays; says nothing and ends when it may not.
int Serve(const std::filesystem::path& data, const std::filesystem::path& started) {
  const auto server = FaultServer::Start({.data = data});
  if (!server.ok()) return absl::IsFailedPrecondition(server.status()) ? 3 : 4;
  WriteFile(started / std::to_string(getpid()), "");
  while (true) pause();
}

// Puts all kinds of things into `dir`; returns how many.
int PutGarbageInto(const std::filesystem::path& dir) {
  std::mt19937 random(20261122);
  std::string noise(5'000, '\0');
  std::generate(noise.begin(), noise.end(), [&] { return static_cast<char>(random()); });
  const std::vector<std::string> names = {
      "file", ".hidden", "a name with spaces",  "new\nline",     "\xff\xfe no UTF-8",
      "-rf",  "%s%n",    std::string(255, 'x'), "MANIFEST.json", "LOCK~",
      "core", "s1",      ".s1.accepting",       "CURRENT"};
  int count = 0;
  for (const std::string& name : names) {
    if (std::filesystem::exists(dir / name)) continue;
    WriteFile(dir / name, noise);
    ++count;
  }
  for (const std::string name : {"empty", "lost+found", ".dir", "nested/a/b/c/d/e/f", "..."}) {
    std::filesystem::create_directories(dir / name);
    ++count;
  }
  std::filesystem::create_symlink(dir / "loop", dir / "loop");
  std::filesystem::create_symlink("/nowhere", dir / "dangling");
  std::filesystem::create_directory_symlink(dir, dir / "myself");
  mkfifo((dir / "pipe").c_str(), 0600);
  return count + 4;
}

TEST(GarbageTest, TheStoreTakesNoNoticeOfWhatIsNotItsOwn) {
  const TempDir temp;
  WriteSources(temp / "sources");
  const Operation& load = OperationOf("load");
  Prepare(load, temp / "sources", temp / "data");
  const View before = ViewAfterStart(load, temp / "sources", temp / "data", /*done=*/false);
  const View after = ViewAfterStart(load, temp / "sources", temp / "data", /*done=*/true);
  int count = 0;
  for (const char* dir :
       {"", "state", "snapshots", "snapshots/discovery-mode", "snapshots/discovery-mode/control",
        "snapshots/discovery-mode/control/s2", "snapshots/discovery-mode/control/s2/db"}) {
    SCOPED_TRACE(dir);
    const std::filesystem::path data = temp / "data with garbage";
    std::filesystem::remove_all(data);
    CopyTree(temp / "data", data);
    // RocksDB would be right to refuse another file in place of its own.
    count += PutGarbageInto(data / dir);
    auto server = FaultServer::Start({.data = data});
    ASSERT_THAT(server, IsOk());
    EXPECT_EQ((*server)->Look().value_or(View()), before);
    EXPECT_THAT(RunAt(load, **server, temp / "sources"), IsOk());
    EXPECT_EQ((*server)->Look().value_or(View()), after);
    server->reset();
    server = FaultServer::Start({.data = data, .now = TestTime(3'000)});
    ASSERT_THAT(server, IsOk());
    EXPECT_EQ((*server)->Look().value_or(View()), after);
  }
  TellCount("things in the store that are not its own", count);
}

using GarbageWatchTest = WatcherTest;

TEST_F(GarbageWatchTest, TheWatcherTakesWhatIsGoodAndTellsOnceOfTheRest) {
  int count = PutGarbageInto(watched_);
  const auto bad_manifest = [&](const std::string& name, const std::string& json) {
    std::filesystem::create_directory(watched_ / name);
    WriteFile(watched_ / name / "MANIFEST.json", json);
    ++count;
  };
  bad_manifest("nothing", "");
  bad_manifest("noise", "\x01\x02\xff");
  bad_manifest("deep", std::string(100'000, '['));
  bad_manifest("object", "{}");
  bad_manifest("huge", "{");
  std::filesystem::resize_file(watched_ / "huge/MANIFEST.json", int64_t{1} << 40);  // sparse
  std::filesystem::create_directories(watched_ / "directory/MANIFEST.json");
  std::filesystem::create_directory(watched_ / "piped");
  mkfifo((watched_ / "piped/MANIFEST.json").c_str(), 0600);
  std::filesystem::create_directory(watched_ / "itself");
  std::filesystem::create_symlink("MANIFEST.json", watched_ / "itself/MANIFEST.json");
  count += 3;
  Put({.id = "good", .score = 500});

  const std::vector<std::string> loaded = Poll();
  EXPECT_THAT(loaded, Contains("good published"));
  EXPECT_EQ(std::count(loaded.begin(), loaded.end(), "? failed") + 1, std::ssize(loaded));
  EXPECT_GE(loaded.size(), 6U);
  EXPECT_EQ(Score(), 500);
  EXPECT_THAT(Poll(), IsEmpty()) << "refused as it is, not tried again";
  Put({.id = "next", .created = TestTime(1), .score = 600});
  EXPECT_THAT(Poll(), Contains("next published"));  // and the link to the directory has changed
  EXPECT_EQ(Score(), 600);
  TellCount("things in the watched directory that are no snapshots", count);
}

TEST(TwoServersTest, OneServesAndTheOthersSayWhoItIs) {
  constexpr int kServers = 6;
  constexpr int kRounds = 3;
  const TempDir temp;
  WriteSources(temp / "sources");
  Prepare(OperationOf("load"), temp / "sources", temp / "data");
  std::filesystem::create_directory(temp / "started");
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::unique_ptr<Process>> servers;
    for (int i = 0; i < kServers; ++i) {
      servers.push_back(std::make_unique<Process>(
          std::vector<std::string>{"/proc/self/exe", kServeFlag, temp / "data", temp / "started"}));
    }
    int ended = 0;
    while (ended < kServers - 1 || std::filesystem::is_empty(temp / "started")) {
      ended = 0;
      for (const auto& server : servers) {
        if (server->WaitExit(std::chrono::milliseconds(1))) ++ended;
      }
      ASSERT_LT(ended, kServers);
    }
    for (const auto& server : servers) {
      EXPECT_TRUE(server->running() || server->Wait() == 3);
    }
    const auto one =
        std::find_if(servers.begin(), servers.end(), [](const auto& s) { return s->running(); });
    const std::string pid = std::to_string((*one)->pid());
    EXPECT_TRUE(std::filesystem::remove(temp / "started" / pid));
    EXPECT_TRUE(std::filesystem::is_empty(temp / "started"));
    EXPECT_THAT(FaultServer::Start({.data = temp / "data"}).status(),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         AllOf(HasSubstr((temp / "data").string()), HasSubstr("process " + pid))));
    (*one)->Signal(SIGKILL);
    (*one)->Wait();
    const auto server = FaultServer::Start({.data = temp / "data"});
    ASSERT_THAT(server, IsOk());  // the lock went with it
    ExpectServes(*(*server)->Look(), ModelSnapshotOf("s2"));
  }
  TellCount("servers started on a data directory in use", kRounds * kServers);
}

}  // namespace
}  // namespace oasis::testing

int main(int argc, char** argv) {
  if (argc == 4 && argv[1] == std::string(oasis::testing::kServeFlag)) {
    return oasis::testing::Serve(argv[2], argv[3]);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
