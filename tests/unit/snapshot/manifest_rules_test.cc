#include "snapshot/manifest_rules.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "oasis/limits.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

// A change to a good manifest, and what the refusal must say.
struct Rule {
  const char* message;
  std::function<void(Manifest&)> breaks;
};

TEST(ManifestRulesTest, TakesTheSampleAndAnEmptyId) {
  Manifest manifest = SampleDescription();
  EXPECT_THAT(ValidateDescription(manifest), IsOk());
  manifest.snapshot_id.clear();
  EXPECT_THAT(ValidateDescription(manifest), IsOk());
}

TEST(ManifestRulesTest, RefusesEveryBrokenRuleOfTheDescription) {
  const std::vector<Rule> rules = {
      {"snapshot_id", [](Manifest& m) { m.snapshot_id = ".hidden"; }},
      {"score_set", [](Manifest& m) { m.score_set = ""; }},
      {"variant", [](Manifest& m) { m.variant = "a/b"; }},
      {"created", [](Manifest& m) { m.created = absl::InfiniteFuture(); }},
      {"created", [](Manifest& m) { m.created = absl::FromUnixSeconds(1'000'000'000'000); }},
      {"producer", [](Manifest& m) { m.producer = "line\nline"; }},
      {"producer", [](Manifest& m) { m.producer = std::string(kMaxCampaignNameBytes + 1, 'x'); }},
      {"parent", [](Manifest& m) { m.parent = "../up"; }},
      {"0 signals", [](Manifest& m) { m.signals.clear(); }},
      {"33 signals", [](Manifest& m) { m.signals.resize(kMaxSignals + 1); }},
      {"signal ''", [](Manifest& m) { m.signals[0].name = ""; }},
      {"signal promotion stands twice", [](Manifest& m) { m.signals[1].name = "promotion"; }},
      {"scale 0", [](Manifest& m) { m.signals[0].scale = 0; }},
      {"scale -1", [](Manifest& m) { m.signals[0].scale = -1; }},
      {"scale nan", [](Manifest& m) { m.signals[0].scale = NAN; }},
      {"scale inf", [](Manifest& m) { m.signals[0].scale = INFINITY; }},
      {"scale 9e-31", [](Manifest& m) { m.signals[0].scale = 9e-31F; }},
      {"scale 2e+30", [](Manifest& m) { m.signals[0].scale = 2e30F; }},
      {"no signal promotion", [](Manifest& m) { m.signals[0].name = "other"; }},
      {"market 'se'", [](Manifest& m) { m.contexts[1].market = "se"; }},
      {"stands twice", [](Manifest& m) { m.contexts[1] = m.contexts[0]; }},
      {"contexts", [](Manifest& m) { m.contexts.resize(kMaxContexts + 1); }},
      {"empty name", [](Manifest& m) { m.campaigns.Own()[0].name = ""; }},
      {"campaign '", [](Manifest& m) { m.campaigns.Own()[0].name = "\xFF"; }},
      {"licensor '", [](Manifest& m) { m.campaigns.Own()[0].licensor = "\x7F"; }},
      {"campaign spring stands twice", [](Manifest& m) { m.campaigns.Own()[1].name = "spring"; }},
      {"must ascend", [](Manifest& m) { m.campaigns.Own()[0].ends_at = m.campaigns[0].starts_at; }},
      {"years 0 to 9999",
       [](Manifest& m) {
         m.campaigns.Own()[0].ends_at = absl::FromUnixSeconds(1'000'000'000'000);
       }},
      {"years 0 to 9999", [](Manifest& m) { m.campaigns.Own()[0].ends_at = absl::InfinitePast(); }},
  };
  for (const Rule& rule : rules) {
    Manifest manifest = SampleDescription();
    rule.breaks(manifest);
    EXPECT_THAT(ValidateDescription(manifest),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(rule.message)))
        << rule.message;
  }
}

TEST(ManifestRulesTest, TakesOnlyWellFormedUtf8) {
  Manifest manifest = SampleDescription();
  for (const char* good : {"é", "語", "🎵", "plain"}) {
    manifest.campaigns.Own()[0].name = good;
    EXPECT_THAT(ValidateDescription(manifest), IsOk()) << good;
  }
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xE8\xAA",
                          "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3("}) {
    manifest.campaigns.Own()[0].name = bad;
    EXPECT_FALSE(ValidateDescription(manifest).ok()) << bad;
  }
}

class ContentRulesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<Manifest> written =
        WriteSnapshot(dir_ / "s", SampleDescription(), SampleRows(20), 10);
    ASSERT_THAT(written, IsOk());
    good_ = *written;
    ASSERT_GE(good_.files.size(), 3u);
  }

  TempDir dir_;
  Manifest good_;
};

TEST_F(ContentRulesTest, TakesWhatTheWriterWrites) { EXPECT_THAT(ValidateContent(good_), IsOk()); }

TEST_F(ContentRulesTest, RefusesEveryBrokenRule) {
  const std::vector<Rule> rules = {
      {"rows of", [](Manifest& m) { m.items = -1; }},
      {"rows of", [](Manifest& m) { m.rows = m.items - 1; }},
      {"5 rows of 0 items", [](Manifest& m) { m.items = 0, m.rows = 5; }},
      {"the files hold 20 items, but items is 21", [](Manifest& m) { ++m.items; }},
      {"more items than the 19", [](Manifest& m) { --m.items; }},
      {"of 20 items in 3 contexts cannot be", [](Manifest& m) { m.rows = 61; }},
      {"items in 3 contexts cannot be", [](Manifest& m) { m.items = m.rows = kMaxItems + 1; }},
      {"items in 3 contexts cannot be", [](Manifest& m) { m.items = m.rows = INT64_MAX; }},
      {"cannot be", [](Manifest& m) { m.files[1].items = INT64_MAX; }},
      {"stands twice", [](Manifest& m) { m.files[1].name = m.files[0].name; }},
      {"MANIFEST.json stands twice", [](Manifest& m) { m.files[1].name = "MANIFEST.json"; }},
      {"cannot be", [](Manifest& m) { m.files[1].bytes = 0; }},
      {"cannot be", [](Manifest& m) { m.files[1].bytes = UINT64_MAX; }},
      {"cannot be", [](Manifest& m) { m.files[1].items = 0; }},
      {"cannot be", [](Manifest& m) { m.files[1].items = -4; }},
      {"cannot be", [](Manifest& m) { m.files[1].items = 1; }},
      {"cannot be", [](Manifest& m) { m.files[1].last_key = m.files[1].first_key; }},
      {"cannot be", [](Manifest& m) { std::swap(m.files[1].first_key, m.files[1].last_key); }},
      {"begins before", [](Manifest& m) { m.files[1].first_key = m.files[0].last_key; }},
      {"begins before", [](Manifest& m) { std::swap(m.files[0], m.files[1]); }},
      {"invalid key", [](Manifest& m) { m.files[0].first_key.kind = ItemKind::kInvalid; }},
      {"no such context", [](Manifest& m) { m.statistics[0].context = 3; }},
      {"no such context", [](Manifest& m) { m.statistics.back().signal = 2; }},
      {"must ascend", [](Manifest& m) { std::swap(m.statistics[0], m.statistics[1]); }},
      {"within the scale", [](Manifest& m) { m.statistics[0].min = NAN; }},
      {"within the scale", [](Manifest& m) { m.statistics[0].mean = m.statistics[0].max + 1; }},
      {"within the scale", [](Manifest& m) { m.statistics[0].max = 0.6; }},
      {"histogram", [](Manifest& m) { ++m.statistics[0].rows; }},
      {"histogram", [](Manifest& m) { m.statistics[0].rows = 0; }},
      {"histogram", [](Manifest& m) { ++m.statistics[0].histogram[0]; }},
      {"histogram", [](Manifest& m) { m.statistics[0].histogram.pop_back(); }},
      {"histogram", [](Manifest& m) { m.statistics[0].histogram[5] = -1; }},
      {"of signal promotion hold", [](Manifest& m) { m.statistics.erase(m.statistics.begin()); }},
      {"more rows than", [](Manifest& m) { m.rows -= 1; }},
      {"0 sentinels", [](Manifest& m) { m.sentinels.clear(); }},
      {"sentinels", [](Manifest& m) { m.sentinels.resize(kSentinels + 1); }},
      {"sentinels must ascend", [](Manifest& m) { m.sentinels[1] = m.sentinels[0]; }},
      {"no known context", [](Manifest& m) { m.sentinels[0].context = 3; }},
      {"one score a signal", [](Manifest& m) { m.sentinels[0].scores.pop_back(); }},
      {"no valid key", [](Manifest& m) { m.sentinels[0].key.kind = ItemKind::kInvalid; }},
      {"is not finite", [](Manifest& m) { m.sentinels[0].scores[0] = INFINITY; }},
  };
  for (const Rule& rule : rules) {
    Manifest manifest = good_;
    rule.breaks(manifest);
    EXPECT_THAT(ValidateContent(manifest),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(rule.message)))
        << rule.message;
  }
}

TEST_F(ContentRulesTest, RefusesAFileNameThatLeavesTheDirectory) {
  for (const char* name : {"../scores.sst", "/etc/passwd", "a/b.sst", "..", ""}) {
    Manifest manifest = good_;
    manifest.files[0].name = name;
    EXPECT_THAT(ValidateContent(manifest),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("file '")));
  }
}

}  // namespace
}  // namespace oasis::testing
