// A small problem in a directory of its own, of which tests replace a table.
#ifndef OASIS_TESTS_UNIT_PROBLEM_FILES_PROBLEM_DIR_H_
#define OASIS_TESTS_UNIT_PROBLEM_FILES_PROBLEM_DIR_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "oasis/gid.h"
#include "oasis/problem_files.h"
#include "support/test_support.h"

namespace oasis::testing {

inline std::string TrackUri(uint64_t n) { return FormatTrackUri({1, n}); }

// Two contexts of two zones, two items, three edges, and no other table.
class ProblemDirTest : public ::testing::Test {
 protected:
  ProblemDirTest() {
    Put("contexts.csv", "surface,market,cohort,supply\nradio,SE,new,100\nmix,,,50\n");
    Put("items.csv",
        absl::StrCat("item_uri,artist,licensor,campaign,pool,royalty_per_stream\n", TrackUri(1),
                     ",Ada,North,spring,new-artists,0.004\n", TrackUri(2), ",,,,,\n"));
    Put("edges.csv", absl::StrCat("item_uri,surface,market,cohort,organic,value\n",  //
                                  TrackUri(1), ",radio,SE,new,0.25,1\n",             //
                                  TrackUri(2), ",radio,SE,new,0.125,2\n",            //
                                  TrackUri(1), ",mix,*,,0,-3\n"));
  }

  void Put(const std::string& name, const std::string& bytes) { WriteFile(dir_ / name, bytes); }
  void Remove(const std::string& name) { std::filesystem::remove(dir_ / name); }
  // Below the head of constraints.csv.
  void PutConstraints(const std::string& rows) {
    Put("constraints.csv", "name,kind,scope,subject,surface,market,unit,bound,price\n" + rows);
  }

  absl::StatusOr<ProblemFiles> Read() { return ReadProblem(dir_.path(), nullptr); }

  // What Read() finds wrong; empty when nothing is.
  std::string Faults() {
    const absl::StatusOr<ProblemFiles> problem = Read();
    if (problem.ok()) return "";
    EXPECT_EQ(problem.status().code(), absl::StatusCode::kInvalidArgument) << problem.status();
    return std::string(problem.status().message());
  }

  TempDir dir_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_PROBLEM_FILES_PROBLEM_DIR_H_
