// What the tests of whole builds share: a directory, options, and the scores of a snapshot.
#ifndef OASIS_TESTS_UNIT_SNAPSHOT_BUILD_FIXTURE_H_
#define OASIS_TESTS_UNIT_SNAPSHOT_BUILD_FIXTURE_H_

#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "oasis/build.h"
#include "oasis/snapshot.h"
#include "oasis/status.h"
#include "support/input_support.h"
#include "support/test_support.h"

namespace oasis::testing {

inline constexpr char kHeader[] = "item_uri,surface,market,cohort,score,campaign\n";

// All scores of a snapshot by key, context and signal; the campaign's name beside each.
using Scores = std::map<std::tuple<ItemKey, Context, std::string>, std::pair<float, std::string>>;

inline absl::StatusOr<Scores> ReadScores(const std::filesystem::path& dir) {
  const Progress none = [](int64_t, int64_t) { return absl::OkStatus(); };
  OASIS_ASSIGN_OR_RETURN(const Manifest manifest, VerifySnapshot(dir, none));
  Scores scores;
  OASIS_RETURN_IF_ERROR(ReadRows(
      dir, manifest,
      [&](const ItemRow& row) {
        for (size_t i = 0; i < row.contexts.size(); ++i) {
          const CampaignId campaign = row.campaigns[i];
          for (size_t j = 0; j < manifest.signals.size(); ++j) {
            scores[{row.key, manifest.contexts[row.contexts[i]], manifest.signals[j].name}] = {
                Dequantise(row.scores[i * manifest.signals.size() + j], manifest.signals[j]),
                campaign == kNoCampaign ? "" : manifest.campaigns[campaign].name};
          }
        }
        return absl::OkStatus();
      },
      none));
  return scores;
}

class BuildFixture : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& bytes) {
    WriteFile(dir_ / name, bytes);
    return (dir_ / name).string();
  }
  BuildOptions Options(std::vector<std::string> files) {
    BuildOptions options;
    options.score_files = std::move(files);
    options.out = dir_ / "out";
    options.score_set = "discovery-mode";
    options.variant = "control";
    options.created = absl::FromUnixSeconds(1'700'000'000);
    options.producer = "build_test";
    return options;
  }
  absl::StatusOr<BuildReport> Build(const std::string& rows) {
    return BuildSnapshot(Options({Put("s.csv", kHeader + rows)}), nullptr);
  }
  // Nothing but the inputs is there: no output, no temporary files.
  void ExpectNothingLeft() {
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      EXPECT_TRUE(entry.is_regular_file()) << entry.path();
      EXPECT_NE(entry.path().filename().string()[0], '.') << entry.path();
    }
  }

  TempDir dir_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_SNAPSHOT_BUILD_FIXTURE_H_
