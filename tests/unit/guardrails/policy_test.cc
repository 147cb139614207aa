#include <optional>
#include <set>
#include <string>

#include "oasis/guardrails.h"
#include "oasis/limits.h"
#include "score/nearest_name.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr char kTrack[] = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";

GuardrailPolicies Parsed(const std::string& json) {
  auto policies = GuardrailPolicies::Parse(json);
  EXPECT_THAT(policies, IsOk());
  return policies.ok() ? *policies : GuardrailPolicies();
}

void ExpectRefused(const std::string& json, const std::string& place, const std::string& rule) {
  EXPECT_THAT(GuardrailPolicies::Parse(json),
              StatusIs(kInvalid, AllOf(HasSubstr(place), HasSubstr(rule))))
      << json;
}

TEST(PolicyTest, AnEmptyFileLeavesTheDefaults) {
  const GuardrailPolicies policies = Parsed("{}");
  const GuardrailPolicy& policy = policies.Of("discovery-mode");
  EXPECT_EQ(policy[Check::kPsi], (Thresholds{0.1, 0.25}));
  EXPECT_EQ(policy.min_rows, 1000);
  EXPECT_EQ(policy.thresholds, GuardrailPolicy().thresholds);
}

TEST(PolicyTest, EveryCheckHasANameOfItsOwnAndWarnsNoLaterThanItBlocks) {
  std::set<std::string> names;
  for (size_t i = 0; i < kChecks; ++i) {
    const auto check = static_cast<Check>(i);
    EXPECT_TRUE(names.emplace(CheckName(check)).second) << CheckName(check);
    const Thresholds thresholds = GuardrailPolicy()[check];
    ASSERT_TRUE(thresholds.warn.has_value()) << CheckName(check);
    EXPECT_LE(*thresholds.warn, thresholds.block.value_or(*thresholds.warn));
    // The name is that of the right check.
    const std::string json = "{\"defaults\": {\"" + std::string(CheckName(check)) +
                             "\": {\"warn\": 0.015625, \"block\": null}}}";
    EXPECT_EQ(Parsed(json).Of("x")[check], (Thresholds{0.015625, std::nullopt}));
  }
}

TEST(PolicyTest, AScoreSetOverridesSingleValuesOfTheDefaults) {
  const GuardrailPolicies policies = Parsed(R"({
    "score_sets": {"mixes": {"psi": {"warn": 0.2}, "rows": {"block": null}, "min_rows": 5}},
    "defaults": {"psi": {"warn": 0.15, "block": 0.4}, "move_bound": 0.5}})");
  EXPECT_EQ(policies.Of("discovery-mode")[Check::kPsi], (Thresholds{0.15, 0.4}));
  EXPECT_EQ(policies.Of("mixes")[Check::kPsi], (Thresholds{0.2, 0.4}));
  EXPECT_EQ(policies.Of("mixes")[Check::kRows], (Thresholds{0.1, std::nullopt}));
  EXPECT_EQ(policies.Of("mixes").min_rows, 5);
  EXPECT_EQ(policies.Of("mixes").move_bound, 0.5);
  EXPECT_EQ(policies.Of("discovery-mode").min_rows, 1000);
}

TEST(PolicyTest, SentinelsOfAScoreSetAreAddedToThoseOfTheDefaults) {
  const std::string one = std::string(R"({"item": ")") + kTrack + R"(", "surface": "radio"})";
  const std::string two =
      std::string(R"({"item": ")") + kTrack +
      R"(", "surface": "mix", "market": "SE", "min": 0.25, "signal": "reward"})";
  const GuardrailPolicies policies =
      Parsed(R"({"defaults": {"sentinels": [)" + one +
             R"(]}, "score_sets": {"a": {"sentinels": [)" + two + "]}}}");
  ASSERT_EQ(policies.Of("b").sentinels.size(), 1);
  EXPECT_EQ(policies.Of("b").sentinels[0].signal, "promotion");
  ASSERT_EQ(policies.Of("a").sentinels.size(), 2);
  const PolicySentinel& sentinel = policies.Of("a").sentinels[1];
  EXPECT_EQ(sentinel.key, KeyOfUri(kTrack));
  EXPECT_EQ(sentinel.context, (Context{"mix", "SE", "*"}));
  EXPECT_EQ(sentinel.signal, "reward");
  EXPECT_EQ(sentinel.min, 0.25);
  EXPECT_GT(sentinel.max, 1e300);
}

TEST(PolicyTest, AnUnknownKeyIsRefusedWithTheNearestKnownOne) {
  ExpectRefused(R"({"default": {}})", "'default'", "'defaults'");
  ExpectRefused(R"({"defaults": {"item_chrun": {}}})", "defaults has", "'item_churn'");
  ExpectRefused(R"({"score_sets": {"a": {"psi": {"wran": 1}}}})", "score_sets.a.psi", "'warn'");
  ExpectRefused(R"({"defaults": {"sentinels": [{"itme": "x"}]}})", "defaults.sentinels[0]",
                "'item'");
}

TEST(PolicyTest, AWrongValueIsToldWithItsPlaceAndTheRule) {
  ExpectRefused("", "", "is not JSON");
  ExpectRefused("[]", "", "one JSON object");
  ExpectRefused(R"({"defaults": 1})", "defaults", "must be an object");
  ExpectRefused(R"({"defaults": {"psi": 0.1}})", "defaults.psi", "must be an object");
  ExpectRefused(R"({"defaults": {"psi": {"warn": "x"}}})", "defaults.psi.warn", "above 0");
  ExpectRefused(R"({"defaults": {"psi": {"warn": 0}}})", "defaults.psi.warn", "above 0");
  ExpectRefused(R"({"defaults": {"psi": {"warn": 1e999}}})", "", "out of range");
  ExpectRefused(R"({"defaults": {"psi": {"warn": 0.3}}})", "defaults.psi", "not be above block");
  ExpectRefused(R"({"defaults": {"min_rows": -1}})", "defaults.min_rows", "whole number");
  ExpectRefused(R"({"defaults": {"move_bound": 0}})", "defaults.move_bound", "above 0");
  ExpectRefused(R"({"score_sets": {"a b": {}}})", "score_sets", "a b");
  ExpectRefused(R"({"defaults": {"psi": {}, "psi": {}}})", "'psi'", "twice");
  ExpectRefused(std::string(kMaxPolicyBytes + 1, ' '), "bytes", "the most");
}

TEST(PolicyTest, AWrongSentinelIsToldWithItsPlaceAndTheRule) {
  const auto refuse = [](const std::string& fields, const std::string& rule) {
    ExpectRefused(R"({"defaults": {"sentinels": [{)" + fields + "}]}}", "defaults.sentinels[0]",
                  rule);
  };
  refuse("", "must name an item");
  const std::string item = std::string(R"("item": ")") + kTrack + "\"";
  refuse(R"("item": "spotify:track:short", "surface": "radio")", "item");
  refuse(item, "surface");
  refuse(item + R"(, "surface": "radio", "market": "sweden")", "market");
  refuse(item + R"(, "surface": 7)", "surface must be a string");
  refuse(item + R"(, "surface": "radio", "min": "low")", "min must be a number");
  refuse(item + R"(, "surface": "radio", "min": 2, "max": 1)", "min above its max");
}

TEST(PolicyTest, SaysWhenASnapshotIsStaleAndWhatThen) {
  const GuardrailPolicies policies = Parsed(R"({
    "defaults": {"max_age": "36h"},
    "score_sets": {"ads": {"max_age": "90m", "when_stale": "not_serving"},
                   "mixes": {"when_stale": "flag"}}})");
  const StalenessRules rules = policies.ToStalenessRules({absl::Hours(1), WhenStale::kServe});
  EXPECT_EQ(rules.Of("discovery-mode").max_age, absl::Hours(36));
  EXPECT_EQ(rules.Of("discovery-mode").when_stale, WhenStale::kServe);
  EXPECT_EQ(rules.Of("ads").max_age, absl::Minutes(90));
  EXPECT_EQ(rules.Of("ads").when_stale, WhenStale::kNotServing);
  EXPECT_EQ(rules.Of("mixes").max_age, absl::Hours(36));
  EXPECT_EQ(rules.Of("mixes").when_stale, WhenStale::kFlag);
  EXPECT_EQ(Parsed("{}").ToStalenessRules({absl::Hours(1)}).Of("x").max_age, absl::Hours(1));
  ExpectRefused(R"({"defaults": {"max_age": 36}})", "defaults.max_age", "36h");
  ExpectRefused(R"({"defaults": {"max_age": "-1h"}})", "defaults.max_age", "above 0");
  ExpectRefused(R"({"defaults": {"when_stale": "panic"}})", "defaults.when_stale", "not_serving");
}

TEST(PolicyTest, AFileThatIsNotThereIsNamed) {
  EXPECT_THAT(GuardrailPolicies::Read("nowhere.json"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere.json")));
  const TempDir dir;
  WriteFile(dir / "policy.json", R"({"defaults": {"rwos": {}}})");
  EXPECT_THAT(GuardrailPolicies::Read(dir / "policy.json"),
              StatusIs(kInvalid, AllOf(HasSubstr("policy.json: "), HasSubstr("'rows'"))));
}

TEST(NearestNameTest, CountsLettersToAddTakeAwayAndReplace) {
  EXPECT_EQ(NearestName("wrn", {"block", "warn"}), "warn");
  EXPECT_EQ(NearestName("blokc", {"block", "warn"}), "block");
  EXPECT_EQ(NearestName("", {"block", "warn"}), "warn");
}

}  // namespace
}  // namespace oasis::testing
