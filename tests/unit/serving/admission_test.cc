// Who is let in: by what is in flight, by how long they would wait, by what each client may ask
// for.
#include "serving/admission.h"

#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "serving/backlog.h"
#include "serving/client_rates.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr std::chrono::hours kNoDeadline(1);

auto IsRefused(RefusalReason reason) { return Optional(Field(&Refused::reason, reason)); }
auto IsRefusedSaying(const std::string& words) {
  return Optional(Field(&Refused::why, HasSubstr(words)));
}

TEST(AdmissionTest, RefusesWhatWouldPassTheLimitOfItemsAndCountsNothingThen) {
  Admission admission(10);
  EXPECT_EQ(admission.Enter(6), std::nullopt);
  EXPECT_THAT(admission.Enter(5),
              AllOf(IsRefused(RefusalReason::kInflightItems), IsRefusedSaying("5 items"),
                    IsRefusedSaying("limit is 10")));
  EXPECT_EQ(admission.Enter(4), std::nullopt);
  admission.Leave(6);
  EXPECT_EQ(admission.Enter(5), std::nullopt);
}

TEST(AdmissionTest, RefusesWhatWouldPassTheLimitOfCalls) {
  Admission admission(1000, 2);
  EXPECT_EQ(admission.Enter(1), std::nullopt);
  EXPECT_EQ(admission.Enter(1), std::nullopt);
  EXPECT_THAT(admission.Enter(1),
              AllOf(IsRefused(RefusalReason::kInflightCalls), IsRefusedSaying("limit of 2 calls")));
  admission.Leave(1);
  EXPECT_EQ(admission.Enter(1), std::nullopt);
}

// A thread that takes 40 us for a call of 500 items.
class BacklogTest : public ::testing::Test {
 protected:
  static constexpr microseconds kCall{40};
  static constexpr int64_t kItems = 500;

  BacklogTest() { AnswerFor(milliseconds(20)); }
  void AnswerFor(milliseconds time) {
    for (const Backlog::Time end = now_ + time; now_ < end;) {
      const Backlog::Time accepted = now_;
      backlog_.Add(kItems, now_);
      now_ += kCall;
      backlog_.Remove(kItems);
      backlog_.Answered(kItems, accepted, now_);
    }
  }
  void Add(int calls) {
    for (int i = 0; i < calls; ++i) backlog_.Add(kItems, now_);
  }
  std::optional<Refused> Refuse(std::chrono::nanoseconds until_deadline = kNoDeadline) const {
    return backlog_.Refuse(now_, until_deadline);
  }

  Backlog backlog_;
  Backlog::Time now_ = Backlog::Time() + std::chrono::hours(1);
};

TEST_F(BacklogTest, KnowsHowLongTheCallsBeforeWillTake) {
  EXPECT_EQ(backlog_.Wait().count(), 0);
  Add(25);
  EXPECT_NEAR(static_cast<double>(backlog_.Wait().count()), 1e6, 1e3);
}

TEST_F(BacklogTest, CountsTheTimeBetweenAnswersAsTheirTime) {
  Add(2);
  const Backlog::Time accepted = now_;
  for (int i = 0; i < 2000; ++i) {  // each answer is followed by as much of other things
    Add(1);
    now_ += 2 * kCall;
    backlog_.Remove(kItems);
    backlog_.Answered(kItems, accepted, now_);
  }
  EXPECT_NEAR(static_cast<double>(backlog_.Wait().count()), 2 * 80e3, 1e3);
}

TEST_F(BacklogTest, RefusesACallThatWouldMissItsDeadline) {
  Add(25);
  EXPECT_THAT(Refuse(microseconds(900)), IsRefused(RefusalReason::kDeadline));
  EXPECT_EQ(Refuse(microseconds(1100)), std::nullopt);
}

TEST_F(BacklogTest, LetsALongBacklogInThatComesAtOnceButNotOneThatStays) {
  Add(24 * kMaxWaitMilliseconds);
  EXPECT_EQ(Refuse(), std::nullopt);
  now_ += milliseconds(kOverloadMilliseconds + 1);
  EXPECT_THAT(Refuse(), IsRefused(RefusalReason::kWait));
}

TEST_F(BacklogTest, RefusesWhatWouldWaitLongerThanAnyCallMay) {
  Add(26 * kMaxWaitMilliseconds);
  EXPECT_THAT(Refuse(), IsRefused(RefusalReason::kWait));
}

TEST_F(BacklogTest, AFewCallsThatTakeLongAreNoOverload) {
  for (int i = 0; i < kMaxUnrefusedCalls; ++i) backlog_.Add(100 * kItems, now_);
  now_ += milliseconds(kOverloadMilliseconds + 1);
  EXPECT_GT(backlog_.Wait(), milliseconds(kMaxWaitMilliseconds));
  EXPECT_EQ(Refuse(), std::nullopt);
  Add(1);
  EXPECT_THAT(Refuse(), IsRefused(RefusalReason::kWait));
}

TEST_F(BacklogTest, ACallForWhichNobodyWaitsIsNeverRefused) {
  const Backlog::Time accepted = now_;
  backlog_.Add(kItems, now_);
  now_ += std::chrono::hours(1);  // a machine that slept
  backlog_.Remove(kItems);
  backlog_.Answered(kItems, accepted, now_);
  EXPECT_EQ(Refuse(milliseconds(20)), std::nullopt);
  AnswerFor(milliseconds(200));  // and the pace is what it was
  Add(25);
  EXPECT_EQ(Refuse(milliseconds(20)), std::nullopt);
}

class ClientRatesTest : public ::testing::Test {
 protected:
  ClientRates rates_{1000, /*max_clients=*/3};
  ClientRates::Time now_ = ClientRates::Time() + std::chrono::hours(1);
};

TEST_F(ClientRatesTest, AClientHasASecondsWorthAtOnceAndThenItsRate) {
  EXPECT_EQ(rates_.Take("a", 1000, now_), std::nullopt);
  EXPECT_THAT(rates_.Take("a", 1, now_), IsRefusedSaying("client 'a' asks for more than its 1000"));
  now_ += milliseconds(100);
  EXPECT_EQ(rates_.Take("a", 100, now_), std::nullopt);
  EXPECT_THAT(rates_.Take("a", 1, now_), IsRefused(RefusalReason::kClientRate));
}

TEST_F(ClientRatesTest, OneThatIsRefusedIsToldWhenItMayComeAgainAndMay) {
  EXPECT_EQ(rates_.Take("a", 900, now_), std::nullopt);
  const std::optional<Refused> refused = rates_.Take("a", 500, now_);
  ASSERT_THAT(refused, Optional(Field(&Refused::retry_after, milliseconds(400))));
  now_ += refused->retry_after;
  EXPECT_EQ(rates_.Take("a", 500, now_), std::nullopt);
}

TEST_F(ClientRatesTest, ClientsDoNotTakeFromEachOther) {
  EXPECT_EQ(rates_.Take("a", 1000, now_), std::nullopt);
  EXPECT_EQ(rates_.Take("b", 1000, now_), std::nullopt);
  EXPECT_EQ(rates_.Take("", 1000, now_), std::nullopt);  // those without a name
  EXPECT_THAT(rates_.Take("", 1, now_), IsRefused(RefusalReason::kClientRate));
}

TEST_F(ClientRatesTest, ThoseForWhomThereIsNoRoomShareARate) {
  for (const char* client : {"a", "b", "c"}) EXPECT_EQ(rates_.Take(client, 1, now_), std::nullopt);
  EXPECT_EQ(rates_.Take("d", 600, now_), std::nullopt);
  EXPECT_THAT(rates_.Take("e", 600, now_), IsRefused(RefusalReason::kClientRate));
  EXPECT_EQ(rates_.Take("a", 999, now_), std::nullopt);
}

TEST_F(ClientRatesTest, IdleClientsMakeRoom) {
  for (const char* client : {"a", "b", "c"}) {
    EXPECT_EQ(rates_.Take(client, 1000, now_), std::nullopt);
  }
  now_ += milliseconds(1000);
  EXPECT_EQ(rates_.Take("d", 600, now_), std::nullopt);
  EXPECT_EQ(rates_.Take("e", 600, now_), std::nullopt);
  EXPECT_EQ(rates_.Take("a", 1000, now_), std::nullopt);  // nothing was lost by that
}

TEST_F(ClientRatesTest, TimesOfOtherThreadsMayBeEarlier) {
  EXPECT_EQ(rates_.Take("a", 500, now_), std::nullopt);
  EXPECT_EQ(rates_.Take("a", 500, now_ - milliseconds(5)), std::nullopt);
  EXPECT_THAT(rates_.Take("a", 1, now_), IsRefused(RefusalReason::kClientRate));
}

}  // namespace
}  // namespace oasis
