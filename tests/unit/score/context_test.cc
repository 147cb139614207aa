#include "oasis/context.h"

#include <gtest/gtest.h>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

ContextIndex MakeIndex(std::vector<Context> contexts) {
  absl::StatusOr<ContextIndex> index = ContextIndex::Create(std::move(contexts));
  EXPECT_TRUE(index.ok()) << index.status();
  return *std::move(index);
}

const std::vector<Context>& AllLevels() {
  static const auto* const contexts = new std::vector<Context>{
      {"radio", "*", "*"}, {"radio", "*", "new"}, {"radio", "SE", "*"}, {"radio", "SE", "new"}};
  return *contexts;
}

TEST(ContextIndexTest, FallsBackFromTheMostSpecificToTheSurface) {
  const ContextIndex index = MakeIndex(AllLevels());
  const FallbackChain chain = index.Resolve("radio", "SE", "new");
  EXPECT_EQ(chain.contexts, (std::array<ContextId, 4>{3, 2, 1, 0}));
}

TEST(ContextIndexTest, LeavesOutWhatTheRequestDoesNotName) {
  const ContextIndex index = MakeIndex(AllLevels());
  EXPECT_EQ(index.Resolve("radio", "", "new").contexts,
            (std::array<ContextId, 4>{kNoContext, kNoContext, 1, 0}));
  EXPECT_EQ(index.Resolve("radio", "SE", "*").contexts,
            (std::array<ContextId, 4>{kNoContext, 2, kNoContext, 0}));
  EXPECT_EQ(index.Resolve("radio", "", "").contexts,
            (std::array<ContextId, 4>{kNoContext, kNoContext, kNoContext, 0}));
}

TEST(ContextIndexTest, KnowsNothingOfOtherSurfacesAndMarkets) {
  const ContextIndex index = MakeIndex(AllLevels());
  EXPECT_EQ(index.Resolve("mix", "SE", "new").contexts,
            (std::array<ContextId, 4>{kNoContext, kNoContext, kNoContext, kNoContext}));
  EXPECT_EQ(index.Resolve("radio", "NO", "old").contexts,
            (std::array<ContextId, 4>{kNoContext, kNoContext, kNoContext, 0}));
}

TEST(ContextIndexTest, StillResolvesAfterAMove) {
  ContextIndex index = MakeIndex({{"a", "*", "*"}, {"b", "*", "*"}});
  const ContextIndex moved = std::move(index);
  EXPECT_EQ(moved.Resolve("b", "", "").contexts[3], 1);
}

TEST(ContextIndexTest, RefusesTheSameContextTwice) {
  EXPECT_THAT(ContextIndex::Create({{"radio", "SE", "*"}, {"radio", "SE", "*"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("radio/SE/* stands twice")));
}

TEST(ContextIndexTest, RefusesMoreContextsThanACellCanName) {
  std::vector<Context> contexts;
  for (int i = 0; i <= kMaxContexts; ++i) contexts.push_back({"s" + std::to_string(i)});
  EXPECT_THAT(ContextIndex::Create(contexts),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32766")));
  contexts.pop_back();
  EXPECT_TRUE(ContextIndex::Create(contexts).ok());
}

TEST(ContextTest, SaysWhichFieldBreaksWhichRule) {
  EXPECT_THAT(ValidateContext({"", "*", "*"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("surface ''")));
  EXPECT_THAT(ValidateContext({"*", "*", "*"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("surface '*'")));
  for (const char* market : {"", "S", "SWE", "se", "S1", "Se"}) {
    EXPECT_THAT(ValidateContext({"radio", market, "*"}),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("ISO 3166-1 alpha-2")))
        << market;
  }
  EXPECT_THAT(ValidateContext({"radio", "SE", "a b"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cohort 'a b'")));
  EXPECT_TRUE(ValidateContext({"radio", "SE", "new_listeners-2.1"}).ok());
}

TEST(ContextTest, NamesCannotLeaveTheirDirectory) {
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "a\\b", "a b", "å"}) {
    EXPECT_FALSE(ValidateName("score set", name).ok()) << name;
  }
  EXPECT_FALSE(ValidateName("score set", std::string(kMaxNameBytes + 1, 'a')).ok());
  EXPECT_TRUE(ValidateName("score set", std::string(kMaxNameBytes, 'a')).ok());
}

}  // namespace
}  // namespace oasis
