// Sources that hang, crawl, or change while they are loaded: the load is refused or can be
// cancelled, and everybody else is served meanwhile.
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "fault/operations.h"
#include "support/sanitized.h"

namespace {

std::atomic<bool> g_hanging{false};  // reads of score files of a source wait as long as it is set
std::atomic<int> g_waiting{0};
std::atomic<int> g_delay_ms{0};  // of each of them

bool IsSource(int fd) {
  std::array<char, 4096> path;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return size > 0 && absl::StrContains(absl::string_view(path.data(), static_cast<size_t>(size)),
                                       "/sources/s3/scores-");
}

}  // namespace

// The linker takes this for the C library's.
extern "C" ssize_t read(int fd, void* bytes, size_t size) {
  if ((g_hanging || g_delay_ms > 0) && IsSource(fd)) {
    ++g_waiting;
    std::this_thread::sleep_for(std::chrono::milliseconds(g_delay_ms));
    while (g_hanging) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --g_waiting;
  }
  return static_cast<ssize_t>(syscall(SYS_read, fd, bytes, size));
}

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

class SlowSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Prepare(OperationOf("load"), WrittenSources(), temp_ / "data");
    Start();
  }
  void TearDown() override { g_hanging = false; }

  std::filesystem::path WrittenSources() {
    WriteSources(sources_);
    return sources_;
  }
  void Start() {
    server_.reset();
    auto server = FaultServer::Start(
        {.data = temp_ / "data", .fail_point = [this](LoadPhase phase) { return enter_(phase); }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }
  LoadReport Load(const LoadProgressFn& progress = NoLoadProgress()) {
    return server_->loader().Load(sources_ / "s3", kOperator, progress);
  }
  void ExpectServing(const std::string& id) {
    const auto view = server_->Look();
    ASSERT_THAT(view, IsOk());
    ExpectServes(*view, ModelSnapshotOf(id));
  }
  static std::vector<std::filesystem::path> FilesOf(const std::filesystem::path& dir) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(dir)) files.push_back(file.path());
    return files;
  }

  const TempDir temp_;
  const std::filesystem::path sources_ = temp_ / "sources";
  std::function<absl::Status(LoadPhase)> enter_ = [](LoadPhase) { return absl::OkStatus(); };
  std::unique_ptr<FaultServer> server_;
};

TEST_F(SlowSourceTest, APipeInPlaceOfAFileIsRefusedAtOnce) {
  int pipes = 0;
  for (const std::filesystem::path& file : FilesOf(sources_ / "s3")) {
    const std::string bytes = ReadFile(file);
    std::filesystem::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    const LoadReport report = Load();
    EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
    EXPECT_EQ(report.failed_in, LoadPhase::kVerify);
    EXPECT_THAT(std::string(report.status.message()), HasSubstr(file.string()));
    ExpectServing("s2");
    std::filesystem::remove(file);
    WriteFile(file, bytes);
    ++pipes;
  }
  TellCount("pipes in place of a snapshot's files", pipes);
}

TEST_F(SlowSourceTest, EverybodyElseIsServedWhileASourceHangs) {
  g_hanging = true;
  std::atomic<bool> cancel{false};
  LoadReport hung;
  std::thread load([&] {
    hung = Load([&](const LoadProgress&) {
      return cancel ? absl::CancelledError("enough") : absl::OkStatus();
    });
  });
  while (g_waiting == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));

  ExpectServing("s2");
  EXPECT_THAT(server_->book().Delete("o1", kOperator), IsOk());
  EXPECT_THAT(OperationOf("override put").run(*server_, sources_), IsOk());
  ExpectServing("s2");  // with these overrides
  EXPECT_THAT(server_->loader().Pin(kModelTable, "s2", kOperator), IsOk());
  EXPECT_THAT(server_->loader().Unpin(kModelTable, kOperator), IsOk());
  EXPECT_THAT(server_->loader().StateOf(kModelTable), IsOk());
  EXPECT_GT(server_->ReadWholeJournal().size(), 4U);
  int asked = 0;
  const LoadReport waiting =
      server_->loader().Rollback(kModelTable, "", kOperator, [&](const LoadProgress&) {
        return ++asked == 2 ? absl::CancelledError("I will not wait") : absl::OkStatus();
      });
  EXPECT_THAT(waiting.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("will not wait")));
  EXPECT_EQ(waiting.failed_in, LoadPhase::kWaiting);

  cancel = true;
  g_hanging = false;
  load.join();
  EXPECT_THAT(hung.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  ExpectServing("s2");
  EXPECT_EQ(Load().outcome, LoadOutcome::kPublished);
  ExpectServing("s3");
  TellCount("sources that hang", 1);
}

TEST_F(SlowSourceTest, ALoadFromASlowSourceEndsSoonAfterItsCancellation) {
  g_delay_ms = 50;
  int asked = 0;
  const LoadReport report = Load([&](const LoadProgress& step) {
    if (step.phase == LoadPhase::kVerify && step.done > 0) ++asked;
    return asked > 0 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_THAT(report.status, StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_EQ(report.failed_in, LoadPhase::kVerify);
  EXPECT_EQ(Load().outcome, LoadOutcome::kPublished);  // it only takes longer
  g_delay_ms = 0;
  ExpectServing("s3");
  TellCount("sources that crawl", 2);
}

struct Change {
  const char* name;
  std::function<void(const std::filesystem::path& file)> make;
};

void PutInPlace(const std::filesystem::path& file, const std::string& bytes) {
  const std::filesystem::path other = file.string() + ".other";
  WriteFile(other, bytes);
  std::filesystem::rename(other, file);
}

std::vector<Change> Changes() {
  return {
      {"grows", [](const auto& file) { std::ofstream(file, std::ios::app) << "more"; }},
      {"is written anew longer", [](const auto& file) { PutInPlace(file, ReadFile(file) + "x"); }},
      {"is cut", [](const auto& file) { PutInPlace(file, ReadFile(file).substr(0, 100)); }},
      {"becomes a pipe",
       [](const auto& file) {
         std::filesystem::remove(file);
         ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
       }},
      {"goes", [](const auto& file) { std::filesystem::remove(file); }},
      {"has another byte", [](const auto& file) { FlipByte(file, 40); }},
  };
}

TEST_F(SlowSourceTest, ASourceThatChangesInAnyPhaseIsRefusedOrAnswersWhole) {
  int tried = 0;
  int changes = 0;
  int refused = 0;
  for (auto phase = LoadPhase::kWaiting; phase <= LoadPhase::kDone;
       phase = static_cast<LoadPhase>(static_cast<int>(phase) + 1)) {
    for (const Change& change : Changes()) {
      for (const std::string file : {"scores-00001.sst", "MANIFEST.json"}) {
        if (kSanitized && ++tried % 5 != 0) continue;
        SCOPED_TRACE(std::string(LoadPhaseName(phase)) + ": " + file + " " + change.name);
        server_.reset();
        std::filesystem::remove_all(temp_ / "data");
        std::filesystem::remove_all(sources_);
        SetUp();
        bool changed = false;
        enter_ = [&](LoadPhase entered) {
          if (entered == phase && !changed) change.make(sources_ / "s3" / file);
          changed = changed || entered == phase;
          return absl::OkStatus();
        };
        const LoadReport report = Load();
        enter_ = [](LoadPhase) { return absl::OkStatus(); };
        const bool published = report.outcome == LoadOutcome::kPublished;
        EXPECT_TRUE(published || !report.status.message().empty());
        ExpectServing(published ? "s3" : "s2");
        Start();
        ExpectServing(published ? "s3" : "s2");
        if (HasFailure()) return;
        changes += static_cast<int>(changed);
        refused += static_cast<int>(!published);
      }
    }
  }
  TellCount("changes of a source while it is loaded (" + std::to_string(refused) + " refused)",
            changes);
}

}  // namespace
}  // namespace oasis::testing
