// Score files and snapshots made by the real binary, for tests that run it.
#ifndef OASIS_TESTS_SUPPORT_OASIS_FILES_H_
#define OASIS_TESTS_SUPPORT_OASIS_FILES_H_

#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/oasis_process.h"
#include "support/test_support.h"

namespace oasis::testing {

// The JSON that a command printed; fails the test when it failed.
inline nlohmann::json JsonOf(const RunResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.err;
  if (result.exit_code != 0) return nlohmann::json::object();
  return nlohmann::json::parse(result.out);
}

// Writes tracks.csv, campaigns.csv and scores.csv below `dir`.
inline void GenerateFiles(const std::filesystem::path& dir, int tracks, int revision = 0) {
  JsonOf(RunOasis({"generate", "--out", dir.string(), "--tracks", std::to_string(tracks),
                   "--revision", std::to_string(revision), "--json"}));
}

// Builds a snapshot of generated files; returns what `snapshot build --json` printed.
inline nlohmann::json BuildFrom(const std::filesystem::path& files,
                                const std::filesystem::path& out, const std::string& id) {
  return JsonOf(
      RunOasis({"snapshot", "build", "--scores", (files / "scores.csv").string(), "--campaigns",
                (files / "campaigns.csv").string(), "--out", out.string(), "--id", id, "--json"}));
}

// The rows of a CSV file, its head first.
inline std::vector<std::vector<std::string>> CsvRows(const std::filesystem::path& path) {
  const std::string text = ReadFile(path);
  std::vector<std::vector<std::string>> rows;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    rows.push_back(absl::StrSplit(line, ','));
  }
  return rows;
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_OASIS_FILES_H_
