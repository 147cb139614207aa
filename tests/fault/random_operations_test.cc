// A thousand random operations on a real server, each step held against a model in memory.
#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "fault/operations.h"
#include "fault/server_model.h"
#include "support/sanitized.h"

namespace oasis::testing {
namespace {

constexpr int kOperations = kSanitized ? 300 : 1'000;
constexpr int kKeep = 3;
const std::vector<TableName> kTables = {
    {"discovery-mode", "control"}, {"discovery-mode", "arm"}, {"other", "control"}};

class RandomOperationsTest : public ::testing::TestWithParam<unsigned> {
 protected:
  RandomOperationsTest() { Restart(); }

  void Restart() {
    const absl::Time now = server_ == nullptr ? TestTime(2'000) : server_->now();
    server_.reset();
    drop_first_ = Chance(2);
    auto server =
        FaultServer::Start({.data = temp_ / "data",
                            .now = now,
                            .keep = kKeep,
                            .drop_first = drop_first_,
                            .available_memory = [this] { return available_memory_; },
                            .fail_point = [this](LoadPhase phase) { return Enter(phase); }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    EXPECT_THAT(server_->told(), ::testing::IsEmpty());
    EXPECT_EQ(server_->restored().size(), model_.live_tables());
    journal_ += static_cast<int64_t>(model_.live_tables());
  }

  int Below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  bool Chance(int in) { return Below(in) == 0; }
  const TableName& AnyTable() { return kTables[random_() % kTables.size()]; }
  std::string AnyId() { return absl::StrCat("s", Below(30)); }

  // An id names one content but for some, and most are older than now.
  ModelSnapshot AnySnapshot() {
    ModelSnapshot snapshot;
    snapshot.id = AnyId();
    snapshot.table = AnyTable();
    snapshot.seed = std::stoi(snapshot.id.substr(1)) + (Chance(8) ? 1'000 : 0);
    snapshot.created = TestTime(snapshot.seed * 7 % 211) + absl::Hours(Chance(12) ? 1e6 : 0);
    snapshot.blocked = snapshot.seed % 4 == 1;
    return snapshot;
  }
  std::filesystem::path SourceOf(const ModelSnapshot& snapshot) {
    std::filesystem::path dir =
        temp_ / absl::StrCat(snapshot.table.score_set, "-", snapshot.table.variant, "-",
                             snapshot.id, "-", snapshot.seed, "-",
                             absl::ToUnixSeconds(snapshot.created));
    if (!std::filesystem::exists(dir)) WriteModelSnapshot(dir, snapshot);
    return dir;
  }

  // Of every third load, so much memory that its table has room only once the live one is gone.
  ServerModel::Room AnyRoom(const std::filesystem::path& source) {
    if (!Chance(3)) return ServerModel::Room::kBesideTheLive;
    const Manifest manifest = *ReadManifest(source);
    available_memory_ = TableBuilder::EstimateBytes(manifest.items, manifest.rows,
                                                    static_cast<int>(manifest.signals.size()),
                                                    std::ssize(manifest.campaigns)) -
                        1;
    return drop_first_ ? ServerModel::Room::kInPlaceOfTheLive : ServerModel::Room::kNone;
  }

  absl::Status Enter(LoadPhase phase) {
    if (phase == LoadPhase::kWarm && server_ != nullptr) {  // null: it is starting
      server_->tables().Visit([this](const TableSet& live) { dropped_ += live.replacing(); });
    }
    if (phase != fail_in_) return absl::OkStatus();
    failed_ = true;
    return absl::InternalError("broken here");
  }
  // Every third load, publish and rollback fails in some phase, if it gets there.
  void MayFail() {
    failed_ = false;
    fail_in_.reset();
    if (Chance(3)) fail_in_ = static_cast<LoadPhase>(Below(static_cast<int>(LoadPhase::kDone)));
  }

  void Check(const LoadReport& report, const ServerModel::Outcome& expected, bool withdraws) {
    ++journal_;
    const bool stopped = failed_ && *fail_in_ < LoadPhase::kRetire;
    did_ += absl::StrCat(" ", LoadOutcomeName(report.outcome), " ", report.status.message());
    failures_ += static_cast<int>(report.outcome == LoadOutcome::kFailed);
    publishes_ += static_cast<int>(report.outcome == LoadOutcome::kPublished);
    EXPECT_EQ(report.outcome, stopped ? LoadOutcome::kFailed : expected.outcome);
    if (!stopped && expected.outcome == LoadOutcome::kPublished) {
      model_.GoLive(expected.snapshot, withdraws);
    }
    if (!stopped && expected.blocked) model_.Reject(expected.snapshot);
    EXPECT_EQ(report.blocked(), !stopped && expected.blocked);
    blocked_ += static_cast<int>(report.blocked());
    forced_ += static_cast<int>(report.forced);
    fail_in_.reset();
  }

  void Load() {
    ModelSnapshot snapshot = AnySnapshot();
    const std::filesystem::path source = SourceOf(snapshot);
    snapshot.checksum = ManifestChecksum(source);
    const bool asked = Chance(2);
    const bool force = asked && Chance(2);
    const ServerModel::Room room = AnyRoom(source);
    did_ = absl::StrCat(force   ? "forced load "
                        : asked ? "load "
                                : "unasked load ",
                        source.filename().string(), ", room ", static_cast<int>(room));
    MayFail();
    Check(asked ? server_->loader().Load(source, kOperator, NoLoadProgress(), {.force = force})
                : server_->loader().LoadUnasked(source, kOperator, NoLoadProgress()),
          asked ? model_.Load(snapshot, force, room, server_->now())
                : model_.LoadUnasked(snapshot, room, server_->now()),
          /*withdraws=*/false);
    available_memory_ = FaultServer::kPlenty;
  }
  void Publish() {
    const TableName table = AnyTable();
    const std::string id = AnyId();
    did_ = absl::StrCat("publish ", id);
    MayFail();
    Check(server_->loader().Publish(table, id, kOperator, NoLoadProgress()),
          model_.Publish(table, id), /*withdraws=*/false);
  }
  void Rollback() {
    const TableName table = AnyTable();
    did_ = "rollback";
    MayFail();
    Check(server_->loader().Rollback(table, "", kOperator, NoLoadProgress()),
          model_.Rollback(table), /*withdraws=*/true);
  }
  void Pin() {
    const TableName table = AnyTable();
    const std::string id = AnyId();
    did_ = absl::StrCat("pin ", id);
    const bool can = model_.CanPin(table, id);
    EXPECT_EQ(server_->loader().Pin(table, id, kOperator).ok(), can);
    if (can) model_.Pin(table, id);
    ++journal_;
  }
  void Unpin() {
    const TableName table = AnyTable();
    did_ = "unpin";
    const bool pinned = model_.IsPinned(table);
    EXPECT_EQ(server_->loader().Unpin(table, kOperator).ok(), pinned);
    if (pinned) model_.Unpin(table);
    ++journal_;
  }

  absl::Time AnyEnd() { return server_->now() + absl::Hours(Below(60) - 3) + absl::Minutes(30); }
  void PutOverride() {
    Override override;
    override.id = absl::StrCat("o", Below(20));
    override.action = static_cast<OverrideAction>(Below(3));
    if (override.action != OverrideAction::kSuppress) {
      override.score = static_cast<float>(Below(200) - 50) / 64;
    }
    switch (Below(3)) {
      case 0:
        override.item_uri = FormatTrackUri(TestKey(Below(kModelItems + 1)).gid);
        break;
      case 1:
        override.campaign = Chance(2) ? "tour" : "debut";
        break;
      default:
        override.licensor = Chance(2) ? "acme" : "umbrella";
    }
    if (Chance(4)) override.score_set = "other";
    if (Chance(3)) override.surface = "radio";
    if (Chance(3)) override.market = "SE";
    override.reason = Chance(10) ? "" : "a test";
    override.expires = AnyEnd();
    did_ = absl::StrCat("override put ", override.id);
    const bool valid = !override.reason.empty() && override.expires > server_->now();
    const bool replaces = model_.Holds(override.id, server_->now());
    const auto change = server_->book().Put(override, kOperator);
    ++journal_;
    EXPECT_EQ(change.ok(), valid) << change.status();
    if (!change.ok()) return;
    EXPECT_EQ(change->replaced, replaces);
    override.author = kOperator.actor;
    override.created = change->override.created;
    EXPECT_EQ(change->override, override);
    model_.Put(override);
  }
  void RenewOverride() {
    const std::string id = absl::StrCat("o", Below(20));
    const absl::Time end = AnyEnd();
    const Caller caller = {"bob", Chance(10) ? "" : "not settled"};
    did_ = absl::StrCat("override renew ", id);
    const bool valid =
        model_.Holds(id, server_->now()) && !caller.reason.empty() && end > server_->now();
    const auto change = server_->book().Renew(id, end, caller);
    ++journal_;
    EXPECT_EQ(change.ok(), valid) << change.status();
    if (!change.ok()) return;
    ++renewals_;
    Override renewed = model_.Get(id);
    renewed.author = caller.actor;
    renewed.reason = caller.reason;
    renewed.created = change->override.created;
    renewed.expires = end;
    EXPECT_EQ(change->override, renewed);
    model_.Put(renewed);
  }
  void DeleteOverride() {
    const std::string id = absl::StrCat("o", Below(20));
    did_ = absl::StrCat("override delete ", id);
    const bool there = model_.Holds(id, server_->now());
    EXPECT_EQ(server_->book().Delete(id, kOperator).ok(), there);
    if (there) model_.Delete(id);
    ++journal_;
  }

  void DoOne() {
    const int die = Below(25);
    if (die < 9) return Load();
    if (die < 11) return Publish();
    if (die < 13) return Rollback();
    if (die < 14) return Pin();
    if (die < 16) return Unpin();
    if (die < 19) return PutOverride();
    if (die < 21) return RenewOverride();
    if (die < 22) return DeleteOverride();
    if (die < 23) {
      did_ = "an hour or more passes";
      return server_->SetNow(server_->now() + absl::Hours(1 + Below(12)));
    }
    did_ = "restart";
    Restart();
  }

  const TempDir temp_;
  std::mt19937 random_{GetParam()};
  ServerModel model_{kKeep};
  std::optional<LoadPhase> fail_in_;
  bool failed_ = false;
  bool drop_first_ = false;
  int64_t available_memory_ = FaultServer::kPlenty;
  std::unique_ptr<FaultServer> server_;
  std::string did_;  // the last operation
  int64_t journal_ = 0;
  int failures_ = 0;
  int publishes_ = 0;
  int blocked_ = 0;
  int forced_ = 0;
  int dropped_ = 0;
  int renewals_ = 0;
};

TEST_P(RandomOperationsTest, AServerIsWhatTheModelIs) {
  for (int step = 1; step <= kOperations; ++step) {
    DoOne();
    const auto view = server_->Look(server_->now());
    const std::string where = absl::StrCat("seed ", GetParam(), ", step ", step, ": ", did_);
    ASSERT_THAT(view, IsOk()) << where;
    const View expected = model_.ViewAt(server_->now());
    ASSERT_TRUE(*view == expected) << where << *view << "expected" << expected;
    const auto last = server_->store().ReadJournal({.limit = 1});
    ASSERT_EQ(last->empty() ? 0 : last->front().sequence, journal_) << where;
    ASSERT_FALSE(HasFailure()) << where;
  }
  EXPECT_EQ(std::ssize(server_->ReadWholeJournal()), journal_);
  EXPECT_GT(publishes_, kOperations / 20);
  EXPECT_GT(failures_, kOperations / 20);
  EXPECT_GT(blocked_, kOperations / 200);
  EXPECT_GT(forced_, kOperations / 200);
  EXPECT_GT(dropped_, kOperations / 200);
  EXPECT_GT(renewals_, kOperations / 200);
  TellCount(absl::StrCat("random operations, seed ", GetParam(), " (", publishes_, " publishes, ",
                         failures_, " failed loads, of which guardrails blocked ", blocked_, "; ",
                         forced_, " forced past them; ", dropped_,
                         " that took the live table away first; ", renewals_, " renewals)"),
            kOperations);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomOperationsTest, ::testing::Values(20261122U, 7U));

}  // namespace
}  // namespace oasis::testing
