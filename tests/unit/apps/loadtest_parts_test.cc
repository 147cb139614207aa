// The parts of the load test that need no server: ids, prepared requests, responses, its report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "apps/loadtest/ids.h"
#include "apps/loadtest/loadtest.h"
#include "apps/loadtest/requests.h"
#include "apps/loadtest/response.h"
#include "oasis/v1/promotion_scores.pb.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::TempDir;
using ::oasis::testing::WriteFile;
using ::testing::HasSubstr;

constexpr char kTrack[] = "spotify:track:6rqhFgbbKwnb9MLmUQDhG6";

v1::GetPromotionScoresRequest Parsed(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  EXPECT_TRUE(buffer.DumpToSingleSlice(&slice).ok());
  v1::GetPromotionScoresRequest request;
  EXPECT_TRUE(request.ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
  return request;
}

IdList SomeTracks() {
  IdList ids;
  for (uint64_t i = 1; i <= 50; ++i) ids.tracks.push_back({i, i});
  return ids;
}

TEST(IdsTest, ReadsTheFirstColumnAndPassesOverTheHead) {
  const TempDir dir;
  WriteFile(dir / "tracks.csv", std::string("item_uri,artist\n\"") + kTrack +
                                    "\",Someone\n\nspotify:episode:1,Other\n");
  const auto ids = ReadIds(dir / "tracks.csv");
  ASSERT_TRUE(ids.ok()) << ids.status();
  ASSERT_EQ(ids->tracks.size(), 1U);
  EXPECT_EQ(FormatTrackUri(ids->tracks[0]), kTrack);
  EXPECT_EQ(ids->others, std::vector<std::string>{"spotify:episode:1"});
}

TEST(IdsTest, NamesFileAndLineOfWhatIsNoUri) {
  const TempDir dir;
  WriteFile(dir / "ids", std::string(kTrack) + "\nspotify:track:short\n");
  const auto ids = ReadIds(dir / "ids");
  EXPECT_THAT(std::string(ids.status().message()), HasSubstr("ids:2: "));
}

TEST(IdsTest, NamesAFileThatIsNotThere) {
  const TempDir dir;
  EXPECT_THAT(std::string(ReadIds(dir / "none").status().message()), HasSubstr("none"));
}

TEST(RequestsTest, AreTheSameForTheSameSeedAndDifferAmongThemselves) {
  LoadTestOptions options;
  options.prepared = 20;
  options.batch = 10;
  options.markets = {"SE", "US"};
  const auto first = PrepareRequests(options, SomeTracks());
  const auto second = PrepareRequests(options, SomeTracks());
  ASSERT_TRUE(first.ok() && second.ok());
  std::set<std::string> different, markets;
  for (size_t i = 0; i < first->size(); ++i) {
    const auto request = Parsed((*first)[i]);
    EXPECT_EQ(request.SerializeAsString(), Parsed((*second)[i]).SerializeAsString());
    EXPECT_EQ(request.item_gids().size(), 10 * kGidBytes);
    different.insert(request.item_gids());
    markets.insert(request.context().market());
  }
  EXPECT_EQ(different.size(), 20U);
  EXPECT_EQ(markets, (std::set<std::string>{"SE", "US"}));
}

TEST(RequestsTest, AsksForMissesAsOftenAsTold) {
  LoadTestOptions options;
  options.prepared = 20;
  options.batch = 100;
  options.mode = IdMode::kUri;
  options.miss_ratio = 0.25;
  const IdList ids = SomeTracks();
  const std::set<Gid> known(ids.tracks.begin(), ids.tracks.end());
  const auto requests = PrepareRequests(options, ids);
  ASSERT_TRUE(requests.ok());
  int misses = 0;
  for (const auto& buffer : *requests) {
    const auto request = Parsed(buffer);
    for (const std::string& uri : request.item_uris()) {
      misses += known.contains(KeyOfUri(uri).gid) ? 0 : 1;
    }
  }
  EXPECT_NEAR(misses, 500, 80);
}

TEST(RequestsTest, RefusesToMakeGidsOfOtherItems) {
  IdList ids = SomeTracks();
  ids.others.push_back("spotify:episode:1");
  const auto requests = PrepareRequests(LoadTestOptions(), ids);
  EXPECT_THAT(std::string(requests.status().message()), HasSubstr("--mode uri"));
}

TEST(RequestsTest, RefusesToDrawFromNothing) {
  EXPECT_THAT(std::string(PrepareRequests(LoadTestOptions(), IdList()).status().message()),
              HasSubstr("--ids"));
}

TEST(ResponseTest, CountsStatusesAndFindsTheSnapshot) {
  v1::GetPromotionScoresResponse message;
  for (const auto status : {v1::ITEM_STATUS_FOUND, v1::ITEM_STATUS_FOUND, v1::ITEM_STATUS_NOT_FOUND,
                            v1::ITEM_STATUS_INVALID_ID}) {
    message.add_statuses(status);
    message.add_scores(0.5F);
  }
  message.mutable_snapshot()->set_id("monday");
  message.mutable_snapshot()->mutable_created()->set_seconds(1'700'000'000);
  message.set_variant("control");
  const std::string bytes = message.SerializeAsString();
  ResponseView view;
  ASSERT_TRUE(ReadResponse(bytes, &view));
  EXPECT_EQ(view.statuses, (std::array<int64_t, kItemStatuses>{1, 2, 0, 0, 1}));
  EXPECT_EQ(view.snapshot_id, "monday");
}

TEST(ResponseTest, RefusesEveryTruncation) {
  v1::GetPromotionScoresResponse message;
  for (int i = 0; i < 200; ++i) message.add_scores(1.0F);
  const std::string bytes = message.SerializeAsString();
  ResponseView view;
  for (size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_FALSE(ReadResponse(absl::string_view(bytes).substr(0, size), &view)) << size;
  }
}

TEST(ResponseTest, RefusesAStatusThatThereIsNot) {
  v1::GetPromotionScoresResponse message;
  message.add_statuses(static_cast<v1::ItemStatus>(100));
  ResponseView view;
  EXPECT_FALSE(ReadResponse(message.SerializeAsString(), &view));
}

TEST(LoadTestTest, SaysWhichOptionMakesNoSense) {
  LoadTestOptions options;
  options.threads = 3;
  options.connections = 2;
  const auto result = RunLoadTest(options, [](const LoadTestProgress&) { return false; });
  EXPECT_EQ(result.status().message(), "--connections is 2; it must be at least 3");
}

TEST(LoadTestTest, TheReportHasTheFiguresAndNoDivisionByZero) {
  LoadTestOptions options;
  LoadTestResult result;
  const auto empty = LoadTestToJson(options, result);
  EXPECT_EQ(empty["calls_per_second"], 0.0);

  result.took = absl::Seconds(2);
  result.figures.answered = 10;
  result.figures.statuses[1] = 5000;
  result.figures.snapshots["monday"] = 10;
  result.figures.AddError("UNAVAILABLE", "gone");
  result.figures.latency.Record(absl::Milliseconds(3));
  const auto json = LoadTestToJson(options, result);
  EXPECT_EQ(json["calls_per_second"], 5.0);
  EXPECT_EQ(json["items_per_second"], 2500.0);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["errors"]["UNAVAILABLE"], 1);
  EXPECT_EQ(json["statuses"]["found"], 5000);
  EXPECT_EQ(json["snapshots"]["monday"], 10);
  EXPECT_NEAR(json["latency_us"]["p99"].get<double>(), 3000, 30);
  const std::string text = FormatLoadTest(options, result);
  EXPECT_THAT(text, HasSubstr("10 answered, 1 failed; 5 calls/s, 2,500 items/s"));
  EXPECT_THAT(text, HasSubstr("monday 10"));
}

TEST(LoadTestTest, TellsGoodputRefusalsAndMissedDeadlinesApart) {
  LoadTestOptions options;
  LoadTestResult result;
  result.took = absl::Seconds(2);
  result.figures.answered = 10;
  result.figures.in_time = 8;
  for (int i = 0; i < 5; ++i) result.figures.AddError(kRefusedCode, "overloaded");
  for (int i = 0; i < 3; ++i) result.figures.AddError(kMissedCode, "late");
  Figures all;
  all.Merge(result.figures);
  result.figures = all;
  const auto json = LoadTestToJson(options, result);
  EXPECT_EQ(json["goodput_per_second"], 4.0);
  EXPECT_EQ(json["refused"], 5);
  EXPECT_EQ(json["missed"], 2 + 3);
  EXPECT_THAT(FormatLoadTest(options, result),
              HasSubstr("4 calls/s answered in time; 5 refused, 5 missed their deadline"));
}

}  // namespace
}  // namespace oasis
