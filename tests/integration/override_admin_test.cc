// Overrides by the admin port of a real server, and what its callers are told.
#include <string>

#include "oasis/limits.h"
#include "oasis/v1/override_admin.grpc.pb.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "rpc/override.h"
#include "rpc/time.h"
#include "support/admin_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class OverrideAdminTest : public AdminFixture {
 protected:
  OverrideAdminTest() {
    const auto connect = [](int port) {
      return grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                 grpc::InsecureChannelCredentials());
    };
    overrides_ = v1::OverrideAdmin::NewStub(connect(server_->admin_port()));
    scores_ = v1::PromotionScores::NewStub(connect(server_->port()));
  }

  static v1::PutOverrideRequest Request(int item) {
    v1::PutOverrideRequest request;
    request.mutable_override()->set_action(v1::Override::ACTION_SUPPRESS);
    request.mutable_override()->set_item_uri(FormatTrackUri(TestKey(item).gid));
    request.mutable_override()->set_reason("a test");
    SetTimestamp(TestTime(200), request.mutable_override()->mutable_expires());
    return request;
  }
  grpc::Status Put(const v1::PutOverrideRequest& request) {
    grpc::ClientContext context;
    context.AddMetadata("x-oasis-actor", "alice");
    put_.Clear();
    return overrides_->PutOverride(&context, request, &put_);
  }
  grpc::Status Delete(const std::string& id, const std::string& reason) {
    grpc::ClientContext context;
    v1::DeleteOverrideRequest request;
    request.set_id(id);
    request.set_reason(reason);
    v1::DeleteOverrideResponse response;
    return overrides_->DeleteOverride(&context, request, &response);
  }
  v1::ListOverridesResponse ListOverrides(const std::string& after) {
    grpc::ClientContext context;
    v1::ListOverridesRequest request;
    request.set_after_id(after);
    v1::ListOverridesResponse response;
    EXPECT_TRUE(overrides_->ListOverrides(&context, request, &response).ok());
    return response;
  }
  v1::GetPromotionScoresResponse Get(int item) {
    grpc::ClientContext context;
    v1::GetPromotionScoresRequest request;
    request.mutable_context()->set_surface("radio");
    request.add_item_uris(FormatTrackUri(TestKey(item).gid));
    v1::GetPromotionScoresResponse response;
    EXPECT_TRUE(scores_->GetPromotionScores(&context, request, &response).ok());
    return response;
  }

  std::unique_ptr<v1::OverrideAdmin::Stub> overrides_;
  std::unique_ptr<v1::PromotionScores::Stub> scores_;
  v1::PutOverrideResponse put_;
};

TEST_F(OverrideAdminTest, TheNextRequestSeesAnOverrideAndTheNextOneItsEnd) {
  MustLoad({.id = "s1"});
  EXPECT_EQ(Get(2).statuses(0), v1::ITEM_STATUS_FOUND);
  ASSERT_TRUE(Put(Request(2)).ok());
  EXPECT_THAT(put_.override().author(), HasSubstr("user alice at "));
  EXPECT_EQ(Get(2).statuses(0), v1::ITEM_STATUS_SUPPRESSED);
  EXPECT_EQ(Get(2).scores(0), 0);
  EXPECT_EQ(Get(3).statuses(0), v1::ITEM_STATUS_FOUND);
  ASSERT_TRUE(Delete(put_.override().id(), "settled").ok());
  EXPECT_EQ(Get(2).statuses(0), v1::ITEM_STATUS_FOUND);
}

TEST_F(OverrideAdminTest, ExplainShowsTheOverrideBesideTheRow) {
  MustLoad({.id = "s1", .score = 1000});
  v1::PutOverrideRequest request = Request(2);
  request.mutable_override()->set_action(v1::Override::ACTION_CAP);
  request.mutable_override()->set_score(0.01F);
  ASSERT_TRUE(Put(request).ok());
  grpc::ClientContext context;
  v1::ExplainPromotionScoreRequest asked;
  asked.mutable_context()->set_surface("radio");
  asked.set_item_uri(request.override().item_uri());
  v1::ExplainPromotionScoreResponse answer;
  ASSERT_TRUE(scores_->ExplainPromotionScore(&context, asked, &answer).ok());
  EXPECT_EQ(answer.status(), v1::ITEM_STATUS_FOUND);
  EXPECT_NEAR(answer.raw_score(), 1000.0 / 32767, 1e-6);
  EXPECT_EQ(answer.score(), 0.01F);
  ASSERT_EQ(answer.overrides_size(), 1);
  EXPECT_EQ(answer.overrides(0).id(), put_.override().id());
  EXPECT_EQ(answer.overrides(0).reason(), "a test");
}

TEST_F(OverrideAdminTest, RefusesWhatIsWrong) {
  v1::PutOverrideRequest request = Request(2);
  request.mutable_override()->clear_action();
  EXPECT_THAT(Put(request),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("override.action is 0")));
  request = Request(2);
  request.mutable_override()->set_action(static_cast<v1::Override::Action>(9));
  EXPECT_THAT(Put(request),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("override.action is 9")));
  request = Request(2);
  request.mutable_override()->clear_expires();
  EXPECT_THAT(Put(request),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("expires is 1970")));
  request = Request(2);
  request.mutable_override()->clear_reason();
  EXPECT_THAT(Put(request),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("reason is empty")));
  EXPECT_THAT(Delete("nothing", "because"),
              HasCode(grpc::StatusCode::NOT_FOUND, HasSubstr("'nothing'")));
  EXPECT_EQ(ListOverrides("").total(), 0);
}

TEST_F(OverrideAdminTest, WhatIsRefusedIsInTheJournalUnderItsCaller) {
  v1::PutOverrideRequest request = Request(2);
  SetTimestamp(TestTime(90) + absl::Hours(24 * kMaxOverrideDays + 1),
               request.mutable_override()->mutable_expires());
  ASSERT_FALSE(Put(request).ok());
  ASSERT_FALSE(Delete("nothing", "because").ok());
  ASSERT_TRUE(ListJournal(0).ok());
  ASSERT_EQ(journal_.entries_size(), 2);
  const v1::JournalEntry& put = journal_.entries(1);
  EXPECT_THAT(put.actor(), StartsWith("user alice at ipv4:127.0.0.1:"));
  EXPECT_EQ(put.action(), "override-refused");
  EXPECT_EQ(put.outcome(), "INVALID_ARGUMENT");
  EXPECT_THAT(put.detail(), AllOf(HasSubstr("suppress item " + request.override().item_uri()),
                                  HasSubstr("a test"), HasSubstr("lasts at most")));
  EXPECT_EQ(journal_.entries(0).action(), "override-refused");
  EXPECT_EQ(journal_.entries(0).outcome(), "NOT_FOUND");
  EXPECT_THAT(journal_.entries(0).detail(),
              StartsWith("delete of nothing; because; there is no override"));
}

TEST_F(OverrideAdminTest, HowLongAnOverrideLastsIsCountedByTheServersClock) {
  MustLoad({.id = "s1"});
  v1::PutOverrideRequest request = Request(2);
  request.mutable_lasts()->set_seconds(int64_t{kMaxOverrideDays} * 24 * 3600);
  EXPECT_THAT(Put(request), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("give one of")));
  request.mutable_override()->clear_expires();
  ASSERT_TRUE(Put(request).ok());
  EXPECT_EQ(GetTime(put_.override().expires()), now_ + absl::Hours(24 * kMaxOverrideDays));

  grpc::ClientContext context;
  v1::RenewOverridesRequest renew;
  renew.set_id(put_.override().id());
  renew.mutable_lasts()->set_seconds(60);
  renew.set_reason("soon over");
  v1::RenewOverridesResponse renewed;
  ASSERT_TRUE(overrides_->RenewOverrides(&context, renew, &renewed).ok());
  EXPECT_EQ(renewed.size(), 1);
  EXPECT_EQ(GetTime(renewed.expires()), now_ + absl::Minutes(1));
  EXPECT_EQ(GetTime(ListOverrides("").overrides(0).expires()), now_ + absl::Minutes(1));
}

TEST_F(OverrideAdminTest, DoubtsAScoreThatGuardrailsWouldBlock) {
  MustLoad({.id = "s1"});
  v1::PutOverrideRequest request = Request(2);
  request.mutable_override()->set_action(v1::Override::ACTION_SET);
  request.mutable_override()->set_score(4.5F);
  ASSERT_TRUE(Put(request).ok());
  EXPECT_EQ(put_.warning(), "");
  request.mutable_override()->set_score(1e30F);
  ASSERT_TRUE(Put(request).ok());
  EXPECT_THAT(put_.warning(), HasSubstr("its score is 1e+30, and guardrails block"));
}

TEST_F(OverrideAdminTest, TheDecisionOfABatchNamesNoItemItself) {
  v1::PutOverrideBatchRequest request;
  *request.mutable_decision() = Request(1).override();
  request.add_item_uris(FormatTrackUri(TestKey(2).gid));
  grpc::ClientContext context;
  v1::PutOverrideBatchResponse response;
  const grpc::Status status = overrides_->PutOverrideBatch(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("item_uris"));
  EXPECT_EQ(ListOverrides("").total(), 0);
}

TEST_F(OverrideAdminTest, AListThatDoesNotFitAMessageComesInSeveral) {
  v1::PutOverrideBatchRequest request;
  *request.mutable_decision() = Request(0).override();
  request.mutable_decision()->clear_about();
  request.mutable_decision()->set_reason(std::string(kMaxReasonBytes, 'r'));
  for (int i = 0; i < 2400; ++i) request.add_item_uris(FormatTrackUri(TestKey(i).gid));
  grpc::ClientContext context;
  v1::PutOverrideBatchResponse response;
  const grpc::Status status = overrides_->PutOverrideBatch(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.size(), 2400);
  std::string after;
  int messages = 0;
  int listed = 0;
  for (v1::ListOverridesResponse list = ListOverrides(after); !list.overrides().empty();
       list = ListOverrides(after)) {
    EXPECT_EQ(list.total(), 2400);
    for (const v1::Override& override : list.overrides()) {
      EXPECT_LT(after, override.id());
      after = override.id();
      ++listed;
    }
    ++messages;
  }
  EXPECT_EQ(listed, 2400);
  EXPECT_GT(messages, 1);
}

}  // namespace
}  // namespace oasis::testing
