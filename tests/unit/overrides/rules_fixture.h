// A small table with campaigns, and what overrides and dates make of its answers.
#ifndef OASIS_TESTS_UNIT_OVERRIDES_RULES_FIXTURE_H_
#define OASIS_TESTS_UNIT_OVERRIDES_RULES_FIXTURE_H_

#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "overrides/table_rules.h"
#include "support/test_support.h"

namespace oasis::testing {

inline const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// Items 0 to 3 of campaigns none, "ours" (acme), "theirs" (acme) and "other" (zenith); each has
// score 0.1 * (item + 1) in "promotion" and its negative in "second".
class RulesFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    campaigns_ = {{"ours", "acme"}, {"theirs", "acme"}, {"other", "zenith"}};
    Build();
  }
  void Build() {
    TableBuilder::Options options;
    options.info = {"discovery-mode", "control", "s1", kNow};
    options.signals = signals_;
    options.contexts = {{"radio"}};
    options.campaigns = campaigns_;
    options.items = 4;
    absl::StatusOr<TableBuilder> builder = TableBuilder::Create(options);
    ASSERT_THAT(builder, IsOk());
    for (int16_t i = 0; i < 4; ++i) {
      const auto score = static_cast<int16_t>(100 * (i + 1));
      const CampaignId campaign = i == 0 ? kNoCampaign : static_cast<CampaignId>(i - 1);
      std::vector<int16_t> scores = {score, static_cast<int16_t>(-score)};
      scores.resize(signals_.size());
      ASSERT_THAT(builder->Add(MakeRow(Key(i), {{0, scores, campaign}})), IsOk());
    }
    absl::StatusOr<std::shared_ptr<const Table>> table = builder->Build();
    ASSERT_THAT(table, IsOk());
    table_ = *std::move(table);
  }
  static ItemKey Key(int i) { return TrackKey(7, static_cast<uint64_t>(i)); }
  static std::string Uri(int i) { return FormatTrackUri(Key(i).gid); }

  // Overrides are made one after another: the last one is the newest.
  Override& Add(OverrideAction action, float score = 0) {
    Override& override = overrides_.emplace_back();
    override.id = "o" + std::to_string(overrides_.size());
    override.action = action;
    override.score = score;
    override.created = kNow - absl::Hours(1) + absl::Seconds(overrides_.size());
    override.expires = kNow + absl::Hours(1);
    return override;
  }
  Override& Suppress() { return Add(OverrideAction::kSuppress); }
  Override& Cap(float score) { return Add(OverrideAction::kCap, score); }
  Override& Set(float score) { return Add(OverrideAction::kSet, score); }

  // Asks for items 0 to 4, of which 4 is not there; and checks that Explain says the same.
  void Ask(const std::vector<int>& signals = {0}, const std::string& surface = "radio",
           const std::string& market = "SE", absl::Time now = kNow) {
    for (const absl::Duration made_before : {absl::ZeroDuration(), absl::Minutes(59)}) {
      AskOf(*TableRules::Create(*table_, overrides_, now - made_before), signals, surface, market,
            now);
      const auto fast = std::make_tuple(scores_, statuses_, changed_);
      AskOf(*TableRules::Create(*table_, overrides_, now - made_before - absl::Hours(24)), signals,
            surface, market, now);
      EXPECT_EQ(std::make_tuple(scores_, statuses_, changed_), fast) << made_before;
    }
  }
  void AskOf(const TableRules& made, const std::vector<int>& signals, const std::string& surface,
             const std::string& market, absl::Time now) {
    const TableRules* rules = &made;
    const TableRules::Scope scope = rules->ScopeOf(surface, market, now);
    any_ = scope.any();
    std::vector<ItemKey> keys;
    for (int i = 0; i < 5; ++i) keys.push_back(Key(i));
    scores_.assign(keys.size() * signals.size(), -99);
    statuses_.assign(keys.size(), -99);
    std::vector<CampaignOfKey> campaigns;
    const FallbackChain chain = table_->contexts().Resolve("radio", market, "");
    table_->Lookup(keys, chain, signals, absl::MakeSpan(scores_), absl::MakeSpan(statuses_),
                   scope.rows, campaigns);
    changed_ = rules->Apply(scope, keys, campaigns, signals, absl::MakeSpan(scores_),
                            absl::MakeSpan(statuses_));
    for (size_t i = 0; i < keys.size() && signals.size() == 1; ++i) {
      const TableRules::Ruling ruling =
          rules->Explain(scope, keys[i], table_->Explain(keys[i], chain, signals[0]), signals[0]);
      EXPECT_EQ(static_cast<int>(ruling.status), statuses_[i]) << i;
      EXPECT_EQ(ruling.score, scores_[i]) << i;
    }
  }
  std::string Statuses() const {
    std::string words;
    for (const int status : statuses_) words += "NFSEI"[status];
    return words;
  }
  std::vector<float> Rounded() const {
    std::vector<float> rounded;
    for (const float score : scores_) rounded.push_back(std::round(score * 100) / 100);
    return rounded;
  }

  std::vector<Signal> signals_ = {{"promotion", 32.767F}, {"second", 32.767F}};
  std::vector<Campaign> campaigns_;
  std::vector<Override> overrides_;
  std::shared_ptr<const Table> table_;
  bool any_ = false;
  std::vector<float> scores_;
  std::vector<int> statuses_;
  int64_t changed_ = 0;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_OVERRIDES_RULES_FIXTURE_H_
