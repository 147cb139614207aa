// What tests share: a temporary directory each, status matchers, small rows.
#ifndef OASIS_TESTS_SUPPORT_TEST_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_TEST_SUPPORT_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/live_tables.h"
#include "oasis/table.h"

namespace oasis::testing {

// A directory of its own, removed at the end.
class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "oasis-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) abort();
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// As long as it lives, this process may do no more than any user: root may open every file.
class AsNobody {
 public:
  AsNobody() {
    if (was_root_ && seteuid(65534) != 0) abort();
  }
  ~AsNobody() {
    if (was_root_ && seteuid(0) != 0) abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  const bool was_root_ = geteuid() == 0;
};

inline void WriteFile(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline const absl::Status& GetStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status) {
  return status.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << GetStatus(arg);
  return GetStatus(arg).ok();
}

// EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("scores-00000.sst")));
MATCHER_P2(StatusIs, code, message, "") {
  *result_listener << GetStatus(arg);
  return GetStatus(arg).code() == code &&
         ::testing::ExplainMatchResult(message, std::string(GetStatus(arg).message()),
                                       result_listener);
}

// HasCode(grpc::StatusCode::NOT_FOUND, HasSubstr("s9"))
MATCHER_P2(HasCode, code, message, "") {
  *result_listener << arg.error_code() << ": " << arg.error_message();
  return arg.error_code() == code &&
         ::testing::ExplainMatchResult(message, arg.error_message(), result_listener);
}

#define OASIS_ASSERT_OK_AND_ASSIGN(target, expression) \
  OASIS_ASSERT_OK_AND_ASSIGN_INNER(OASIS_TEST_CONCAT(oasis_test_, __LINE__), target, expression)
#define OASIS_ASSERT_OK_AND_ASSIGN_INNER(holder, target, expression) \
  auto holder = (expression);                                        \
  ASSERT_TRUE(holder.ok()) << holder.status();                       \
  target = std::move(holder).value()
#define OASIS_TEST_CONCAT_INNER(a, b) a##b
#define OASIS_TEST_CONCAT(a, b) OASIS_TEST_CONCAT_INNER(a, b)

// One cell: a context, its quantised scores (one a signal), and maybe a campaign.
struct CellSpec {
  ContextId context = 0;
  std::vector<int16_t> scores;
  CampaignId campaign = kNoCampaign;
};

inline ItemRow MakeRow(const ItemKey& key, const std::vector<CellSpec>& cells) {
  ItemRow row;
  row.key = key;
  for (const CellSpec& cell : cells) {
    row.contexts.push_back(cell.context);
    row.campaigns.push_back(cell.campaign);
    row.scores.insert(row.scores.end(), cell.scores.begin(), cell.scores.end());
  }
  return row;
}

// Every live table. A server has no such list: whoever holds a table may be the one who frees it.
inline std::vector<std::shared_ptr<const Table>> AllTables(const LiveTables& tables) {
  std::vector<std::shared_ptr<const Table>> all;
  tables.Visit([&all](const TableSet& live) {
    for (const TableSet::ScoreSet& score_set : live.score_sets()) {
      for (const TableSet::Variant& variant : score_set.variants) all.push_back(variant.table);
    }
  });
  return all;
}

inline ItemKey TrackKey(uint64_t hi, uint64_t lo) { return {{hi, lo}, ItemKind::kTrack}; }

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_TEST_SUPPORT_H_
