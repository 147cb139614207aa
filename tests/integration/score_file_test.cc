// Every answer of the real binary against the score file it was built from, by the words of the
// contract: the most specific row wins, and the error of a score is at most scale / 32767.
#include <grpcpp/grpcpp.h>

#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
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
    GenerateFiles(dir_ / "files", kTracks);
    BuildFrom(dir_ / "files", dir_ / "s", "s");
    for (std::vector<std::string>& row : CsvRows(dir_ / "files" / "scores.csv")) {
      double score = 0;
      if (!absl::SimpleAtod(row[4], &score)) continue;  // the head
      scores_[{row[0], row[1], row[2], row[3]}] = score;
      items_.insert(row[0]);
      contexts_.insert({row[1], row[2], row[3]});
    }
    const nlohmann::json manifest =
        JsonOf(RunOasis({"snapshot", "inspect", (dir_ / "s").string(), "--json"}));
    bound_ = manifest["signals"][0]["scale"].get<double>() / 32767;
  }

  // The score that the file gives, and at which level; 0 at the last level where there is none.
  double Expected(const std::string& item, const std::vector<std::string>& asked, size_t* level) {
    const std::string any = "*";
    const std::array<Cell, kLevels - 1> chain = {{{item, asked[0], asked[1], asked[2]},
                                                  {item, asked[0], asked[1], any},
                                                  {item, asked[0], any, asked[2]},
                                                  {item, asked[0], any, any}}};
    for (*level = 0; *level < chain.size(); ++*level) {
      const auto found = scores_.find(chain[*level]);
      if (found != scores_.end()) return found->second;
    }
    return 0;
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
  std::map<Cell, double> scores_;
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
  for (const std::vector<std::string>& context : asked) {
    for (const bool by_gid : {false, true}) {
      grpc::ClientContext call;
      v1::GetPromotionScoresResponse response;
      ASSERT_TRUE(stub.GetPromotionScores(&call, Request(context, by_gid), &response).ok());
      ASSERT_EQ(response.scores_size(), std::ssize(items_));
      int i = 0;
      for (const std::string& item : items_) {
        size_t level = 0;
        const double expected = Expected(item, context, &level);
        ++answers[level];
        ASSERT_NEAR(response.scores(i), expected, bound_) << item << " in " << context[0];
        ASSERT_EQ(response.statuses(i),
                  level == kLevels - 1 ? v1::ITEM_STATUS_NOT_FOUND : v1::ITEM_STATUS_FOUND);
        ++i;
      }
    }
  }
  for (const int of_level : answers) EXPECT_GT(of_level, 0);
}

}  // namespace
}  // namespace oasis::testing
