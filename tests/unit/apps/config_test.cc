// Every flag of `oasis serve` is also an environment variable and a key of the config file.
#include "apps/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <vector>

#include "apps/config/settings_text.h"
#include "apps/serve/serve_options.h"
#include "oasis/limits.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::oasis::testing::TempDir;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// `oasis serve`, as far as its flags go.
struct Serve {
  ServeOptions options;
  CLI::App app;
  CLI::App& command = *app.add_subcommand("serve");
  Config config{(AddServeFlags(command, options), command)};

  // The message of the refusal; empty when all went well.
  std::string Parse(std::vector<std::string> args) {
    args.insert(args.begin(), "serve");
    try {
      app.parse(std::vector<std::string>(args.rbegin(), args.rend()));
      config.Apply();
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    return "";
  }
};

class ConfigTest : public ::testing::Test {
 protected:
  ~ConfigTest() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  void SetVariable(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    variables_.push_back(name);
  }
  std::string Parse(const std::vector<std::string>& args) { return serve_.Parse(args); }
  std::string ParseFile(const std::string& content, std::vector<std::string> args = {}) {
    WriteFile(file_, content);
    args.insert(args.end(), {"--config", file_});
    return Parse(args);
  }
  Setting SettingOf(const std::string& key) {
    for (Setting& setting : serve_.config.Settings()) {
      if (setting.key == key) return std::move(setting);
    }
    ADD_FAILURE() << "no setting " << key;
    return {};
  }

  TempDir dir_;
  const std::string file_ = (dir_ / "oasis.toml").string();
  Serve serve_;
  ServeOptions& options_ = serve_.options;
  std::vector<std::string> variables_;
};

TEST_F(ConfigTest, AFileSetsFlagsOfEveryKind) {
  EXPECT_EQ(ParseFile("# a comment\n"
                      "data-dir = \"data\"\n"
                      "listen = \"127.0.0.1:7000\"\n"
                      "threads = 3\n"
                      "max-age = 2h\n"
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
  SetVariable("OASIS_KEEP", "");  // as if it were not there
  EXPECT_EQ(Parse({}), "");
  EXPECT_EQ(options_.data_dir, "data");
  EXPECT_EQ(options_.server.max_inflight_items, 5000);
  EXPECT_EQ(options_.drain_timeout, absl::Seconds(3));
  EXPECT_TRUE(options_.no_huge_pages);
  EXPECT_EQ(options_.log_level, LogLevel::kDebug);
  EXPECT_EQ(options_.keep, kDefaultKeptSnapshots);
}

TEST_F(ConfigTest, AVariableNamesTheFile) {
  WriteFile(file_, "keep = 7\n");
  SetVariable("OASIS_CONFIG", file_);
  EXPECT_EQ(Parse({}), "");
  EXPECT_EQ(options_.keep, 7);
}

TEST_F(ConfigTest, HelpTellsTheVariableOfEveryFlag) {
  const std::string help = serve_.command.help();
  EXPECT_THAT(help, HasSubstr("(OASIS_CONFIG)"));
  for (const Setting& setting : serve_.config.Settings()) {
    std::string variable = "OASIS_";
    for (const char c : setting.key) variable += c == '-' ? '_' : static_cast<char>(toupper(c));
    EXPECT_THAT(help, HasSubstr("(" + variable + ")"));
  }
}

TEST_F(ConfigTest, TheCommandLineWinsOverTheVariableAndThatOverTheFile) {
  SetVariable("OASIS_KEEP", "8");
  SetVariable("OASIS_THREADS", "8");
  EXPECT_EQ(ParseFile("keep = 7\nthreads = 7\nmax-items-per-request = 7\ndrop-first = true\n",
                      {"--keep", "9", "--drop-first=false"}),
            "");
  EXPECT_EQ(options_.keep, 9);
  EXPECT_EQ(options_.server.threads, 8);
  EXPECT_EQ(options_.server.max_items_per_request, 7);
  EXPECT_FALSE(options_.drop_first);
}

TEST_F(ConfigTest, ASettingKnowsWhereItComesFrom) {
  SetVariable("OASIS_THREADS", "8");
  EXPECT_EQ(ParseFile("\nmax-age = \"2h\"\nthreads = 7\n", {"--keep", "9"}), "");
  EXPECT_EQ(SettingOf("keep").source, ConfigSource::kFlag);
  EXPECT_EQ(SettingOf("keep").place, "--keep");
  EXPECT_EQ(SettingOf("threads").source, ConfigSource::kVariable);
  EXPECT_EQ(SettingOf("threads").place, "OASIS_THREADS");
  EXPECT_EQ(SettingOf("threads").value, "8");
  EXPECT_EQ(SettingOf("max-age").source, ConfigSource::kFile);
  EXPECT_EQ(SettingOf("max-age").place, file_ + ":2");
  EXPECT_EQ(SettingOf("listen").source, ConfigSource::kDefault);
  EXPECT_EQ(SettingOf("listen").value, "0.0.0.0:50051");
  EXPECT_EQ(SettingOf("drop-first").value, "false");
  EXPECT_EQ(SettingOf("watch").value, std::nullopt);
}

TEST_F(ConfigTest, ASectionThatIsNotKnownIsOneFaultAndItsKeysAreLookedAt) {
  EXPECT_THAT(ParseFile("[server]\nkeep = 2\nmax-age = 2h\nthreads = none\n"),
              AllOf(HasSubstr("2 faults"),
                    HasSubstr(":2: unknown section [server]; did you mean [serve]?\n"),
                    HasSubstr(":4: threads: 'none'")));
}

TEST_F(ConfigTest, AWholeNumberIsWrittenInDigits) {
  EXPECT_THAT(ParseFile("keep = 1e3\nthreads = 1.5\n"),
              AllOf(HasSubstr(":1: keep: '1e3' must be a whole number from 1 to"),
                    HasSubstr(":2: threads: '1.5' must be a whole number from 0 to")));
}

TEST_F(ConfigTest, WhatIsShownIsAConfigFileThatSaysTheSame) {
  EXPECT_EQ(ParseFile("data-dir = 'a \"quoted\" \\ # name'\nwatch = \"in box\"\n",
                      {"--keep", "9", "--drop-first", "--max-age", "36h", "--threads", "2"}),
            "");
  const std::string shown = SettingsText(serve_.config.Settings());
  EXPECT_THAT(shown,
              AllOf(HasSubstr("keep = 9"), HasSubstr("# flag --keep\n"), HasSubstr("# default\n"),
                    HasSubstr("# file " + file_ + ":2\n"), HasSubstr("# policy is not set\n")));
  WriteFile(dir_ / "shown.toml", shown);
  Serve again;
  EXPECT_EQ(again.Parse({"--config", (dir_ / "shown.toml").string()}), "");
  const std::vector<Setting> before = serve_.config.Settings();
  const std::vector<Setting> after = again.config.Settings();
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].value, after[i].value);
  EXPECT_EQ(again.options.data_dir, options_.data_dir);
  EXPECT_EQ(again.options.server.staleness.others.max_age, absl::Hours(36));
}

TEST_F(ConfigTest, TheFileMayHaveASectionOfTheCommand) {
  EXPECT_EQ(ParseFile("threads = 2\n[serve]\nkeep = 4\n"), "");
  EXPECT_EQ(options_.keep, 4);
  EXPECT_EQ(options_.server.threads, 2);
}

TEST_F(ConfigTest, AnUnknownKeyIsRefusedWithTheNearestKnownOne) {
  EXPECT_EQ(ParseFile("\nkeeep = 4\n"), file_ + ":2: unknown key 'keeep'; did you mean 'keep'?");
}

TEST_F(ConfigTest, WhereNoKeyIsNearAllAreTold) {
  EXPECT_THAT(ParseFile("colour = 4\n"),
              AllOf(HasSubstr("unknown key 'colour'; the keys are data-dir, listen, "),
                    Not(HasSubstr("config,")), Not(HasSubstr("help"))));
}

TEST_F(ConfigTest, AKeyOfAnotherSectionIsUnknown) {
  EXPECT_THAT(ParseFile("[other]\nkeep = 4\n"), HasSubstr(":2: unknown section [other]"));
}

TEST_F(ConfigTest, ABadValueIsRefusedWithFileLineAndKey) {
  EXPECT_THAT(ParseFile("keep = 0\n"),
              HasSubstr(file_ + ":1: keep: '0' must be a whole number from 1 to"));
}

TEST_F(ConfigTest, ABadVariableIsRefusedWithItsName) {
  SetVariable("OASIS_MAX_AGE", "old");
  EXPECT_THAT(Parse({}), HasSubstr("OASIS_MAX_AGE: max-age: 'old' is no duration"));
}

TEST_F(ConfigTest, AKeyThatIsGivenTwiceIsRefused) {
  EXPECT_THAT(ParseFile("keep = 4\nthreads = 1\n[serve]\nkeep = 5\n"),
              AllOf(HasSubstr(":4: keep: is given a second time"), HasSubstr(":1")));
}

TEST_F(ConfigTest, EveryFaultOfTheFileAndTheVariablesIsToldInOneGo) {
  SetVariable("OASIS_LOG_LEVEL", "loud");
  const std::string told = ParseFile(
      "keeep = 4\n"
      "max-age = \"old\"\n"
      "watch = one, two\n"
      "threads = many  # though the command line says it, too\n"
      "no equals\n",
      {"--threads", "2"});
  EXPECT_THAT(told, HasSubstr("6 faults in the configuration:\n  "));
  EXPECT_THAT(told, AllOf(HasSubstr(":1: unknown key"), HasSubstr(":2: max-age: 'old'"),
                          HasSubstr(":3: watch: one value is needed"), HasSubstr(":4: threads: "),
                          HasSubstr(":5: "), HasSubstr("OASIS_LOG_LEVEL: log-level: 'loud'")));
}

TEST_F(ConfigTest, OfVeryManyFaultsTheFirstAndTheirNumberAreTold) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "colour" + std::to_string(i) + " = 1\n";
  EXPECT_THAT(ParseFile(lines), AllOf(HasSubstr("100 faults"), HasSubstr(":20: "),
                                      HasSubstr("and 80 more"), Not(HasSubstr(":21: "))));
}

TEST_F(ConfigTest, AFileThatIsNotThereIsRefused) {
  EXPECT_THAT(Parse({"--config", (dir_ / "none.toml").string()}),
              AllOf(HasSubstr("none.toml"), HasSubstr("cannot be read")));
}

TEST_F(ConfigTest, ABadValueOnTheCommandLineIsRefused) {
  EXPECT_THAT(Parse({"--listen", "nowhere"}), HasSubstr("host:port"));
}

TEST_F(ConfigTest, ACheckLooksAtTheFileAlone) {
  SetVariable("OASIS_KEEP", "none");
  WriteFile(file_, "keep = 4\n");
  EXPECT_THAT(serve_.config.Check(file_), ::oasis::testing::IsOk());
  Serve again;
  WriteFile(file_, "keep = 4\nthreads = x\nkeeep = 5\n");
  EXPECT_THAT(again.config.Check(file_),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(":2: threads: "), HasSubstr(":3: unknown key 'keeep'"))));
}

TEST_F(ConfigTest, AVariableThatIsNearlyAKnownOneIsDoubtedAndOthersAreNot) {
  SetVariable("OASIS_MAX_AEG", "2h");
  SetVariable("OASIS_PORT", "tcp://10.0.0.1:50051");  // by Kubernetes
  SetVariable("OASIS_SERVICE_HOST", "10.0.0.1");
  SetVariable("OASIS_PORT_50051_TCP_ADDR", "10.0.0.1");
  SetVariable("OASIS_CLIENT_TLS_CA", "ca.pem");  // of the other commands
  SetVariable("OASIS_CONFIG", "");
  SetVariable("OASIS_KEEP", "4");
  EXPECT_EQ(Parse({}), "");
  EXPECT_THAT(serve_.config.Doubts(),
              ElementsAre(AllOf(HasSubstr("OASIS_MAX_AEG"), HasSubstr("OASIS_MAX_AGE?"))));
}

TEST_F(ConfigTest, VariablesAreNoConcernOfOtherCommands) {
  SetVariable("OASIS_KEEP", "none");
  serve_.app.add_subcommand("status");
  EXPECT_NO_THROW(serve_.app.parse("status"));
}

}  // namespace
}  // namespace oasis
