// JSON that would cost much to parse, whatever it says.
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

TEST(ManifestLimitsTest, RefusesAnObjectOfTooManyFields) {
  std::string fields = "\"f\": 0";
  for (int i = 0; i < 100'000; ++i) fields += ", \"" + std::to_string(i) + "\": 0";
  for (const std::string& text : {"{" + fields + "}", "{\"a\": [{" + fields + "}]}"}) {
    EXPECT_THAT(DecodeManifest(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("more than 64 fields")));
  }
}

TEST(ManifestLimitsTest, RefusesJsonThatNestsWithoutEnd) {
  EXPECT_THAT(DecodeManifest(R"({"format": )" + std::string(1'000'000, '[')),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nests deeper")));
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_THAT(DecodeManifest(R"({"format": )" + deep + "}"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nests deeper")));
}

TEST(ManifestLimitsTest, RefusesMoreValuesThanItTakesMemoryFor) {
  std::string text = R"({"format": [[])";
  text.reserve(kMaxManifestValues * 2);
  for (size_t i = 0; i < kMaxManifestValues / 2; ++i) text += ",[]";
  EXPECT_THAT(DecodeManifest(text + "]}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(absl::StrCat("more than ", kMaxManifestValues, " values"))));
}

}  // namespace
}  // namespace oasis::testing
