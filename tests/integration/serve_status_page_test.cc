// What `oasis serve` shows a person who opens its metrics address.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <string>

#include "oasis/limits.h"
#include "oasis/v1/override_admin.grpc.pb.h"
#include "support/html_support.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ServeStatusPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GenerateFiles(dir_ / "g", 2000);
    GenerateFiles(dir_ / "few", 500);
    BuildFrom(dir_ / "g", dir_ / "monday", "monday");
    BuildFrom(dir_ / "few", dir_ / "half", "half");
    ASSERT_TRUE(server_.ok());
  }
  int Load(const std::string& name) const {
    return RunOasis({"snapshot", "load", (dir_ / name).string(), "--server", server_.admin()})
        .exit_code;
  }
  // A page made after the call: one may be a second old.
  std::string NewPage() const {
    const std::string before = HttpGet(server_.metrics_port(), "/still");
    std::string page;
    do {
      page = HttpGet(server_.metrics_port(), "/still");
    } while (page == before);
    return page;
  }

  TempDir dir_;
  OasisServer server_{dir_ / "data"};
};

TEST_F(ServeStatusPageTest, TellsWhatIsLiveWhatWasRefusedAndWhatIsOverridden) {
  EXPECT_THAT(HttpGet(server_.metrics_port(), "/"),
              AllOf(HasSubstr("200 OK"), HasSubstr("no snapshot is live"),
                    HasSubstr("http-equiv=\"refresh\"")));
  ASSERT_EQ(Load("monday"), 0);
  EXPECT_EQ(Load("half"), 1);  // guardrails block it
  JsonOf(RunOasis({"override", "put", "--licensor", "<script>acme", "--suppress", "--reason",
                   "their <b>lawyers</b> called", "--for", "5h", "--server", server_.admin(),
                   "--json"}));
  JsonOf(RunOasis({"scores", "get", "--server", server_.listen(), "--surface", "radio",
                   "catalogue:item:none", "--json"}));

  const std::string page = BodyOf(NewPage());
  EXPECT_EQ(WhatIsNotWellFormed(page), "");
  EXPECT_THAT(page, AllOf(HasSubstr("Oasis is serving"), HasSubstr("monday"),
                          HasSubstr("The last load of discovery-mode/control was refused"),
                          HasSubstr("snapshot &#39;half&#39; is blocked"),
                          HasSubstr("discovery-mode/control: load of half"), HasSubstr("<svg")));
  EXPECT_THAT(page, AllOf(HasSubstr("licensor &lt;script&gt;acme"),
                          HasSubstr("their &lt;b&gt;lawyers&lt;/b&gt; called"),
                          HasSubstr("GetPromotionScores"), Not(HasSubstr("<script")),
                          Not(HasSubstr("http-equiv"))));
}

TEST_F(ServeStatusPageTest, FindsTheLoadsBehindAThousandOtherEntries) {
  ASSERT_EQ(Load("monday"), 0);
  EXPECT_EQ(Load("half"), 1);
  const auto admin = v1::OverrideAdmin::NewStub(
      grpc::CreateChannel(server_.admin(), grpc::InsecureChannelCredentials()));
  for (int i = 0; i < 2 * kStatusPageJournal; ++i) {
    grpc::ClientContext context;
    v1::DeleteOverrideRequest request;
    request.set_id("none");
    request.set_reason("a test");
    v1::DeleteOverrideResponse response;
    ASSERT_EQ(admin->DeleteOverride(&context, request, &response).error_code(),
              grpc::StatusCode::NOT_FOUND);
  }
  EXPECT_THAT(BodyOf(NewPage()),
              AllOf(HasSubstr("The last load of discovery-mode/control was refused"),
                    HasSubstr("snapshot &#39;half&#39; is blocked")));
}

TEST_F(ServeStatusPageTest, NamesThePagesThereAre) {
  EXPECT_THAT(HttpGet(server_.metrics_port(), "/nothing"),
              AllOf(HasSubstr("404 Not Found"), HasSubstr("  /\n  /metrics\n  /still\n")));
}

}  // namespace
}  // namespace oasis::testing
