#include "fault/fault_server.h"

#include <cstdio>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oasis/status.h"
#include "overrides/table_rules.h"

namespace oasis::testing {
namespace {

Answers AnswersOf(const TableSet::Variant& variant, absl::Time now) {
  const std::vector<ItemKey> keys = ModelKeys();
  const std::vector<int> signals = {0};
  Answers answers;
  for (const ModelRequest& request : ModelRequests()) {
    std::vector<float> scores(keys.size());
    std::vector<int> statuses(keys.size());
    std::vector<CampaignOfKey> campaigns;
    const FallbackChain chain =
        variant.table->contexts().Resolve(request.surface, request.market, request.cohort);
    const TableRules::Scope scope = variant.rules->ScopeOf(request.surface, request.market, now);
    variant.table->Lookup(keys, chain, signals, absl::MakeSpan(scores), absl::MakeSpan(statuses),
                          scope.rows, campaigns);
    if (scope.any()) {
      variant.rules->Apply(scope, keys, campaigns, signals, absl::MakeSpan(scores),
                           absl::MakeSpan(statuses));
    }
    for (size_t i = 0; i < keys.size(); ++i) answers.push_back({statuses[i], scores[i]});
  }
  return answers;
}

// Snapshots of the model differ in all that the other checks compare.
absl::StatusOr<GuardrailPolicies> GatesAlone() {
  std::string off;
  for (size_t i = 0; i < kChecks; ++i) {
    const auto check = static_cast<Check>(i);
    if (check == Check::kGate) continue;
    absl::StrAppend(&off, off.empty() ? "" : ", ", "\"", CheckName(check),
                    R"(": {"warn": null, "block": null})");
  }
  return GuardrailPolicies::Parse(absl::StrCat(R"({"defaults": {)", off, "}}"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<FaultServer>> FaultServer::Start(const Options& options) {
  std::unique_ptr<FaultServer> server(new FaultServer(options));
  FaultServer* self = server.get();
  const auto tell = [self](const absl::Status& status) { self->told_.push_back(status); };
  OASIS_ASSIGN_OR_RETURN(self->store_, Store::Open({.dir = options.data, .observer = tell}));
  OASIS_RETURN_IF_ERROR(self->RestoreAgain());
  return server;
}

absl::Status FaultServer::RestoreAgain() {
  const auto clock = [this] { return now_ += absl::Milliseconds(1); };
  tables_ = std::make_shared<LiveTables>();
  OverrideBook::Options book;
  book.clock = clock;
  OASIS_ASSIGN_OR_RETURN(book_, OverrideBook::Open(store_, tables_, book));
  Loader::Options loader;
  loader.keep = options_.keep;
  loader.huge_pages = false;
  loader.low_priority = false;
  loader.drop_first = options_.drop_first;
  loader.available_memory = options_.available_memory;
  loader.clock = clock;
  loader.fail_point = options_.fail_point;
  OASIS_ASSIGN_OR_RETURN(loader.guardrails, GatesAlone());
  loader.observer = [this](const LoadReport& report) { reports_.push_back(report); };
  loader_ = std::make_unique<Loader>(store_, tables_, loader);
  reports_.clear();
  restored_ = loader_->Restore();
  return absl::OkStatus();
}

absl::StatusOr<View> FaultServer::Look(absl::Time now) const {
  View view;
  OASIS_ASSIGN_OR_RETURN(const std::vector<TableName> tables, store_->Tables());
  for (const TableName& table : tables) {
    TableView& seen = view.tables[table];
    OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> marked, store_->Live(table));
    OASIS_ASSIGN_OR_RETURN(const std::optional<std::string> pinned, store_->Pinned(table));
    seen.marked = marked.value_or("");
    seen.pinned = pinned.value_or("");
    OASIS_ASSIGN_OR_RETURN(const std::vector<RejectedSnapshot> rejected, store_->Rejected(table));
    for (const RejectedSnapshot& one : rejected) {
      seen.rejected.emplace(one.snapshot_id, one.manifest_checksum);
    }
  }
  OASIS_ASSIGN_OR_RETURN(const std::vector<StoredSnapshot> snapshots, store_->List());
  for (const StoredSnapshot& snapshot : snapshots) {
    TableView& seen = view.tables[snapshot.table];
    seen.kept.insert(snapshot.snapshot_id);
    if (snapshot.withdrawn) seen.withdrawn.insert(snapshot.snapshot_id);
  }
  OASIS_ASSIGN_OR_RETURN(LiveTables::Reader reader, tables_->NewReader());
  const LiveTables::Handle live = reader.Acquire();
  for (const TableSet::ScoreSet& score_set : live->score_sets()) {
    for (const TableSet::Variant& variant : score_set.variants) {
      TableView& seen = view.tables[{score_set.name, variant.name}];
      seen.serving = variant.table->info().snapshot_id;
      seen.answers = AnswersOf(variant, now);
    }
  }
  view.overrides = book_->List();
  return view;
}

std::vector<JournalEntry> FaultServer::ReadWholeJournal() const {
  const auto journal = store_->ReadJournal({.limit = kMaxJournalEntries});
  EXPECT_THAT(journal, IsOk());
  if (!journal.ok()) return {};
  int64_t next = journal->empty() ? 0 : journal->front().sequence;
  for (const JournalEntry& entry : *journal) {
    EXPECT_EQ(entry.sequence, next--);
    EXPECT_FALSE(entry.action.empty()) << entry.outcome << ": " << entry.detail;
  }
  return *journal;
}

std::ostream& operator<<(std::ostream& out, const View& view) {
  for (const auto& [name, table] : view.tables) {
    out << "\n  " << name.score_set << "/" << name.variant << ": serves '" << table.serving
        << "', marked '" << table.marked << "', pinned '" << table.pinned << "', kept "
        << absl::StrJoin(table.kept, ",") << ", withdrawn " << absl::StrJoin(table.withdrawn, ",")
        << ", rejected " << absl::StrJoin(table.rejected, ",", absl::PairFormatter(":"))
        << ", answers";
    for (const Answer& answer : table.answers) out << " " << answer.status << ":" << answer.score;
  }
  out << "\n  overrides";
  for (const Override& override : view.overrides) {
    out << " " << override.id << "=" << OverrideActionName(override.action) << " " << override.score
        << override.item_uri << override.campaign << override.licensor << " until "
        << override.expires;
  }
  return out << "\n";
}

void ExpectServes(const View& view, const ModelSnapshot& snapshot, absl::Time now) {
  const auto table = view.tables.find(snapshot.table);
  ASSERT_NE(table, view.tables.end());
  EXPECT_EQ(table->second.serving, snapshot.id);
  EXPECT_EQ(table->second.answers, ExpectedAnswers(snapshot, view.overrides, now)) << view;
}

void CopyTree(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

void TellCount(const std::string& what, int64_t count) {
  std::printf("injected: %s: %lld\n", what.c_str(), static_cast<long long>(count));
  ::testing::Test::RecordProperty(absl::StrCat("injected ", what), std::to_string(count));
}

}  // namespace oasis::testing
