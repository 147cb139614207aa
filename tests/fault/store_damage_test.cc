// Bytes of the store changed on the disk, and its files cut short: the start finds all that was
// there, or says what is damaged, and at worst serves an older kept snapshot, whole, until the
// damaged one is loaded again. Every k-th byte is tried, from an offset by a seed.
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fault/disk_faults.h"
#include "fault/operations.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

constexpr unsigned kSeed = 20261122;
constexpr size_t kSparser = kSanitized ? 20 : 1;

class StoreDamageTest : public ::testing::Test {
 protected:
  // s1, s2 and s3 were live in turn; overrides and a pin came and went. Six starts lie between, so
  // that the state has several files.
  void SetUp() override {
    WriteSources(temp_ / "sources");
    for (const char* id : {"s1", "s2", "s3"}) {
      const auto server = FaultServer::Start({.data = template_, .keep = 3});
      ASSERT_THAT(server, IsOk());
      const std::filesystem::path source = temp_ / "sources" / id;
      const LoadReport report = (*server)->loader().Load(source, kOperator, NoLoadProgress());
      ASSERT_THAT(OutcomeOf(report), IsOk());
    }
    for (const char* name : {"pin", "override put", "override replace"}) {
      const auto server = FaultServer::Start({.data = template_, .keep = 3});
      ASSERT_THAT(server, IsOk());
      ASSERT_THAT(OperationOf(name == std::string("pin") ? "override put" : name)
                      .run(**server, temp_ / "sources"),
                  IsOk());
      if (name != std::string("pin")) continue;  // override put comes twice, once with a pin
      ASSERT_THAT((*server)->loader().Pin(kModelTable, "s3", kOperator), IsOk());
      ASSERT_THAT((*server)->loader().Unpin(kModelTable, kOperator), IsOk());
    }
    const auto server = FaultServer::Start({.data = template_, .keep = 3});
    ASSERT_THAT(server, IsOk());
    const auto view = (*server)->Look();
    ASSERT_THAT(view, IsOk());
    whole_ = *view;
    ExpectServes(whole_, ModelSnapshotOf("s3"));
    ASSERT_EQ(whole_.overrides.size(), 2U);
  }

  static std::vector<std::filesystem::path> FilesBelow(const std::filesystem::path& dir) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(dir)) {
      if (file.is_regular_file()) files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // Gives each damaged form of a file to `start`: every `flips`-th byte with a bit changed, every
  // `cuts`-th length.
  void ForEachDamage(const std::filesystem::path& file, size_t flips, size_t cuts,
                     const std::function<void(const std::string& bytes)>& start) {
    const std::string whole = ReadFile(file);
    flips *= kSparser;
    cuts *= kSparser;
    for (size_t at = random_() % flips; at < whole.size() && !HasFailure(); at += flips) {
      SCOPED_TRACE(file.string() + " changed at " + std::to_string(at));
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << random_() % 8);
      start(bytes);
      ++flipped_;
    }
    for (size_t size = random_() % cuts; size < whole.size() && !HasFailure(); size += cuts) {
      SCOPED_TRACE(file.string() + " cut to " + std::to_string(size));
      start(whole.substr(0, size));
      ++cut_;
    }
  }

  // Everything is as it was; or a failure was told, and an older snapshot is served, whole.
  void Check(const FaultServer& server) {
    const auto view = server.Look();
    if (!view.ok()) {
      EXPECT_THAT(view.status().message(), ::testing::HasSubstr(temp_.path().string()));
      ++refused_;
      return;
    }
    if (*view == whole_) {
      ++same_;
      return;
    }
    EXPECT_EQ(view->overrides, whole_.overrides);
    ASSERT_FALSE(server.reports().empty());
    EXPECT_EQ(server.reports()[0].outcome, LoadOutcome::kFailed) << *view;
    EXPECT_EQ(server.reports()[0].snapshot_id, "s3");
    EXPECT_THAT(std::string(server.reports()[0].status.message()),
                ::testing::AllOf(::testing::HasSubstr(temp_.path().string()),
                                 ::testing::HasSubstr("load the snapshot again")));
    ExpectServes(*view, ModelSnapshotOf("s2"));
    ++fell_back_;
  }

  void Tell(const std::string& what) const {
    const std::string ends = absl::StrCat(" (", same_, " without effect, ", refused_, " refused, ",
                                          fell_back_, " fell back, all told)");
    TellCount(absl::StrCat("changed bytes and lengths of ", what, ends), flipped_ + cut_);
  }

  const TempDir temp_;
  const std::filesystem::path template_ = temp_ / "template";
  std::mt19937 random_{kSeed};
  View whole_;
  int64_t flipped_ = 0;
  int64_t cut_ = 0;
  int64_t same_ = 0;
  int64_t refused_ = 0;
  int64_t fell_back_ = 0;
};

TEST_F(StoreDamageTest, ADamagedStateIsRefusedOrHasLostNothing) {
  const std::filesystem::path data = temp_ / "data";
  CopyTree(template_, data);
  for (const std::filesystem::path& file : FilesBelow(template_ / "state")) {
    const std::string name = file.filename().string();
    const bool options = absl::StartsWith(name, "OPTIONS");  // which RocksDB never reads
    const bool rows = absl::EndsWith(name, ".sst");
    ForEachDamage(file,
                  options ? 997
                  : rows  ? 13
                          : 2,
                  options ? 997
                  : rows  ? 41
                          : 4,
                  [&](const std::string& bytes) {
                    std::filesystem::remove_all(data / "state");
                    CopyTree(template_ / "state", data / "state");
                    WriteFile(data / "state" / name, bytes);
                    const auto server = FaultServer::Start({.data = data, .keep = 3});
                    if (server.ok()) return Check(**server);
                    EXPECT_THAT(server.status().message(), ::testing::HasSubstr(data.string()));
                    ++refused_;
                  });
  }
  EXPECT_EQ(fell_back_, 0);
  EXPECT_GT(refused_, same_);
  Tell("the state");
}

class KeptDamageTest : public StoreDamageTest, public ::testing::WithParamInterface<bool> {};

TEST_P(KeptDamageTest, ADamagedKeptSnapshotAnswersTheSameOrAnOlderOneDoes) {
  const auto server = FaultServer::Start({.data = template_, .keep = 3});
  ASSERT_THAT(server, IsOk());
  const std::filesystem::path kept = template_ / "snapshots/discovery-mode/control/s3";
  if (!GetParam()) std::filesystem::remove(kept / "table");
  for (const std::filesystem::path& file : FilesBelow(kept)) {
    const std::string name = file.filename().string();
    if (GetParam() && name == kManifestFile) continue;  // the same either way
    const bool unread = absl::StartsWith(name, "OPTIONS") || GetParam() == (name != "table");
    const std::string whole = ReadFile(file);
    ForEachDamage(file,
                  unread            ? 211
                  : name == "table" ? 5
                                    : 2,
                  unread ? 997 : 7, [&](const std::string& bytes) {
                    std::filesystem::remove(file);  // its bytes may be shared
                    WriteFile(file, bytes);
                    ASSERT_THAT((*server)->RestoreAgain(), IsOk());
                    Check(**server);
                  });
    std::filesystem::remove(file);
    WriteFile(file, whole);
  }
  EXPECT_EQ(refused_, 0);
  EXPECT_EQ(fell_back_ == 0, GetParam()) << "a damaged table is built again";
  Tell(GetParam() ? "a kept table" : "a kept snapshot without its table");
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutItsTable, KeptDamageTest, ::testing::Bool());

}  // namespace
}  // namespace oasis::testing
