#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <functional>
#include <iterator>
#include <thread>

#include "unit/snapshot/store_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class StoreReplaceTest : public StoreTest {};

// Runs `work` where two names cannot change places, as in a sandbox or on an old file system: the
// system call fails for one thread, which ends then. False where that cannot be made up.
bool RunWithoutExchange(const std::function<void()>& work) {
  bool done = false;
  std::thread([&] {
    sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program = {std::size(steps), steps};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return;
    work();
    done = true;
  }).join();
  return done;
}

TEST_F(StoreReplaceTest, ReplacesADamagedCopy) {
  const Manifest manifest = Accept({.id = "a"});
  Publish("a");
  std::filesystem::remove_all(temp_ / "data/snapshots/discovery-mode/control/a/db");
  EXPECT_THAT(CountRows("a"), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("control/a/db")));
  EXPECT_THAT(store_->Replace(temp_ / "source-control-a", manifest, NoProgress()), IsOk());
  EXPECT_EQ(*CountRows("a"), 10);
  EXPECT_EQ(*store_->Live(kTable), "a");
}

TEST_F(StoreReplaceTest, AReplaceThatFailsLeavesTheOldCopy) {
  const Manifest manifest = Accept({.id = "a"});
  const std::filesystem::path source = temp_ / "source-control-a";
  const Progress cancel = [](int64_t, int64_t) { return absl::CancelledError("enough"); };
  EXPECT_THAT(store_->Replace(source, manifest, cancel),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("enough")));
  EXPECT_EQ(*CountRows("a"), 10);
  std::filesystem::remove(source / manifest.files.back().name);
  EXPECT_THAT(store_->Replace(source, manifest, NoProgress()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(manifest.files.back().name)));
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreReplaceTest, AReplaceLeavesNothingElse) {
  const Manifest manifest = Accept({.id = "a"});
  ASSERT_THAT(store_->Replace(temp_ / "source-control-a", manifest, NoProgress()), IsOk());
  int entries = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(temp_ / "data/snapshots/discovery-mode/control")) {
    EXPECT_EQ(entry.path().filename(), "a");
    ++entries;
  }
  EXPECT_EQ(entries, 1);
}

TEST_F(StoreReplaceTest, AcceptsAndReplacesWhereNamesCannotChangePlaces) {
  const auto accept_and_replace = [&] {
    const Manifest manifest = Accept({.id = "a"});
    std::filesystem::remove_all(temp_ / "data/snapshots/discovery-mode/control/a/db");
    EXPECT_THAT(store_->Replace(temp_ / "source-control-a", manifest, NoProgress()), IsOk());
  };
  if (!RunWithoutExchange(accept_and_replace)) GTEST_SKIP() << "cannot forbid a system call here";
  EXPECT_EQ(*CountRows("a"), 10);
}

TEST_F(StoreReplaceTest, CallsItsOwnDamagedManifestLostData) {
  Accept({.id = "a"});
  const std::filesystem::path file =
      temp_ / "data/snapshots/discovery-mode/control/a/MANIFEST.json";
  WriteFile(file, "rubbish");
  EXPECT_THAT(store_->GetManifest(kTable, "a"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file.string())));
  std::filesystem::remove(file);
  EXPECT_THAT(store_->GetManifest(kTable, "a"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr(file.string())));
}

TEST_F(StoreReplaceTest, SaysOnceToLoadADamagedCopyAgain) {
  const auto says_so = StatusIs(
      absl::StatusCode::kDataLoss,
      AllOf(EndsWith("; load the snapshot again, or build it again"), Not(HasSubstr("copy"))));
  const Manifest manifest = Accept({.id = "a"});
  const std::filesystem::path dir = temp_ / "data/snapshots/discovery-mode/control/a";
  Manifest other = manifest;
  other.files[0].first_key = TestKey(99);
  const auto row = [](int, const ItemRow&) { return absl::OkStatus(); };
  EXPECT_THAT(store_->ReadRows(kTable, "a", other, 2, row, NoProgress()), says_so);
  std::filesystem::remove_all(dir / "db");
  EXPECT_THAT(store_->ReadRows(kTable, "a", manifest, 2, row, NoProgress()), says_so);
  FlipByte(dir / "MANIFEST.json", 40);
  EXPECT_THAT(store_->GetManifest(kTable, "a"), says_so);
  std::filesystem::remove(dir / "MANIFEST.json");
  EXPECT_THAT(store_->GetManifest(kTable, "a"), says_so);
}

TEST_F(StoreReplaceTest, ReplacesOnlyWhatItHolds) {
  const Manifest manifest = MakeSnapshot(temp_ / "source", {.id = "a"});
  EXPECT_THAT(store_->Replace(temp_ / "source", manifest, NoProgress()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'a'")));
}

}  // namespace
}  // namespace oasis::testing
