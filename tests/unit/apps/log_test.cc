#include "apps/log.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "oasis/limits.h"

namespace oasis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kTime = absl::FromUnixMillis(1'767'225'600'123);

TEST(LogTest, ALineIsOneJsonObjectWithTimeLevelMessageAndFields) {
  const std::string line = FormatLogLine(LogFormat::kJson, kTime, LogLevel::kWarning, "watcher",
                                         {{"dir", "in"}, {"files", 3}, {"ok", false}});
  EXPECT_EQ(line, R"({"time":"2026-01-01T00:00:00.123Z","level":"warning","message":"watcher",)"
                  R"("dir":"in","files":3,"ok":false})");
}

TEST(LogTest, WhateverAFieldHoldsTheLineStaysOneLineOfJson) {
  const std::string nasty = "quote\" backslash\\ newline\n tab\t not utf-8 \xff\xfe end";
  const std::string line =
      FormatLogLine(LogFormat::kJson, kTime, LogLevel::kError, nasty, {{"detail", nasty}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(line);
  const std::string valid = nasty.substr(0, nasty.find('\xff'));
  EXPECT_EQ(json["detail"].get<std::string>().substr(0, valid.size()), valid);
}

TEST(LogTest, TextIsForPeople) {
  const std::string line = FormatLogLine(LogFormat::kText, kTime, LogLevel::kInfo, "listening",
                                         {{"listen", "0.0.0.0:50051"}, {"port", 50051}});
  EXPECT_EQ(line.substr(line.find(' ')), " info  listening  listen=0.0.0.0:50051  port=50051");
}

TEST(LogTest, WhateverAFieldHoldsTextStaysOneLineThatNobodyElseWrote) {
  const std::string line = FormatLogLine(
      LogFormat::kText, kTime, LogLevel::kWarning, "call failed",
      {{"variant", "x\n12:00:00.000 info   admin call denied  detail=FORGED \x1b[31mred"},
       {"client", "says:a b"},
       {"detail", "x  code=OK \x7f\xc2\x9b\xff \"quoted\""},
       {"empty", ""}});
  EXPECT_EQ(line.substr(line.find(' ')),
            R"( warning call failed)"
            R"(  variant="x\n12:00:00.000 info   admin call denied  detail=FORGED \u001b[31mred")"
            R"(  client="says:a b"  detail="x  code=OK \u007f\u009b\ufffd \"quoted\"")"
            R"(  empty="")");
}

TEST(LogTest, ItsEndWritesWhatWaits) {
  ::testing::internal::CaptureStderr();
  {
    const Log log(LogFormat::kJson, LogLevel::kInfo);
    for (const char* what : {"one", "two", "three"}) log.Warning(what);
    log.Debug("below the level");
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("one"), HasSubstr("two"), HasSubstr("three"), Not(HasSubstr("below")),
                    Not(HasSubstr("left_out"))));
}

// Takes the place of stderr: a pipe from which nobody reads until Drain, or the end.
class StuckStderr {
 public:
  StuckStderr() : real_(dup(STDERR_FILENO)) {
    if (pipe(ends_.data()) != 0 || dup2(ends_[1], STDERR_FILENO) < 0) abort();
    close(ends_[1]);
  }
  ~StuckStderr() {
    PutBack();
    if (!reader_.joinable()) Drain("");
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

TEST(LogTest, ALogThatNobodyReadsHoldsUpNobodyAndCountsWhatItCannotTake) {
  StuckStderr stuck;
  const Log log(LogFormat::kJson, LogLevel::kInfo);
  const std::string long_text(500, 'x');
  for (int i = 0; i < 5000; ++i) log.Warning("x", {{"detail", long_text}});  // more than it holds
  stuck.Drain("lines_left_out");
  while (!stuck.found()) log.Warning("x");  // the first that finds room tells of the others
}

TEST(LogTest, ItsEndDoesNotWaitForEverForWhoDoesNotRead) {
  StuckStderr stuck;
  const Log log(LogFormat::kJson, LogLevel::kInfo);
  const std::string long_text(500, 'x');
  for (int i = 0; i < 1000; ++i) log.Warning("x", {{"detail", long_text}});
  EXPECT_FALSE(log.Flush());
}

TEST(LogTest, OfWhatGrpcSaysSomeIsWrittenEachSecondAndTheRestCounted) {
  ::testing::internal::CaptureStderr();
  const absl::Time began = absl::Now();
  {
    const Log log(LogFormat::kJson, LogLevel::kInfo);
    SendGrpcLogTo(&log);
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);  // as grpc_init does
    for (int i = 0; i < 1000; ++i) gpr_log(GPR_ERROR, "Handshake failed");
    SendGrpcLogTo(nullptr);
  }
  const std::string written = ::testing::internal::GetCapturedStderr();
  const auto seconds = absl::ToInt64Seconds(absl::Now() - began) + 2;  // of the clock, touched
  EXPECT_THAT(written, HasSubstr(R"("message":"grpc","detail":"Handshake failed")"));
  EXPECT_LE(std::count(written.begin(), written.end(), '\n'), seconds * kCallLinesPerSecond);
}

TEST(LogTest, APortThatGrpcTakesOutOfUseIsAnErrorAndIsTold) {
  ::testing::internal::CaptureStderr();
  std::string told;
  {
    const Log log(LogFormat::kJson, LogLevel::kInfo);
    SendGrpcLogTo(&log);
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);  // as grpc_init does
    SendDeafPortsTo([&told](const std::string& why) { told = why; });
    gpr_log(GPR_ERROR, "Failed accept4: %s", "Too many open files");
    SendDeafPortsTo(nullptr);
    SendGrpcLogTo(nullptr);
  }
  EXPECT_EQ(told, "Failed accept4: Too many open files");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr(R"("level":"error")"));
}

}  // namespace
}  // namespace oasis
