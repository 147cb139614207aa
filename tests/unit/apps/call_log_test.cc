#include "apps/serve/call_log.h"

#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

CallRecord Record(const absl::Status& status) {
  CallRecord record;
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
  }
}

TEST(CallLogTest, WhatIsNotKnownIsLeftOut) {
  CallRecord record;
  record.status = absl::ResourceExhaustedError("overloaded");
  EXPECT_THAT(LogOf(record), Not(AnyOf(HasSubstr("score_set"), HasSubstr("client"),
                                       HasSubstr("trace_id"), HasSubstr("left_out"))));
}

TEST(CallLogTest, ItsEndWritesWhatWaits) {
  ::testing::internal::CaptureStderr();
  {
    const Log log(LogFormat::kJson, LogLevel::kInfo);
    CallLog calls(log);
    for (const char* id : {"r1", "r2", "r3"}) {
      CallRecord record = Record(absl::InternalError("x"));
      record.request_id = id;
      calls.Add(std::move(record));
    }
    calls.Add(Record(absl::NotFoundError("below the level")));
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("r1"), HasSubstr("r2"), HasSubstr("r3"), Not(HasSubstr("below"))));
}

// Takes the place of stderr: a pipe from which nobody reads until Drain.
class StuckStderr {
 public:
  StuckStderr() : real_(dup(STDERR_FILENO)) {
    if (pipe(ends_.data()) != 0 || dup2(ends_[1], STDERR_FILENO) < 0) abort();
    close(ends_[1]);
  }
  ~StuckStderr() {
    PutBack();
    reader_.join();
    close(ends_[0]);
    close(real_);
  }
  StuckStderr(const StuckStderr&) = delete;
  StuckStderr& operator=(const StuckStderr&) = delete;

  // Reads from now on, and looks for `text`.
  void Drain(const std::string& text) {
    reader_ = std::thread([this, text] {
      std::string all;
      std::array<char, 4096> buffer;
      ssize_t got = 0;
      while ((got = read(ends_[0], buffer.data(), buffer.size())) > 0) {
        all.append(buffer.data(), static_cast<size_t>(got));
        if (!found_ && all.find(text) != std::string::npos) found_ = true;
      }
    });
  }
  bool found() const { return found_; }

 private:
  void PutBack() const { dup2(real_, STDERR_FILENO); }

  const int real_;
  std::array<int, 2> ends_{};
  std::thread reader_;
  std::atomic<bool> found_ = false;
};

TEST(CallLogTest, ALogThatNobodyReadsHoldsUpNoCallAndCountsWhatItCannotTake) {
  const CallRecord record = Record(absl::InternalError(std::string(500, 'x')));
  StuckStderr stuck;
  const Log log(LogFormat::kJson, LogLevel::kInfo);
  CallLog calls(log);
  for (int i = 0; i < 2000; ++i) calls.Add(record);  // far more than the pipe and the log hold
  stuck.Drain("left_out");
  while (!stuck.found()) calls.Add(record);  // the first that finds room tells of the others
}

}  // namespace
}  // namespace oasis
