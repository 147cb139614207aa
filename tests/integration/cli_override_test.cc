// Stopping a licensor now, by the real binary.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class CliOverrideTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteFile(dir_ / "campaigns.csv",
              "campaign,licensor,starts_at,ends_at\n"
              "ours,acme,,\n"
              "over,zenith,2020-01-01T00:00:00Z,2020-02-01T00:00:00Z\n");
    WriteFile(dir_ / "scores.csv", "item_uri,surface,market,cohort,score,campaign\n" + item_ +
                                       ",radio,*,*,0.5,ours\n" + expired_ +
                                       ",radio,*,*,0.5,over\n");
    BuildFrom(dir_.path(), dir_ / "s1", "s1");
    Serve();
    JsonOf(RunOasis(
        {"snapshot", "load", (dir_ / "s1").string(), "--server", server_->admin(), "--json"}));
  }
  void Serve() {
    server_ = std::make_unique<OasisServer>(dir_ / "data");
    ASSERT_TRUE(server_->ok());
  }

  RunResult Run(std::vector<std::string> args) {
    args.insert(args.end(), {"--server", server_->admin()});
    return RunOasis(std::move(args));
  }
  std::vector<std::string> PutArgs(const std::vector<std::string>& more) {
    std::vector<std::string> args = {"override", "put", "--reason", "ticket 12"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  }
  json Explain(const std::string& uri) {
    return JsonOf(RunOasis({"scores", "explain", "--surface", "radio", "--market", "SE", "--server",
                            server_->listen(), "--json", uri}));
  }

  const std::string item_ = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";
  const std::string expired_ = "spotify:track:0rqhFgbbKwnb9MLmUQDhG6";
  TempDir dir_;
  std::unique_ptr<OasisServer> server_;
};

TEST_F(CliOverrideTest, AFileOfItemsIsStoppedAtOnce) {
  WriteFile(dir_ / "stop.csv", "item_uri\n" + item_ + "\n" + expired_ + "\n");
  const RunResult put =
      Run(PutArgs({"--suppress", "--items", (dir_ / "stop.csv").string(), "--for", "1h"}));
  EXPECT_EQ(put.exit_code, 0) << put.err;
  EXPECT_THAT(put.out, HasSubstr("suppress, 2 items"));
  EXPECT_EQ(Explain(item_)["status"], "suppressed");
  EXPECT_EQ(JsonOf(Run({"override", "list", "--json"}))["overrides"].size(), 2u);
  EXPECT_THAT(Run({"status"}).out, HasSubstr("2 overrides hold"));
}

TEST_F(CliOverrideTest, ABatchIsEndedByItsName) {
  WriteFile(dir_ / "stop.txt",
            item_ + "\n" + expired_ + "\nspotify:track:1rqhFgbbKwnb9MLmUQDhG6\n");
  const RunResult put = Run(
      PutArgs({"--suppress", "--items", (dir_ / "stop.txt").string(), "--for", "1h", "--json"}));
  EXPECT_THAT(put.err, HasSubstr("1 of them name what is not live"));
  const json batch = JsonOf(put);
  EXPECT_EQ(batch["size"], 3);
  const RunResult gone =
      Run({"override", "delete", "--batch", batch["batch"], "--reason", "settled"});
  EXPECT_THAT(gone.out, HasSubstr("is gone: 3 overrides")) << gone.err;
  EXPECT_EQ(Explain(item_)["status"], "found");
  EXPECT_EQ(Run({"override", "delete", "o1", "--batch", "b", "--reason", "x"}).exit_code, 2);
  EXPECT_EQ(Run({"override", "delete", "--reason", "x"}).exit_code, 2);
}

TEST_F(CliOverrideTest, WhatHoldsIsRenewedByItsName) {
  WriteFile(dir_ / "stop.txt", item_ + "\n" + expired_ + "\n");
  const json batch = JsonOf(Run(
      PutArgs({"--suppress", "--items", (dir_ / "stop.txt").string(), "--for", "1h", "--json"})));
  JsonOf(Run(PutArgs({"--cap", "1", "--item", item_, "--for", "1h", "--id", "o1", "--json"})));
  const RunResult late = Run({"override", "renew", "--batch", batch["batch"], "--until",
                              "2020-01-01", "--reason", "not settled"});
  EXPECT_THAT(late.err, HasSubstr("not after now")) << late.out;
  const RunResult both = Run(
      {"override", "renew", "--batch", batch["batch"], "--for", "90d", "--reason", "not settled"});
  EXPECT_THAT(both.out, HasSubstr("is renewed: 2 overrides, until ")) << both.err;
  const json one =
      JsonOf(Run({"override", "renew", "o1", "--for", "2h", "--reason", "nor this", "--json"}));
  EXPECT_EQ(one["size"], 1);
  const json listed = JsonOf(Run({"override", "list", "--json"}))["overrides"];
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(listed[0]["id"], "o1");  // ends first
  EXPECT_EQ(listed[0]["expires"], one["expires"]);
  EXPECT_EQ(listed[1]["reason"], "not settled");
  EXPECT_EQ(Run({"override", "renew", "o1", "--for", "1h"}).exit_code, 2);
  EXPECT_EQ(Run({"override", "renew", "--for", "1h", "--reason", "x"}).exit_code, 2);
}

TEST_F(CliOverrideTest, TheJournalIsToldWholeToProgramsAndSaysWhenThereIsMore) {
  for (int i = 0; i < 24; ++i) {
    Run(PutArgs({"--suppress", "--item", item_, "--for", "1h", "--id", "o1"}));
  }
  EXPECT_EQ(JsonOf(Run({"journal", "--json"}))["entries"].size(), 25U);
  const RunResult some = Run({"journal"});
  EXPECT_THAT(some.err, HasSubstr("older entries"));
  EXPECT_EQ(std::count(some.out.begin(), some.out.end(), '\n'), 21);  // and the head
  for (const char* since : {"1h", "2020-01-31"}) {
    const RunResult all = Run({"journal", "--since", since});
    EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 26) << since;
    EXPECT_EQ(all.err, "");
  }
  EXPECT_EQ(JsonOf(Run({"journal", "--json", "--until", "1h"}))["entries"].size(), 0U);
  EXPECT_EQ(JsonOf(Run({"journal", "--json", "--limit", "3"}))["entries"].size(), 3U);
  EXPECT_THAT(Run({"journal", "--since", "yesterday"}).err, HasSubstr("2026-01-31"));
}

TEST_F(CliOverrideTest, ABadLineOfAFileOfItemsIsNamedAndNothingIsPut) {
  WriteFile(dir_ / "stop.csv", item_ + "\nspotify:track:short\n");
  const RunResult put =
      Run(PutArgs({"--suppress", "--items", (dir_ / "stop.csv").string(), "--for", "1h"}));
  EXPECT_EQ(put.exit_code, 1);
  EXPECT_THAT(put.err, HasSubstr("stop.csv:2: "));
  EXPECT_EQ(Explain(item_)["status"], "found");
}

TEST_F(CliOverrideTest, ALicensorIsStoppedAtOnceAndStaysSoThroughAKill) {
  EXPECT_EQ(Explain(item_)["status"], "found");
  EXPECT_EQ(Explain(expired_)["status"], "expired");
  const json put = JsonOf(Run(
      PutArgs({"--suppress", "--licensor", "acme", "--market", "SE", "--for", "48h", "--json"})));
  EXPECT_EQ(Explain(item_)["status"], "suppressed");

  server_->process().Signal(SIGKILL);
  Serve();
  const json explained = Explain(item_);
  EXPECT_EQ(explained["status"], "suppressed");
  EXPECT_EQ(explained["overrides"][0]["reason"], "ticket 12");
  EXPECT_THAT(Run({"override", "list"}).out,
              AllOf(HasSubstr("suppress"), HasSubstr("licensor acme"), HasSubstr("*/SE")));

  const std::string id = put["override"]["id"];
  EXPECT_THAT(Run({"override", "delete", id, "--reason", "settled"}).out, HasSubstr("is gone"));
  EXPECT_EQ(Explain(item_)["status"], "found");
  EXPECT_THAT(Run({"journal"}).out, AllOf(HasSubstr("override-delete"), HasSubstr("settled")));
  EXPECT_THAT(Run({"override", "list"}).out, HasSubstr("no overrides"));
}

TEST_F(CliOverrideTest, AScoreIsCappedOrSet) {
  RunResult result = Run(PutArgs({"--cap", "0.25", "--item", item_, "--for", "1h", "--id", "o1"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("o1: cap 0.25"), HasSubstr("override delete o1")));
  EXPECT_EQ(Explain(item_)["score"], 0.25);
  result = Run(PutArgs({"--set", "-1", "--item", item_, "--for", "1h", "--id", "o1"}));
  EXPECT_THAT(result.out, HasSubstr("o1 replaced: set -1"));
  EXPECT_EQ(Explain(item_)["score"], -1);
}

TEST_F(CliOverrideTest, WhatIsMissingOrTwiceIsAUsageError) {
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
           {"--licensor", "acme", "--for", "1h"},
           {"--suppress", "--cap", "1", "--licensor", "acme", "--for", "1h"},
           {"--suppress", "--for", "1h"},
           {"--suppress", "--licensor", "acme", "--campaign", "ours", "--for", "1h"},
           {"--suppress", "--licensor", "acme"}}) {
    const RunResult result = Run(PutArgs(flags));
    EXPECT_EQ(result.exit_code, 2) << result.out;
    EXPECT_THAT(result.err, HasSubstr("oasis override put --help"));
  }
  const RunResult refused = Run(PutArgs({"--suppress", "--licensor", "acme", "--for", "2161h"}));
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("at most 90 days"));
  EXPECT_THAT(Run({"journal", "--action", "override-refused"}).out,
              AllOf(HasSubstr("suppress licensor 'acme' on */*"), HasSubstr("at most 90 days")));
}

}  // namespace
}  // namespace oasis::testing
