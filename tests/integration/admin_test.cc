// The admin service as its clients see it, over the wire.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "oasis/limits.h"
#include "rpc/time.h"
#include "support/admin_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

class AdminTest : public AdminFixture {};

TEST_F(AdminTest, LoadsASnapshotAndStreamsItsPhases) {
  MustLoad({.id = "s0"});
  ASSERT_TRUE(LoadFrom(Make({.id = "s1", .items = 10, .score = 500})).ok());
  std::vector<v1::LoadPhase> phases;
  for (const auto& message : messages_) {
    if (phases.empty() || phases.back() != message.phase()) phases.push_back(message.phase());
    EXPECT_EQ(message.has_result(), message.phase() == v1::LOAD_PHASE_DONE);
  }
  EXPECT_THAT(phases,
              ElementsAre(v1::LOAD_PHASE_WAITING, v1::LOAD_PHASE_VERIFY, v1::LOAD_PHASE_INGEST,
                          v1::LOAD_PHASE_BUILD, v1::LOAD_PHASE_WARM, v1::LOAD_PHASE_PUBLISH,
                          v1::LOAD_PHASE_RETIRE, v1::LOAD_PHASE_DONE));
  EXPECT_EQ(Result().outcome(), v1::LoadResult::OUTCOME_PUBLISHED);
  EXPECT_EQ(Result().score_set(), "discovery-mode");
  EXPECT_EQ(Result().variant(), "control");
  EXPECT_EQ(Result().snapshot_id(), "s1");
  EXPECT_EQ(Result().replaced_snapshot_id(), "s0");
  EXPECT_EQ(Result().items(), 10);
  EXPECT_EQ(Result().rows(), 20);
  EXPECT_EQ(Result().phases_size(), 7);
  EXPECT_EQ(Score(), 500);
}

TEST_F(AdminTest, SaysWhenTheSnapshotIsLiveAlready) {
  MustLoad({.id = "s1"});
  ASSERT_TRUE(LoadFrom(temp_ / "discovery-mode-control-s1").ok());
  EXPECT_EQ(Result().outcome(), v1::LoadResult::OUTCOME_UNCHANGED);
}

TEST_F(AdminTest, AFailedLoadEndsWithItsStatusAndPhase) {
  const std::filesystem::path dir = Make({.id = "s1"});
  FlipByte(dir / "scores-00000.sst", 33);
  EXPECT_THAT(LoadFrom(dir), HasCode(grpc::StatusCode::DATA_LOSS,
                                     AllOf(StartsWith("verify: "), HasSubstr("scores-00000.sst"))));
  EXPECT_FALSE(messages_.back().has_result());
  EXPECT_EQ(Score(), std::nullopt);
}

TEST_F(AdminTest, NamesTheDirectoryInFull) {
  EXPECT_THAT(LoadFrom("nowhere"),
              HasCode(grpc::StatusCode::NOT_FOUND,
                      HasSubstr((std::filesystem::current_path() / "nowhere").string())));
}

TEST_F(AdminTest, HoldsALoadToTheExpectedTable) {
  const std::filesystem::path dir = Make({.id = "s1", .variant = "arm"});
  EXPECT_THAT(LoadFrom(dir, "control"),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("'control' was expected")));
  EXPECT_THAT(LoadFrom(dir, "no/name"),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("expect_variant")));
  EXPECT_TRUE(LoadFrom(dir, "arm").ok());
}

TEST_F(AdminTest, RefusesARequestThatNamesNoDirectory) {
  EXPECT_THAT(LoadFrom(""), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("directory")));
  EXPECT_THAT(LoadFrom("/" + std::string(kMaxPathBytes, 'x')),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("directory")));
}

TEST_F(AdminTest, RefusesAReasonThatIsTooLong) {
  const std::string essay(kMaxReasonBytes + 1, 'x');
  const auto refused = HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("reason"));
  const auto with_reason = [&essay](auto request) {
    request.set_reason(essay);
    return request;
  };
  v1::LoadSnapshotRequest load;
  load.set_directory("/x");
  grpc::ClientContext contexts[3];
  EXPECT_THAT(Follow(stub_->LoadSnapshot(&contexts[0], with_reason(load))), refused);
  EXPECT_THAT(Follow(stub_->Rollback(&contexts[1], with_reason(v1::RollbackRequest()))), refused);
  EXPECT_THAT(
      Follow(stub_->PublishSnapshot(&contexts[2], with_reason(v1::PublishSnapshotRequest()))),
      refused);
  v1::PinResponse pin;
  v1::UnpinResponse unpin;
  EXPECT_THAT(Call(&v1::SnapshotAdmin::Stub::Pin, with_reason(v1::PinRequest()), &pin), refused);
  EXPECT_THAT(Call(&v1::SnapshotAdmin::Stub::Unpin, with_reason(v1::UnpinRequest()), &unpin),
              refused);
}

TEST_F(AdminTest, PublishesAndRollsBack) {
  MustLoad({.id = "s1", .score = 100});
  MustLoad({.id = "s2", .score = 200});
  ASSERT_TRUE(Publish("s1").ok());
  EXPECT_EQ(Result().replaced_snapshot_id(), "s2");
  EXPECT_EQ(Score(), 100);
  ASSERT_TRUE(Rollback("").ok());
  EXPECT_EQ(Result().snapshot_id(), "s2");
  EXPECT_EQ(Score(), 200);
  ASSERT_TRUE(Rollback("s1").ok());
  EXPECT_EQ(Score(), 100);
}

TEST_F(AdminTest, RefusesToPublishWhatIsNotThere) {
  EXPECT_THAT(Publish("s9"), HasCode(grpc::StatusCode::NOT_FOUND, StartsWith("build: ")));
  EXPECT_THAT(Publish(""), HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("snapshot_id")));
  EXPECT_THAT(Rollback("../s1"),
              HasCode(grpc::StatusCode::INVALID_ARGUMENT, HasSubstr("snapshot_id")));
  EXPECT_THAT(Rollback(""), HasCode(grpc::StatusCode::FAILED_PRECONDITION, HasSubstr("no other")));
}

TEST_F(AdminTest, AMalformedNameEntersNeitherTheJournalNorTheMetrics) {
  const auto named = [](auto request, const std::string& score_set, const std::string& variant) {
    request.set_score_set(score_set);
    request.set_variant(variant);
    return request;
  };
  const std::string wild = "x\"}\n";
  const auto refused = [](const std::string& field) {
    return HasCode(grpc::StatusCode::INVALID_ARGUMENT, StartsWith(field));
  };
  grpc::ClientContext contexts[2];
  v1::PublishSnapshotRequest publish;
  publish.set_snapshot_id("s1");
  EXPECT_THAT(Follow(stub_->PublishSnapshot(&contexts[0], named(publish, wild, ""))),
              refused("score_set"));
  EXPECT_THAT(Follow(stub_->Rollback(&contexts[1], named(v1::RollbackRequest(), "", wild))),
              refused("variant"));
  v1::PinResponse pin;
  EXPECT_THAT(Call(&v1::SnapshotAdmin::Stub::Pin, named(v1::PinRequest(), wild, ""), &pin),
              refused("score_set"));
  v1::UnpinResponse unpin;
  EXPECT_THAT(Call(&v1::SnapshotAdmin::Stub::Unpin, named(v1::UnpinRequest(), "", wild), &unpin),
              refused("variant"));
  EXPECT_THAT(*store_->ReadJournal({.limit = 10}), SizeIs(0));
  EXPECT_THAT(told_, SizeIs(0));
}

TEST_F(AdminTest, TroubleAfterThePublishComesWithTheResult) {
  fail_point_ = [](LoadPhase phase) {
    return phase == LoadPhase::kRetire ? absl::DataLossError("cannot prune") : absl::OkStatus();
  };
  ASSERT_TRUE(LoadFrom(Make({.id = "s1"})).ok());
  EXPECT_EQ(Result().outcome(), v1::LoadResult::OUTCOME_PUBLISHED);
  EXPECT_EQ(Result().warning(), "retire: cannot prune");
  fail_point_ = [](LoadPhase) { return absl::OkStatus(); };
  ASSERT_TRUE(LoadFrom(Make({.id = "s2"})).ok());
  EXPECT_EQ(Result().warning(), "");
}

TEST_F(AdminTest, PinsTheLiveSnapshotOrANamedOne) {
  EXPECT_THAT(Pin(""), HasCode(grpc::StatusCode::FAILED_PRECONDITION,
                               HasSubstr("'discovery-mode', variant 'control' has no live")));
  MustLoad({.id = "s1"});
  MustLoad({.id = "s2"});
  ASSERT_TRUE(Pin("").ok());
  EXPECT_EQ(pinned_, "s2");
  EXPECT_THAT(LoadFrom(Make({.id = "s3"})),
              HasCode(grpc::StatusCode::FAILED_PRECONDITION, HasSubstr("pinned")));
  ASSERT_TRUE(Pin("s1").ok());
  EXPECT_EQ(pinned_, "s1");
  v1::UnpinResponse response;
  EXPECT_TRUE(Call(&v1::SnapshotAdmin::Stub::Unpin, v1::UnpinRequest(), &response).ok());
  EXPECT_THAT(Call(&v1::SnapshotAdmin::Stub::Unpin, v1::UnpinRequest(), &response),
              HasCode(grpc::StatusCode::FAILED_PRECONDITION, HasSubstr("not pinned")));
}

TEST_F(AdminTest, ListsWhatIsKept) {
  MustLoad({.id = "s1", .created = TestTime(5), .items = 3});
  MustLoad({.id = "x1", .variant = "arm"});
  ASSERT_TRUE(Pin("s1").ok());
  ASSERT_TRUE(List().ok());
  ASSERT_EQ(listed_.snapshots_size(), 2);
  EXPECT_FALSE(listed_.snapshots(0).pinned());
  v1::ListSnapshotsRequest request;
  request.set_score_set("discovery-mode");
  request.set_variant("control");
  ASSERT_TRUE(List(request).ok());
  ASSERT_EQ(listed_.snapshots_size(), 1);
  const v1::StoredSnapshot& stored = listed_.snapshots(0);
  EXPECT_EQ(stored.score_set(), "discovery-mode");
  EXPECT_EQ(stored.variant(), "control");
  EXPECT_EQ(stored.id(), "s1");
  EXPECT_EQ(GetTime(stored.created()), TestTime(5));
  EXPECT_GT(GetTime(stored.published()), GetTime(stored.accepted()));
  EXPECT_EQ(stored.items(), 3);
  EXPECT_EQ(stored.rows(), 6);
  EXPECT_GT(stored.disk_bytes(), 0);
  EXPECT_TRUE(stored.live());
  EXPECT_TRUE(stored.pinned());
}

TEST_F(AdminTest, LeavesOutWhenASnapshotWasPublishedIfItNeverWas) {
  const std::filesystem::path dir = Make({.id = "s1"});
  ASSERT_THAT(store_->Accept(dir, *ReadManifest(dir), TestTime(1), NoProgress()), IsOk());
  ASSERT_TRUE(List().ok());
  EXPECT_FALSE(listed_.snapshots(0).has_published());
}

TEST_F(AdminTest, TellsItsStatus) {
  MustLoad({.id = "s1", .created = TestTime(60), .items = 3});
  ASSERT_TRUE(Pin("").ok());
  v1::GetStatusResponse status;
  ASSERT_TRUE(Call(&v1::SnapshotAdmin::Stub::GetStatus, v1::GetStatusRequest(), &status).ok());
  EXPECT_EQ(status.version(), "1.2.3");
  EXPECT_EQ(GetTime(status.started()), TestTime(7));
  EXPECT_EQ(status.watching(), "/watched");
  ASSERT_EQ(status.tables_size(), 1);
  const v1::LiveTable& table = status.tables(0);
  EXPECT_EQ(table.score_set(), "discovery-mode");
  EXPECT_EQ(table.variant(), "control");
  EXPECT_EQ(table.snapshot_id(), "s1");
  EXPECT_EQ(GetTime(table.created()), TestTime(60));
  EXPECT_EQ(GetDuration(table.age()), absl::Minutes(30));
  EXPECT_EQ(GetDuration(table.max_age()), absl::Minutes(20));
  EXPECT_TRUE(table.stale());
  EXPECT_EQ(table.items(), 3);
  EXPECT_EQ(table.rows(), 6);
  EXPECT_GT(table.resident_bytes(), 0);
  EXPECT_EQ(table.pinned_snapshot_id(), "s1");
  EXPECT_THAT(table.signals(), ElementsAre("promotion"));
  EXPECT_EQ(table.contexts(), 2);
}

// The load of the call waits behind another one, so that the cancel surely comes in its midst.
TEST_F(AdminTest, ACancelledCallCancelsItsLoad) {
  std::mutex mutex;
  std::condition_variable changed;
  bool entered = false;
  bool may_go_on = false;
  fail_point_ = [&](LoadPhase phase) {
    if (phase != LoadPhase::kVerify) return absl::OkStatus();
    std::unique_lock<std::mutex> lock(mutex);
    entered = true;
    changed.notify_all();
    changed.wait(lock, [&] { return may_go_on; });
    return absl::OkStatus();
  };
  const std::filesystem::path first_dir = Make({.id = "s1"});
  const std::filesystem::path second_dir = Make({.id = "s2"});
  std::thread first([&] { Load(first_dir); });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return entered; });
  }
  grpc::ClientContext context;
  v1::LoadSnapshotRequest request;
  request.set_directory(second_dir);
  auto stream = stub_->LoadSnapshot(&context, request);
  v1::LoadSnapshotResponse message;
  ASSERT_TRUE(stream->Read(&message));
  EXPECT_EQ(message.phase(), v1::LOAD_PHASE_WAITING);
  context.TryCancel();
  EXPECT_THAT(stream->Finish(), HasCode(grpc::StatusCode::CANCELLED, ::testing::_));
  while (store_->ReadJournal({.limit = 1})->empty())
    std::this_thread::yield();  // the server sees it later
  EXPECT_EQ(LastEntry().outcome, "CANCELLED");
  EXPECT_EQ(LastEntry().action, "load");
  {
    const std::lock_guard<std::mutex> lock(mutex);
    may_go_on = true;
    changed.notify_all();
  }
  first.join();
  EXPECT_EQ(Live(), "s1");
}

}  // namespace
}  // namespace oasis::testing
