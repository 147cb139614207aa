#include "apps/config/nearest_word.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace oasis {
namespace {

using ::testing::Optional;

const std::vector<std::string> kWords = {"keep", "listen", "max-age", "data-dir", "log-level"};

TEST(NearestWordTest, FindsWhatASlipMeant) {
  EXPECT_THAT(NearestWord("keeep", kWords), Optional(std::string("keep")));  // too many
  EXPECT_THAT(NearestWord("kep", kWords), Optional(std::string("keep")));    // left out
  EXPECT_THAT(NearestWord("keeb", kWords), Optional(std::string("keep")));   // wrong
  EXPECT_THAT(NearestWord("kepe", kWords), Optional(std::string("keep")));   // swapped
  EXPECT_THAT(NearestWord("lsiten", kWords), Optional(std::string("listen")));
  EXPECT_THAT(NearestWord("data_dirr", kWords), Optional(std::string("data-dir")));
  EXPECT_THAT(NearestWord("loglevel", kWords), Optional(std::string("log-level")));
}

TEST(NearestWordTest, AnotherWordIsNoSlip) {
  EXPECT_EQ(NearestWord("colour", kWords), std::nullopt);
  EXPECT_EQ(NearestWord("port", kWords), std::nullopt);
  EXPECT_EQ(NearestWord("", kWords), std::nullopt);
  EXPECT_EQ(NearestWord("keep", {}), std::nullopt);
  EXPECT_EQ(NearestWord(std::string(1'000'000, 'k'), kWords), std::nullopt);
}

TEST(NearestWordTest, OfSeveralTheNearestCounts) {
  EXPECT_THAT(NearestWord("max-agee", {"max-aged", "max-age"}), Optional(std::string("max-aged")));
  EXPECT_THAT(NearestWord("max-bge", {"max-xyz", "max-age"}), Optional(std::string("max-age")));
}

TEST(NearestWordTest, AsksOnlyWhereThereIsOne) {
  EXPECT_EQ(DidYouMean("kepe", kWords), "; did you mean 'keep'?");
  EXPECT_EQ(DidYouMean("colour", kWords), "");
}

}  // namespace
}  // namespace oasis
