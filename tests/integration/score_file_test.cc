// Every answer of the real binary against the score file it was built from, by the words of the
// contract: the most specific row wins, the error of a score is at most scale / 32767, and a
// campaign that does not run now promotes nothing.
#include <grpcpp/grpcpp.h>

#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "oasis/gid.h"
#include "oasis/v1/promotion_scores.grpc.pb.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

constexpr int kTracks = 2000;
constexpr size_t kLevels = 5;  // four, and none

using Cell = std::tuple<std::string, std::string, std::string, std::string>;  // item and context

class ScoreFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Campaigns begin and end half a day from now, so none does while the test runs.
    const absl::Time noon = absl::Now() - absl::Hours(12);
    JsonOf(RunOasis({"generate", "--out", (dir_ / "files").string(), "--tracks",
                     std::to_string(kTracks), "--json", "--now",
                     absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", noon, absl::UTCTimeZone())}));
    BuildFrom(dir_ / "files", dir_ / "s", "s");
    for (const std::vector<std::string>& row : CsvRows(dir_ / "files" / "campaigns.csv")) {
      if (row[0] == "campaign" || (At(row[2]) <= absl::Now() && absl::Now() < At(row[3]))) continue;
      not_running_.insert(row[0]);
    }
    for (std::vector<std::string>& row : CsvRows(dir_ / "files" / "scores.csv")) {
      double score = 0;
      if (!absl::SimpleAtod(row[4], &score)) continue;  // the head
      scores_[{row[0], row[1], row[2], row[3]}] = {score, not_running_.contains(row[5])};
      items_.insert(row[0]);
      contexts_.insert({row[1], row[2], row[3]});
    }
    const nlohmann::json manifest =
        JsonOf(RunOasis({"snapshot", "inspect", (dir_ / "s").string(), "--json"}));
    bound_ = manifest["signals"][0]["scale"].get<double>() / 32767;
  }

  static absl::Time At(const std::string& text) {
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) << text;
    return time;
  }

  struct Expectation {
    double score = 0;
    bool expired = false;
  };
  // What the file gives, and at which level; nothing at the last level where there is none.
  Expectation Expected(const std::string& item, const std::vector<std::string>& asked,
                       size_t* level) {
    const std::string any = "*";
    const std::array<Cell, kLevels - 1> chain = {{{item, asked[0], asked[1], asked[2]},
                                                  {item, asked[0], asked[1], any},
                                                  {item, asked[0], any, asked[2]},
                                                  {item, asked[0], any, any}}};
    for (*level = 0; *level < chain.size(); ++*level) {
      const auto found = scores_.find(chain[*level]);
      if (found != scores_.end()) return found->second;
    }
    return {};
  }

  v1::GetPromotionScoresRequest Request(const std::vector<std::string>& asked, bool by_gid) {
    v1::GetPromotionScoresRequest request;
    request.mutable_context()->set_surface(asked[0]);
    request.mutable_context()->set_market(asked[1]);
    request.mutable_context()->set_cohort(asked[2]);
    for (const std::string& item : items_) {
      if (!by_gid) {
        request.add_item_uris(item);
        continue;
      }
      std::array<char, kGidBytes> bytes;
      GidToBytes(ParseItemUri(item)->gid, bytes.data());
      request.mutable_item_gids()->append(bytes.data(), bytes.size());
    }
    return request;
  }

  TempDir dir_;
  std::set<std::string> not_running_;
  std::map<Cell, Expectation> scores_;
  std::set<std::string> items_;
  std::set<std::vector<std::string>> contexts_;
  double bound_ = 0;
};

TEST_F(ScoreFileTest, EveryAnswerIsThatOfTheFileByUriAndByGidAtEveryLevel) {
  const OasisServer server(dir_ / "data");
  ASSERT_TRUE(server.ok());
  JsonOf(
      RunOasis({"snapshot", "load", (dir_ / "s").string(), "--server", server.admin(), "--json"}));
  v1::PromotionScores::Stub stub(
      grpc::CreateChannel(server.listen(), grpc::InsecureChannelCredentials()));
  std::set<std::vector<std::string>> asked = contexts_;
  asked.insert({"radio", "SE", "nobody"});
  asked.insert({"radio", "ZZ", "regulars"});
  asked.insert({"nowhere", "*", "*"});
  std::array<int, kLevels> answers = {};
  int expired = 0;
  for (const std::vector<std::string>& context : asked) {
    for (const bool by_gid : {false, true}) {
      grpc::ClientContext call;
      v1::GetPromotionScoresResponse response;
      ASSERT_TRUE(stub.GetPromotionScores(&call, Request(context, by_gid), &response).ok());
      ASSERT_EQ(response.scores_size(), std::ssize(items_));
      int i = 0;
      for (const std::string& item : items_) {
        size_t level = 0;
        const Expectation expected = Expected(item, context, &level);
        ++answers[level];
        expired += static_cast<int>(expected.expired);
        ASSERT_NEAR(response.scores(i), expected.expired ? 0 : expected.score, bound_)
            << item << " in " << context[0];
        ASSERT_EQ(response.statuses(i), level == kLevels - 1 ? v1::ITEM_STATUS_NOT_FOUND
                                        : expected.expired   ? v1::ITEM_STATUS_EXPIRED
                                                             : v1::ITEM_STATUS_FOUND);
        ++i;
      }
    }
  }
  EXPECT_GT(expired, 0);
  for (const int of_level : answers) EXPECT_GT(of_level, 0);
}

}  // namespace
}  // namespace oasis::testing
