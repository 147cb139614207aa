#include "problem_files/row_lines.h"

#include <gtest/gtest.h>

namespace oasis::problem_files {
namespace {

TEST(RowLinesTest, FindsTheLineOfEachRowAcrossGapsAndFiles) {
  RowLines lines;
  lines.StartFile("a");
  for (const int64_t line : {2, 3, 5, 6, 9}) lines.Add(line);
  lines.StartFile("b");
  for (const int64_t line : {10, 11, 13}) lines.Add(line);
  const std::string places[] = {"a:2", "a:3", "a:5", "a:6", "a:9", "b:10", "b:11", "b:13"};
  for (int row = 0; row < 8; ++row) EXPECT_EQ(lines.PlaceOf(row), places[row]) << row;
}

TEST(RowLinesTest, NamesTheFirstFileForARowThatIsNotThere) {
  RowLines lines;
  EXPECT_EQ(lines.PlaceOf(0), "");
  lines.StartFile("a");
  EXPECT_EQ(lines.PlaceOf(0), "a");
}

}  // namespace
}  // namespace oasis::problem_files
