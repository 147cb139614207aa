#include "serving/edge.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "support/table_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::BuildConstantTable;
using ::oasis::testing::Gids;
using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TrackKey;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Edge::Deadline kNever = Edge::Deadline::max();

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest() {
    request_.surface = "radio";
    request_.item_gids = gids_;
  }
  Edge MakeEdge() {
    return {
        {{max_items_}, [] { return absl::Now(); }}, *tables_.NewReader(), metrics_, &admission_};
  }
  static absl::Status Admit(Edge& edge, int64_t items, Edge::Ticket* ticket,
                            RpcMethod method = RpcMethod::kGetPromotionScores) {
    OASIS_RETURN_IF_ERROR(edge.Receive(method, kNever, ticket));
    return edge.Admit(items, "", ticket);
  }
  void Publish() {
    ASSERT_THAT(tables_.Publish(BuildConstantTable(
                    {"discovery-mode", "control", "s", absl::UnixEpoch()}, 1, 0.5F)),
                IsOk());
    metrics_->NameScoreSet(0, "discovery-mode");
  }
  // Of three calls with request_ to a new edge: those that it kept.
  std::vector<RecentRequest> KeptOfThree() {
    const auto recent = std::make_shared<RecentRequests>();
    Edge edge({{max_items_}, [] { return absl::Now(); }, recent}, *tables_.NewReader(), metrics_,
              &admission_);
    for (int i = 0; i < 3; ++i) {
      Edge::Ticket ticket;
      EXPECT_THAT(Admit(edge, 2, &ticket), IsOk());
      EXPECT_THAT(edge.Answer(&ticket, kNever, request_), IsOk());
      edge.Leave(ticket, true);
    }
    return recent->Of("discovery-mode", "control");
  }
  // Whether the duration of so many calls was observed.
  bool Observed(int calls) const {
    return absl::StrContains(
        metrics_->Text(),
        absl::StrCat(R"(duration_seconds_count{method="GetPromotionScores"} )", calls, "\n"));
  }

  LiveTables tables_;
  int max_items_ = 3;
  std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  Admission admission_{3};
  std::string gids_ = Gids({TrackKey(1, 0), TrackKey(9, 9)});
  GetRequest request_;
  Edge::Ticket ticket_;
};

TEST_F(EdgeTest, CountsAnAnsweredCallAndItsItems) {
  Publish();
  Edge edge = MakeEdge();
  ASSERT_THAT(Admit(edge, 2, &ticket_), IsOk());
  ASSERT_THAT(edge.Answer(&ticket_, kNever, request_), IsOk());
  edge.Leave(ticket_, true);
  EXPECT_THAT(
      metrics_->Text(),
      AllOf(HasSubstr(R"(oasis_requests_total{method="GetPromotionScores",code="OK"} 1)"),
            HasSubstr(R"(oasis_items_total{score_set="discovery-mode",status="found"} 1)"),
            HasSubstr(R"(oasis_items_total{score_set="discovery-mode",status="not_found"} 1)")));
  EXPECT_TRUE(Observed(1));
}

TEST_F(EdgeTest, AReplyThatFoundNoCallerIsCountedAsCancelled) {
  Publish();
  Edge edge = MakeEdge();
  ASSERT_THAT(Admit(edge, 2, &ticket_), IsOk());
  ASSERT_THAT(edge.Answer(&ticket_, kNever, request_), IsOk());
  edge.Leave(ticket_, false);
  EXPECT_THAT(metrics_->Text(),
              AllOf(HasSubstr(R"({method="GetPromotionScores",code="OK"} 0)"),
                    HasSubstr(R"({method="GetPromotionScores",code="CANCELLED"} 1)")));
}

TEST_F(EdgeTest, ARequestBeyondTheLimitForOneIsRefusedForThatAndFillsNoMore) {
  Publish();
  max_items_ = 2;
  Edge edge = MakeEdge();
  gids_ = std::string(1000 * kGidBytes, 'x');
  request_.item_gids = gids_;
  ASSERT_THAT(Admit(edge, CountItems(request_), &ticket_), IsOk());
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 2"));
  EXPECT_THAT(edge.Answer(&ticket_, kNever, request_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1000 items")));
  edge.Leave(ticket_, true);
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0"));
}

TEST_F(EdgeTest, ACallIsInFlightUntilItLeaves) {
  Edge edge = MakeEdge();
  ASSERT_THAT(Admit(edge, 2, &ticket_), IsOk());
  EXPECT_THAT(metrics_->Text(),
              AllOf(HasSubstr("oasis_inflight_requests 1"), HasSubstr("oasis_inflight_items 2")));
  Edge::Ticket refused;
  EXPECT_THAT(Admit(edge, 2, &refused),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("overloaded")));
  edge.Leave(ticket_, true);
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0"));
  EXPECT_THAT(Admit(edge, 2, &ticket_), IsOk());
}

TEST_F(EdgeTest, ARefusedCallIsCountedButDoesNotFlatterTheLatency) {
  max_items_ = 4;
  Edge edge = MakeEdge();
  EXPECT_THAT(Admit(edge, 4, &ticket_),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("limit is 3")));
  edge.Leave(ticket_, true);
  EXPECT_THAT(metrics_->Text(), HasSubstr(R"(code="RESOURCE_EXHAUSTED"} 1)"));
  EXPECT_THAT(metrics_->Text(), HasSubstr("oasis_inflight_items 0"));
  EXPECT_TRUE(Observed(0));
}

TEST_F(EdgeTest, ACallWhoseDeadlineHasPassedIsNotLookedUp) {
  Publish();
  Edge edge = MakeEdge();
  ASSERT_THAT(Admit(edge, 2, &ticket_), IsOk());
  const auto past = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
  EXPECT_THAT(edge.Answer(&ticket_, past, request_),
              StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("waited for its turn")));
  edge.Leave(ticket_, false);  // gRPC has told the caller by itself
  EXPECT_TRUE(Observed(0));
  EXPECT_THAT(metrics_->Text(), HasSubstr(R"(code="DEADLINE_EXCEEDED"} 1)"));
}

TEST_F(EdgeTest, AFailedCallIsCountedByItsCode) {
  Edge edge = MakeEdge();
  v1::ExplainPromotionScoreRequest request;
  v1::ExplainPromotionScoreResponse response;
  request.mutable_context()->set_surface("radio");
  request.set_item_uri("spotify:episode:1");
  ASSERT_THAT(Admit(edge, 1, &ticket_, RpcMethod::kExplainPromotionScore), IsOk());
  EXPECT_THAT(edge.Answer(&ticket_, kNever, request, &response),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no snapshot")));
  edge.Leave(ticket_, true);
  EXPECT_THAT(metrics_->Text(),
              HasSubstr(R"({method="ExplainPromotionScore",code="UNAVAILABLE"} 1)"));
}

TEST_F(EdgeTest, KeepsARequestNowAndThenToReplayIt) {
  Publish();
  request_.market = "SE";
  const std::vector<RecentRequest> kept = KeptOfThree();
  ASSERT_GE(kept.size(), 1U);  // the first, and others only if this took long
  EXPECT_EQ(kept[0].surface, "radio");
  EXPECT_EQ(kept[0].market, "SE");
  EXPECT_EQ(kept[0].keys.size(), gids_.size() / kGidBytes);
}

TEST_F(EdgeTest, KeepsNoRequestWhoseNamesAreLongerThanAnySnapshotHas) {
  Publish();
  const std::string longest(kMaxNameBytes, 'c');
  request_.cohort = longest;
  EXPECT_THAT(KeptOfThree(), Not(IsEmpty()));
  const std::string longer(kMaxNameBytes + 1, 'c');
  request_.cohort = longer;
  EXPECT_THAT(KeptOfThree(), IsEmpty());
  request_.cohort = "";
  request_.surface = longer;
  EXPECT_THAT(KeptOfThree(), IsEmpty());
}

}  // namespace
}  // namespace oasis
