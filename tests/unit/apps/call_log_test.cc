#include "apps/serve/call_log.h"

#include <string>

#include "support/test_support.h"

namespace oasis {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

CallRecord Record(const absl::Status& status) {
  CallRecord record;
  record.method = "GetPromotionScores";
  record.status = status;
  record.took = absl::Milliseconds(150);
  record.items = 500;
  record.score_set = "discovery-mode";
  record.variant = "control";
  record.peer = "ipv4:10.0.0.1:4000";
  record.request_id = "r1";
  return record;
}

std::string LogOf(const CallRecord& record) {
  ::testing::internal::CaptureStderr();
  LogCall(record, Log(LogFormat::kJson, LogLevel::kDebug));
  return ::testing::internal::GetCapturedStderr();
}

TEST(CallLogTest, ASlowCallIsALineWithAllThatIsKnown) {
  CallRecord record = Record(absl::OkStatus());
  record.client = "URI:spiffe://oasis/ranking";
  record.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  record.span_id = "00f067aa0ba902b7";
  record.left_out = 7;
  EXPECT_THAT(
      LogOf(record),
      HasSubstr(
          R"("level":"warning","message":"slow call","method":"GetPromotionScores","code":"OK",)"
          R"("duration_us":150000,"items":500,"score_set":"discovery-mode","variant":"control",)"
          R"("peer":"ipv4:10.0.0.1:4000","client":"URI:spiffe://oasis/ranking","request_id":"r1",)"
          R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7",)"
          R"("left_out":7})"));
}

TEST(CallLogTest, WhatTheServerFailedIsAWarningAndWhatItsCallerGotWrongIsDebug) {
  for (const absl::Status& status :
       {absl::InternalError("x"), absl::UnavailableError("x"), absl::DeadlineExceededError("x"),
        absl::ResourceExhaustedError("x"), absl::DataLossError("x")}) {
    EXPECT_THAT(LogOf(Record(status)),
                AllOf(HasSubstr(R"("level":"warning","message":"call failed")"),
                      HasSubstr(R"("detail":"x")")))
        << status;
  }
  for (const absl::Status& status :
       {absl::InvalidArgumentError("x"), absl::NotFoundError("x"), absl::CancelledError("x")}) {
    EXPECT_THAT(LogOf(Record(status)), HasSubstr(R"("level":"debug")")) << status;
    CallRecord of_operator = Record(status);
    of_operator.admin = true;
    EXPECT_THAT(LogOf(of_operator), AllOf(HasSubstr(R"("level":"info")"), Not(HasSubstr("items"))))
        << status;
  }
}

TEST(CallLogTest, WhatIsNotKnownIsLeftOut) {
  CallRecord record;
  record.status = absl::ResourceExhaustedError("overloaded");
  EXPECT_THAT(LogOf(record), Not(AnyOf(HasSubstr("score_set"), HasSubstr("client"),
                                       HasSubstr("trace_id"), HasSubstr("left_out"))));
}

}  // namespace
}  // namespace oasis
