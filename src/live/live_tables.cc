#include "oasis/live_tables.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "overrides/table_rules.h"

namespace oasis {

const TableSet::ScoreSet* TableSet::FindScoreSet(absl::string_view name) const {
  for (const ScoreSet& score_set : score_sets_) {
    if (score_set.name == name) return &score_set;
  }
  return nullptr;
}

const TableSet::Variant* TableSet::FindVariant(const ScoreSet& score_set,
                                               absl::string_view variant) {
  for (const Variant& candidate : score_set.variants) {
    if (candidate.name == variant) return &candidate;
  }
  return nullptr;
}

bool TableSet::replacing() const {
  return std::any_of(missing_.begin(), missing_.end(),
                     [](const Name& name) { return name.dropped; });
}

LiveTables::LiveTables(std::function<absl::Time()> clock)
    : clock_(std::move(clock)), slots_(kMaxReaders), owned_(std::make_unique<const TableSet>()) {
  live_.store(owned_.get());
}
LiveTables::~LiveTables() = default;

absl::StatusOr<LiveTables::Reader> LiveTables::NewReader() {
  for (size_t i = 0; i < slots_.size(); ++i) {
    bool taken = false;
    if (slots_[i].taken.compare_exchange_strong(taken, true)) {
      return Reader(this, static_cast<int>(i));
    }
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("all ", kMaxReaders, " readers of the live tables are in use"));
}

LiveTables::Reader::Reader(Reader&& other) noexcept
    : tables_(std::exchange(other.tables_, nullptr)), slot_(other.slot_) {}

LiveTables::Reader::~Reader() {
  if (tables_ != nullptr) tables_->slots_[static_cast<size_t>(slot_)].taken.store(false);
}

LiveTables::Handle LiveTables::Reader::Acquire() {
  std::atomic<const TableSet*>& reading = tables_->slots_[static_cast<size_t>(slot_)].reading;
  const TableSet* set = tables_->live_.load();
  for (;;) {
    // Say what is read before reading it. If it is still the live set afterwards, whoever replaces
    // it later sees this slot and waits (all four operations are in one total order).
    reading.store(set);
    const TableSet* now = tables_->live_.load();
    if (now == set) return Handle(set, &reading);
    set = now;
  }
}

LiveTables::Handle::Handle(Handle&& other) noexcept
    : set_(other.set_), slot_(std::exchange(other.slot_, nullptr)) {}

LiveTables::Handle::~Handle() {
  if (slot_ != nullptr) slot_->store(nullptr, std::memory_order_release);
}

namespace {

absl::Status CheckRoomIn(const TableSet& tables, absl::string_view score_set,
                         absl::string_view variant) {
  const TableSet::ScoreSet* found = tables.FindScoreSet(score_set);
  if (found == nullptr && tables.score_sets().size() == kMaxScoreSets) {
    return absl::ResourceExhaustedError(absl::StrCat("score set '", score_set,
                                                     "' would be one more than the ", kMaxScoreSets,
                                                     " a server can hold: start another server "
                                                     "for it, or this one without the score sets "
                                                     "that are not needed any more"));
  }
  if (found != nullptr && TableSet::FindVariant(*found, variant) == nullptr &&
      found->variants.size() == kMaxVariants) {
    return absl::ResourceExhaustedError(absl::StrCat("variant '", variant,
                                                     "' would be one more than the ", kMaxVariants,
                                                     " a score set can hold: take a name that is "
                                                     "in use, or another score set"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LiveTables::CheckRoom(absl::string_view score_set, absl::string_view variant) const {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  return CheckRoomIn(*owned_, score_set, variant);
}

absl::StatusOr<std::shared_ptr<const Table>> LiveTables::Publish(
    std::shared_ptr<const Table> table) {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  const TableInfo& info = table->info();
  if (absl::Status room = CheckRoomIn(*owned_, info.score_set, info.variant); !room.ok()) {
    return room;
  }
  auto next = std::make_unique<TableSet>(*owned_);
  std::vector<TableSet::ScoreSet>& sets = next->score_sets_;

  size_t at = 0;
  while (at < sets.size() && sets[at].name != info.score_set) ++at;
  if (at == sets.size()) sets.push_back({info.score_set, static_cast<int>(at), {}});
  std::vector<TableSet::Variant>& variants = sets[at].variants;
  size_t arm = 0;
  while (arm < variants.size() && variants[arm].name != info.variant) ++arm;
  if (arm == variants.size()) variants.push_back({.name = info.variant, .table = {}, .rules = {}});
  variants[arm].rules = TableRules::Create(*table, overrides_, clock_());
  std::shared_ptr<const Table> replaced = std::exchange(variants[arm].table, std::move(table));

  std::erase_if(next->missing_, [&](const TableSet::Name& missing) {
    return missing.score_set == sets[at].name && missing.variant == variants[arm].name;
  });

  Swap(std::move(next));
  return replaced;
}

std::shared_ptr<const Table> LiveTables::Drop(absl::string_view score_set,
                                              absl::string_view variant) {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  auto next = std::make_unique<TableSet>(*owned_);
  std::shared_ptr<const Table> dropped;
  for (TableSet::ScoreSet& candidate : next->score_sets_) {
    if (candidate.name != score_set) continue;
    const auto arm =
        std::find_if(candidate.variants.begin(), candidate.variants.end(),
                     [&](const TableSet::Variant& one) { return one.name == variant; });
    if (arm == candidate.variants.end()) break;
    dropped = std::move(arm->table);
    candidate.variants.erase(arm);
  }
  if (dropped == nullptr) return dropped;
  next->missing_.push_back({std::string(score_set), std::string(variant), /*dropped=*/true});
  Swap(std::move(next));
  return dropped;
}

std::shared_ptr<const Table> LiveTables::Find(absl::string_view score_set,
                                              absl::string_view variant) const {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  const TableSet::ScoreSet* found = owned_->FindScoreSet(score_set);
  const TableSet::Variant* arm =
      found == nullptr ? nullptr : TableSet::FindVariant(*found, variant);
  return arm == nullptr ? nullptr : arm->table;
}

void LiveTables::SetOverrides(std::vector<Override> overrides) {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  overrides_ = std::move(overrides);
  MakeRules();
}

void LiveTables::RenewRules() {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  MakeRules();
}

void LiveTables::MakeRules() {
  const absl::Time now = clock_();
  auto next = std::make_unique<TableSet>(*owned_);
  for (TableSet::ScoreSet& score_set : next->score_sets_) {
    for (TableSet::Variant& variant : score_set.variants) {
      variant.rules =
          TableRules::Create(*variant.table, overrides_, now, /*before=*/variant.rules.get());
    }
  }
  Swap(std::move(next));
}

void LiveTables::BeginRestore() {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  auto next = std::make_unique<TableSet>(*owned_);
  next->restoring_ = true;
  Swap(std::move(next));
}

void LiveTables::EndRestore(const std::vector<TableSet::Name>& missing) {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  auto next = std::make_unique<TableSet>(*owned_);
  next->restoring_ = false;
  std::erase_if(next->missing_, [](const TableSet::Name& name) { return !name.dropped; });
  next->missing_.insert(next->missing_.end(), missing.begin(), missing.end());
  std::erase_if(next->missing_, [&next](const TableSet::Name& name) {  // published meanwhile
    const TableSet::ScoreSet* score_set = next->FindScoreSet(name.score_set);
    return score_set != nullptr && TableSet::FindVariant(*score_set, name.variant) != nullptr;
  });
  Swap(std::move(next));
}

void LiveTables::Swap(std::unique_ptr<const TableSet> next) {
  const std::unique_ptr<const TableSet> retired = std::exchange(owned_, std::move(next));
  live_.store(owned_.get());
  WaitUntilUnread(retired.get());
}

void LiveTables::WaitUntilUnread(const TableSet* set) const {
  for (const Slot& slot : slots_) {
    while (slot.reading.load() == set) std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
}

void LiveTables::Visit(absl::FunctionRef<void(const TableSet&)> see) const {
  const std::lock_guard<std::mutex> lock(publish_mutex_);
  see(*owned_);
}

}  // namespace oasis
