// Every byte of a small snapshot changed, and every length its files can be cut to: the load is
// refused and nothing changes, or the answers are the same.
#include <string>

#include "fault/operations.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

class SourceDamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteSources(temp_.path());
    auto server = FaultServer::Start({.data = temp_ / "data", .keep = 1});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    Publish("s1");
    for (const auto& file : std::filesystem::directory_iterator(temp_ / "s2")) {
      files_.push_back(file.path());
    }
    std::sort(files_.begin(), files_.end());
  }

  // s1 is live, and s2 is not kept.
  void Publish(const std::string& id) {
    ASSERT_THAT(OutcomeOf(server_->loader().Load(temp_ / id, kOperator, NoLoadProgress())), IsOk());
  }

  // Loads s2 with `bytes` in place of one file's.
  void LoadWith(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::remove(file);  // what is kept may share its bytes
    WriteFile(file, bytes);
    const LoadReport report = server_->loader().Load(temp_ / "s2", kOperator, NoLoadProgress());
    const bool taken = report.outcome == LoadOutcome::kPublished;
    ASSERT_TRUE(taken || !report.status.message().empty());
    const auto view = server_->Look();
    ASSERT_THAT(view, IsOk());
    ExpectServes(*view, ModelSnapshotOf(taken ? "s2" : "s1"));
    ASSERT_EQ(view->tables.at(kModelTable).kept.size(), 1U);
    ++(taken ? taken_ : refused_);
    if (taken) Publish("s1");
  }

  void Tell(const std::string& what) const {
    TellCount(what + " (" + std::to_string(taken_) + " taken, with the same answers)",
              taken_ + refused_);
  }

  const TempDir temp_;
  std::vector<std::filesystem::path> files_;  // of s2
  std::unique_ptr<FaultServer> server_;
  int64_t taken_ = 0;
  int64_t refused_ = 0;
};

TEST_F(SourceDamageTest, AChangedByteIsRefusedOrChangesNoAnswer) {
  ASSERT_GE(files_.size(), 3U);
  for (const std::filesystem::path& file : files_) {
    const std::string whole = ReadFile(file);
    for (size_t at = 0; at < whole.size(); at += kSanitized ? 31 : 1) {
      SCOPED_TRACE(file.filename().string() + " at " + std::to_string(at));
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 1 << at % 8);  // each of the bits in turn
      LoadWith(file, bytes);
      if (HasFailure()) return;
    }
    WriteFile(file, whole);
  }
  EXPECT_GT(refused_, 500 / (kSanitized ? 31 : 1));
  Tell("changed bytes of a snapshot's files");
}

TEST_F(SourceDamageTest, AFileOfAnotherLengthIsRefusedOrChangesNoAnswer) {
  for (const std::filesystem::path& file : files_) {
    const std::string whole = ReadFile(file);
    for (size_t size = 0; size < whole.size(); size += kSanitized ? 31 : 1) {
      SCOPED_TRACE(file.filename().string() + " cut to " + std::to_string(size));
      LoadWith(file, whole.substr(0, size));
      if (HasFailure()) return;
    }
    LoadWith(file, whole + std::string(1, '\0'));
    LoadWith(file, whole + whole);
    WriteFile(file, whole);
  }
  Tell("lengths of a snapshot's files");
}

TEST_F(SourceDamageTest, AFileThatIsGoneOrSomethingElseIsRefused) {
  for (const std::filesystem::path& file : files_) {
    const std::string whole = ReadFile(file);
    for (const std::filesystem::path& other : files_) {
      if (other == file) continue;
      SCOPED_TRACE(file.filename().string() + " is " + other.filename().string());
      LoadWith(file, ReadFile(other));
    }
    LoadWith(file, std::string(whole.size(), '\0'));
    std::filesystem::remove(file);
    for (const bool directory : {false, true}) {
      if (directory) std::filesystem::create_directory(file);
      const LoadReport report = server_->loader().Load(temp_ / "s2", kOperator, NoLoadProgress());
      EXPECT_EQ(report.outcome, LoadOutcome::kFailed);
      EXPECT_THAT(report.status.message(), ::testing::HasSubstr(file.filename().string()));
      ++refused_;
    }
    std::filesystem::remove(file);
    std::filesystem::create_symlink(file, file);  // to itself
    EXPECT_EQ(server_->loader().Load(temp_ / "s2", kOperator, NoLoadProgress()).outcome,
              LoadOutcome::kFailed);
    ++refused_;
    std::filesystem::remove(file);
    WriteFile(file, whole);
  }
  EXPECT_EQ(taken_, 0);
  ExpectServes(*server_->Look(), ModelSnapshotOf("s1"));
  Tell("files of a snapshot gone, swapped or no files");
}

}  // namespace
}  // namespace oasis::testing
