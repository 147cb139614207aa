// What clients are told while a server restores its snapshots, and when it could not.
#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;

// A server that restarts: of two score sets with two variants each, one table is restored.
class RestoringServerTest : public ServerFixture {
 protected:
  RestoringServerTest() {
    tables_->BeginRestore();
    Publish(BuildConstantTable({"discovery-mode", "control", "a", absl::Now()}, 1, 0.5F));
    StartServer();
  }
};

TEST_F(RestoringServerTest, AnswersFromWhatIsRestoredAndIsUnavailableForTheRest) {
  EXPECT_TRUE(Get().ok());
  request_.set_variant("bold");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::UNAVAILABLE, HasSubstr("variant 'bold'")));
  request_.set_score_set("house-ads");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::UNAVAILABLE, HasSubstr("score_set 'house-ads'")));
  Publish(BuildConstantTable({"discovery-mode", "bold", "b", absl::Now()}, 1, 0.5F));
  Publish(BuildConstantTable({"house-ads", "control", "c", absl::Now()}, 1, 0.5F));
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::UNAVAILABLE, HasSubstr("variant 'bold'")));
  Publish(BuildConstantTable({"house-ads", "bold", "d", absl::Now()}, 1, 0.5F));
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.variant(), "bold");
  tables_->EndRestore({});
  request_.set_variant("shy");
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.variant(), "control");
  request_.set_score_set("nope");
  EXPECT_EQ(Get().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(RestoringServerTest, IsUnavailableForWhatCouldNotBeRestoredUntilItGoesLive) {
  tables_->EndRestore({{"discovery-mode", "bold"}, {"house-ads", "control"}});
  EXPECT_TRUE(Get().ok());
  request_.set_variant("bold");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::UNAVAILABLE, HasSubstr("could not be restored")));
  request_.set_variant("shy");
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(response_.variant(), "control");
  request_.set_score_set("house-ads");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::UNAVAILABLE, HasSubstr("score_set 'house-ads'")));
  Publish(BuildConstantTable({"house-ads", "control", "c", absl::Now()}, 1, 0.5F));
  EXPECT_TRUE(Get().ok());
  request_.set_score_set("nope");
  EXPECT_EQ(Get().error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace oasis::testing
