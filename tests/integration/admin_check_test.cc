// LoadSnapshot and CheckSnapshot of a server with guardrails, over the wire.
#include "support/admin_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AdminCheckTest : public AdminFixture {
 protected:
  AdminCheckTest() : AdminFixture(GuardrailPolicies()) {}

  grpc::Status Check(const std::string& directory, bool json, bool page) {
    grpc::ClientContext context;
    v1::CheckSnapshotRequest request;
    request.set_directory(directory);
    request.set_json(json);
    request.set_page(page);
    return Follow(stub_->CheckSnapshot(&context, request));
  }
  grpc::Status Force(const std::string& directory, const std::string& reason) {
    grpc::ClientContext context;
    v1::LoadSnapshotRequest request;
    request.set_directory(directory);
    request.set_force(true);
    request.set_reason(reason);
    return Follow(stub_->LoadSnapshot(&context, request));
  }
};

TEST_F(AdminCheckTest, TellsTheVerdictAndTheReportAndLoadsNothing) {
  MustLoad({.id = "good", .items = 10});
  const std::string dir = Make({.id = "halved", .created = TestTime(1), .items = 5});
  ASSERT_TRUE(Check(dir, /*json=*/false, /*page=*/false).ok());
  EXPECT_EQ(Result().outcome(), v1::LoadResult::OUTCOME_CHECKED);
  EXPECT_EQ(Result().guardrails().verdict(), v1::GuardrailResult::VERDICT_BLOCK);
  EXPECT_THAT(Result().guardrails().summary(), StartsWith("blocked: "));
  EXPECT_THAT(Result().guardrails().report(), StartsWith("new   discovery-mode/control halved"));
  EXPECT_EQ(Result().guardrails().page(), "");
  ASSERT_TRUE(Check(dir, /*json=*/true, /*page=*/true).ok());
  EXPECT_THAT(Result().guardrails().report(), StartsWith("{"));
  EXPECT_THAT(Result().guardrails().page(), StartsWith("<!DOCTYPE html>"));
  EXPECT_EQ(Live(), "good");
}

TEST_F(AdminCheckTest, BlocksWhatALoadWouldRefuseForItsId) {
  MustLoad({.id = "good", .items = 10});
  std::filesystem::remove_all(temp_ / "discovery-mode-control-good");
  const std::string dir = Make({.id = "good", .items = 10, .score = 77});
  ASSERT_TRUE(Check(dir, /*json=*/false, /*page=*/false).ok());
  EXPECT_EQ(Result().guardrails().verdict(), v1::GuardrailResult::VERDICT_BLOCK);
  EXPECT_THAT(Result().guardrails().summary(), HasSubstr("id of another snapshot"));
  EXPECT_THAT(LoadFrom(dir),
              HasCode(grpc::StatusCode::ALREADY_EXISTS, HasSubstr("an id names one content")));
}

TEST_F(AdminCheckTest, TakesNoReasonThatIsBlankOrOfSeveralLines) {
  const std::string dir = Make({.id = "good", .items = 10});
  for (const std::string reason : {" ", "line\n99 forged", "a\x1b[31m"}) {
    EXPECT_THAT(Force(dir, reason),
                HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("reason")));
  }
}

TEST_F(AdminCheckTest, ABlockedLoadEndsWithItsReasons) {
  MustLoad({.id = "good", .items = 10});
  const std::string dir = Make({.id = "halved", .created = TestTime(1), .items = 5});
  EXPECT_THAT(LoadFrom(dir), HasCode(grpc::StatusCode::FAILED_PRECONDITION,
                                     AllOf(StartsWith("check: snapshot 'halved' is blocked"),
                                           HasSubstr("number of items"))));
  EXPECT_THAT(Force(dir, ""), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("say why")));
  ASSERT_TRUE(Force(dir, "it is right").ok());
  EXPECT_TRUE(Result().forced());
  EXPECT_EQ(Result().guardrails().verdict(), v1::GuardrailResult::VERDICT_BLOCK);
  EXPECT_EQ(Live(), "halved");
}

TEST_F(AdminCheckTest, AForcedPublishNeedsAReasonAndGoesPastTheGuardrails) {
  MustLoad({.id = "good", .items = 10});
  const std::string dir = Make({.id = "halved", .created = TestTime(1), .items = 5});
  ASSERT_THAT(store_->Accept(dir, *ReadManifest(dir), TestTime(1), NoProgress()), IsOk());
  EXPECT_THAT(Publish("halved"), HasCode(grpc::StatusCode::FAILED_PRECONDITION,
                                         HasSubstr("never was live, is blocked")));
  const auto force = [this](const std::string& reason) {
    grpc::ClientContext context;
    v1::PublishSnapshotRequest request;
    request.set_snapshot_id("halved");
    request.set_force(true);
    request.set_reason(reason);
    return Follow(stub_->PublishSnapshot(&context, request));
  };
  EXPECT_THAT(force(""), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("say why")));
  ASSERT_TRUE(force("it is right").ok());
  EXPECT_TRUE(Result().forced());
  EXPECT_EQ(Live(), "halved");
}

TEST_F(AdminCheckTest, NamesADirectoryThatIsNotThere) {
  EXPECT_THAT(Check("/nowhere/at/all", false, false),
              HasCode(grpc::StatusCode::NOT_FOUND, HasSubstr("/nowhere/at/all")));
  EXPECT_THAT(Check("", false, false),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("directory is empty")));
}

}  // namespace
}  // namespace oasis::testing
