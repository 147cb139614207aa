#include "fault/operations.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace oasis::testing {
namespace {

using Server = FaultServer;
using Path = std::filesystem::path;

Override ModelOverride(const std::string& id, OverrideAction action, float score) {
  Override override;
  override.id = id;
  override.action = action;
  override.score = score;
  override.licensor = "acme";
  override.reason = "a test";
  override.expires = TestTime(9'000);
  return override;
}

Override SuppressItem(const std::string& id, int item) {
  Override override = ModelOverride(id, OverrideAction::kSuppress, 0);
  override.licensor.clear();
  override.item_uri = FormatTrackUri(TestKey(item).gid);
  return override;
}

absl::Status PutBatch(Server& server) {
  const std::string items[] = {SuppressItem("", 3).item_uri, SuppressItem("", 4).item_uri};
  Override decision = SuppressItem("", 3);
  decision.item_uri.clear();
  return server.book().PutBatch(decision, items, kOperator).status();
}

Path KeptDir(const Path& data, const std::string& id) {
  return data / "snapshots" / kModelTable.score_set / kModelTable.variant / id;
}

void Nothing(Server& /*server*/, const Path& /*data*/) {}

absl::Status Load(Server& server, const Path& dir) {
  return OutcomeOf(server.loader().Load(dir, kOperator, NoLoadProgress()));
}

// Done when it was blocked, and that was noted.
absl::Status Blocked(const LoadReport& report) {
  if (!report.blocked()) return OutcomeOf(report);
  const bool noted = !absl::StrContains(report.status.message(), "could not be noted");
  return noted ? absl::OkStatus() : report.status;
}

// As a server that was killed before it was compared leaves it; pinned, so that no start prunes it.
void KeepTheBlockedOne(Server& server, const Path& data) {
  const Path source = data / "blocked";
  WriteModelSnapshot(source, ModelSnapshotOf("s4"));
  const Progress silent = [](int64_t, int64_t) { return absl::OkStatus(); };
  EXPECT_THAT(server.store().Accept(source, *ReadManifest(source), TestTime(1'500), silent),
              IsOk());
  std::filesystem::remove_all(source);
  EXPECT_THAT(server.loader().Pin(kModelTable, "s4", kOperator), IsOk());
}

std::vector<Operation> MakeOperations() {
  return {
      {"load", Nothing, [](Server& s, const Path& from) { return Load(s, from / "s3"); }},
      {"load of a kept one", Nothing,
       [](Server& s, const Path& from) { return Load(s, from / "s1"); }},
      {"load in place of a damaged one",
       [](Server&, const Path& data) {
         std::filesystem::remove(KeptDir(data, "s1") / "table");
         for (const auto& file : std::filesystem::directory_iterator(KeptDir(data, "s1") / "db")) {
           if (file.path().extension() == ".sst") FlipByte(file.path(), 20);
         }
       },
       [](Server& s, const Path& from) { return Load(s, from / "s1"); }},
      {"blocked load", Nothing,
       [](Server& s, const Path& from) {
         return Blocked(s.loader().Load(from / "s4", kOperator, NoLoadProgress()));
       }},
      {"forced load", Nothing,
       [](Server& s, const Path& from) {
         return OutcomeOf(
             s.loader().Load(from / "s4", kOperator, NoLoadProgress(), {.force = true}));
       }},
      {"publish of a blocked one", KeepTheBlockedOne,
       [](Server& s, const Path&) {
         return Blocked(s.loader().Publish(kModelTable, "s4", kOperator, NoLoadProgress()));
       }},
      {"publish", Nothing,
       [](Server& s, const Path&) {
         return OutcomeOf(s.loader().Publish(kModelTable, "s1", kOperator, NoLoadProgress()));
       }},
      {"rollback", Nothing,
       [](Server& s, const Path&) {
         return OutcomeOf(s.loader().Rollback(kModelTable, "", kOperator, NoLoadProgress()));
       }},
      {"pin", Nothing,
       [](Server& s, const Path&) {
         return s.loader().Pin(kModelTable, "s2", kOperator).status();
       }},
      {"unpin",
       [](Server& s, const Path&) {
         EXPECT_THAT(s.loader().Pin(kModelTable, "s2", kOperator), IsOk());
       },
       [](Server& s, const Path&) { return s.loader().Unpin(kModelTable, kOperator); }},
      {"override put", Nothing,
       [](Server& s, const Path&) {
         return s.book().Put(SuppressItem("o3", 2), kOperator).status();
       }},
      {"override replace", Nothing,
       [](Server& s, const Path&) {
         const Override other = ModelOverride("o2", OverrideAction::kSet, 0.125F);
         return s.book().Put(other, kOperator).status();
       }},
      {"override delete", Nothing,
       [](Server& s, const Path&) { return s.book().Delete("o1", kOperator).status(); }},
      {"override batch put", Nothing, [](Server& s, const Path&) { return PutBatch(s); }},
      {"override batch delete", [](Server& s, const Path&) { EXPECT_THAT(PutBatch(s), IsOk()); },
       [](Server& s, const Path&) {
         const std::string made = s.book().List().front().id;  // they begin with a date
         return s.book().DeleteBatch(made.substr(0, made.rfind('-')), kOperator).status();
       }},
      {"start", Nothing, {}, /*starts_server=*/true},
      {"start after a cut-off load",
       [](Server&, const Path& data) {
         CopyTree(KeptDir(data, "s1"), KeptDir(data, ".s3.accepting"));
         CopyTree(KeptDir(data, "s1"), KeptDir(data, ".s0.removing"));
       },
       {},
       /*starts_server=*/true},
  };
}

}  // namespace

ModelSnapshot ModelSnapshotOf(const std::string& id) {
  const int number = id.back() - '0';
  return {.id = id,
          .seed = number,
          .created = TestTime(number),
          .table = kModelTable,
          .blocked = id == "s4"};
}

const std::vector<Operation>& Operations() {
  static const auto& operations = *new std::vector<Operation>(MakeOperations());
  return operations;
}

const Operation& OperationOf(const std::string& name) {
  return *std::find_if(Operations().begin(), Operations().end(),
                       [&](const Operation& operation) { return operation.name == name; });
}

absl::Status RunAt(const Operation& operation, Server& server, const Path& sources) {
  server.SetNow(TestTime(2'500));
  return operation.starts_server ? absl::OkStatus() : operation.run(server, sources);
}

absl::Status OutcomeOf(const LoadReport& report) {
  if (report.outcome == LoadOutcome::kPublished) return absl::OkStatus();
  return report.status.ok() ? absl::AlreadyExistsError("unchanged") : report.status;
}

void WriteSources(const Path& sources) {
  for (const char* id : {"s1", "s2", "s3", "s4"}) {
    WriteModelSnapshot(sources / id, ModelSnapshotOf(id));
  }
}

void Prepare(const Operation& operation, const Path& sources, const Path& data) {
  const auto server = Server::Start({.data = data, .now = TestTime(1'000)});
  ASSERT_THAT(server, IsOk());
  for (const char* id : {"s1", "s2"}) {
    ASSERT_THAT(Load(**server, sources / id), IsOk());
  }
  ASSERT_THAT((*server)->book().Put(SuppressItem("o1", 1), kOperator), IsOk());
  ASSERT_THAT((*server)->book().Put(ModelOverride("o2", OverrideAction::kCap, 0.5F), kOperator),
              IsOk());
  operation.prepare(**server, data);
}

View ViewAfterStart(const Operation& operation, const Path& sources, const Path& data, bool done) {
  const TempDir temp;
  CopyTree(data, temp / "data");
  if (done) {
    const auto server = Server::Start({.data = temp / "data"});
    EXPECT_THAT(server, IsOk());
    if (!server.ok()) return {};
    EXPECT_THAT(RunAt(operation, **server, sources), IsOk());
  }
  const auto server = Server::Start({.data = temp / "data", .now = TestTime(3'000)});
  EXPECT_THAT(server, IsOk());
  return server.ok() ? (*server)->Look().value_or(View()) : View();
}

}  // namespace oasis::testing
