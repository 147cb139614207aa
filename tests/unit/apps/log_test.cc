#include "apps/log.h"

#include <gtest/gtest.h>

#include <string>

#include "nlohmann/json.hpp"

namespace oasis {
namespace {

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

}  // namespace
}  // namespace oasis
