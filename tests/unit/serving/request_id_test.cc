#include "serving/request_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "oasis/limits.h"

namespace oasis {
namespace {

using ::testing::MatchesRegex;

TEST(RequestIdTest, TheCallersIdIsKept) {
  EXPECT_EQ(RequestIdOf("a1b2-c3/d4=="), "a1b2-c3/d4==");
  const std::string longest(kMaxRequestIdBytes, 'x');
  EXPECT_EQ(RequestIdOf(longest), longest);
}

TEST(RequestIdTest, OneThatCannotStandInALogIsReplaced) {
  for (const std::string& id :
       {std::string(), std::string(kMaxRequestIdBytes + 1, 'x'), std::string("two words"),
        std::string("line\n"), std::string("\x7f"), std::string("caf\xc3\xa9")}) {
    EXPECT_THAT(RequestIdOf(id), MatchesRegex("[0-9a-f]{16}")) << id;
  }
}

TEST(RequestIdTest, NoTwoThatAreMadeUpAreAlike) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(RequestIdOf(""));
  EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace
}  // namespace oasis
