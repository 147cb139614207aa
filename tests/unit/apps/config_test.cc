// Every flag of `oasis serve` is also an environment variable and a key of the config file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <vector>

#include "apps/serve/config_file.h"
#include "apps/serve/serve_options.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::TempDir;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() { AddServeFlags(command_, options_), MakeConfigurable(command_); }
  ~ConfigTest() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  void SetVariable(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    variables_.push_back(name);
  }

  // The message of the refusal; empty when all went well.
  std::string Parse(std::vector<std::string> args) {
    args.insert(args.begin(), "serve");
    try {
      app_.parse(std::vector<std::string>(args.rbegin(), args.rend()));
      ApplyConfigFile(command_);
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    return "";
  }

  std::string ParseFile(const std::string& content) {
    WriteFile(dir_ / "oasis.toml", content);
    return Parse({"--config", (dir_ / "oasis.toml").string()});
  }

  TempDir dir_;
  ServeOptions options_;
  CLI::App app_;
  CLI::App& command_ = *app_.add_subcommand("serve");
  std::vector<std::string> variables_;
};

TEST_F(ConfigTest, AFileSetsFlagsOfEveryKind) {
  EXPECT_EQ(ParseFile("# a comment\n"
                      "data-dir = \"data\"\n"
                      "listen = \"127.0.0.1:7000\"\n"
                      "threads = 3\n"
                      "max-age = \"2h\"\n"
                      "no-huge-pages = true\n"
                      "log-format = \"json\"\n"),
            "");
  EXPECT_EQ(options_.data_dir, "data");
  EXPECT_EQ(options_.server.listen, "127.0.0.1:7000");
  EXPECT_EQ(options_.server.threads, 3);
  EXPECT_EQ(options_.server.staleness.others.max_age, absl::Hours(2));
  EXPECT_TRUE(options_.no_huge_pages);
  EXPECT_EQ(options_.log_format, LogFormat::kJson);
}

TEST_F(ConfigTest, AVariableSetsFlagsOfEveryKind) {
  SetVariable("OASIS_DATA_DIR", "data");
  SetVariable("OASIS_MAX_INFLIGHT_ITEMS", "5000");
  SetVariable("OASIS_DRAIN_TIMEOUT", "3s");
  SetVariable("OASIS_NO_HUGE_PAGES", "true");
  SetVariable("OASIS_LOG_LEVEL", "debug");
  EXPECT_EQ(Parse({}), "");
  EXPECT_EQ(options_.data_dir, "data");
  EXPECT_EQ(options_.server.max_inflight_items, 5000);
  EXPECT_EQ(options_.drain_timeout, absl::Seconds(3));
  EXPECT_TRUE(options_.no_huge_pages);
  EXPECT_EQ(options_.log_level, LogLevel::kDebug);
}

TEST_F(ConfigTest, EveryFlagHasItsVariable) {
  for (const CLI::Option* option : command_.get_options({})) {
    if (option->get_lnames().front() == "help") continue;
    EXPECT_THAT(option->get_envname(), HasSubstr("OASIS_")) << option->get_name();
  }
}

TEST_F(ConfigTest, TheCommandLineWinsOverTheVariableAndThatOverTheFile) {
  WriteFile(dir_ / "oasis.toml", "keep = 7\nthreads = 7\nmax-items-per-request = 7\n");
  SetVariable("OASIS_KEEP", "8");
  SetVariable("OASIS_THREADS", "8");
  EXPECT_EQ(Parse({"--config", (dir_ / "oasis.toml").string(), "--keep", "9"}), "");
  EXPECT_EQ(options_.keep, 9);
  EXPECT_EQ(options_.server.threads, 8);
  EXPECT_EQ(options_.server.max_items_per_request, 7);
}

TEST_F(ConfigTest, TheFileMayHaveASectionOfTheCommand) {
  EXPECT_EQ(ParseFile("[serve]\nkeep = 4\n"), "");
  EXPECT_EQ(options_.keep, 4);
}

TEST_F(ConfigTest, AnUnknownKeyIsRefusedWithFileAndKeys) {
  EXPECT_THAT(ParseFile("keeep = 4\n"),
              AllOf(HasSubstr("oasis.toml"), HasSubstr("unknown key 'keeep'"), HasSubstr("keep")));
}

TEST_F(ConfigTest, AKeyOfAnotherSectionIsUnknown) {
  EXPECT_THAT(ParseFile("[other]\nkeep = 4\n"), HasSubstr("unknown key 'other."));
}

TEST_F(ConfigTest, ABadValueIsRefusedWithFileAndKey) {
  EXPECT_THAT(ParseFile("keep = 0\n"), AllOf(HasSubstr("oasis.toml: keep"), HasSubstr("0")));
}

TEST_F(ConfigTest, ABadDurationIsRefusedWithFileAndKey) {
  EXPECT_THAT(ParseFile("max-age = \"old\"\n"),
              AllOf(HasSubstr("oasis.toml: max-age"), HasSubstr("'old' is no duration")));
}

TEST_F(ConfigTest, AListIsRefused) {
  EXPECT_THAT(ParseFile("watch = one, two\n"), HasSubstr("one value is needed"));
}

TEST_F(ConfigTest, AFileThatIsNotThereIsRefused) {
  EXPECT_THAT(Parse({"--config", (dir_ / "none.toml").string()}),
              AllOf(HasSubstr("none.toml"), HasSubstr("cannot be read")));
}

TEST_F(ConfigTest, ABadValueOnTheCommandLineIsRefused) {
  EXPECT_THAT(Parse({"--listen", "nowhere"}), HasSubstr("host:port"));
}

}  // namespace
}  // namespace oasis
