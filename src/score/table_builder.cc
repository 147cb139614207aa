#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "oasis/table.h"
#include "score/table_layout.h"

namespace oasis {
namespace {

// Rows wait this long between the prefetch of their home line and their placement in it.
constexpr size_t kRowsAhead = 16;

uint64_t LinesFor(int64_t items) {
  const double slots = static_cast<double>(items) / kLoadFactor;
  const auto lines = static_cast<uint64_t>(std::ceil(slots / kSlotsPerLine));
  return std::max<uint64_t>(2, lines + lines % 2);
}

size_t SpillBytes(size_t cells, size_t signals) {
  const size_t bytes = cells * (sizeof(ContextId) + signals * sizeof(int16_t));
  return (bytes + kSpillUnit - 1) / kSpillUnit * kSpillUnit;
}

absl::Status CheckSignals(const std::vector<Signal>& signals) {
  if (signals.empty() || signals.size() > kMaxSignals) {
    return absl::InvalidArgumentError(
        absl::StrCat("a table has 1 to ", kMaxSignals, " signals, not ", signals.size()));
  }
  for (const Signal& signal : signals) {
    OASIS_RETURN_IF_ERROR(ValidateName("signal", signal.name));
    if (!(signal.scale >= kMinScale && signal.scale <= kMaxScale)) {  // nor when it is a NaN
      return absl::InvalidArgumentError(absl::StrCat("signal ", signal.name, ": its scale ",
                                                     signal.scale, " is not from ", kMinScale,
                                                     " to ", kMaxScale));
    }
    const auto same = [&](const Signal& other) { return other.name == signal.name; };
    if (std::count_if(signals.begin(), signals.end(), same) > 1) {
      return absl::InvalidArgumentError(absl::StrCat("signal ", signal.name, " stands twice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

// A row on its way to its line.
struct PendingRow {
  ItemKey key;
  uint64_t home = 0;
  Slot slot = {};
  std::vector<CampaignId> campaigns;
};

struct TableBuilder::Rep {
  std::unique_ptr<Table::Rep> table;
  int64_t announced = 0;
  size_t spill_used = 0;
  std::array<PendingRow, kRowsAhead> pending;  // a ring: item number i waits at i % kRowsAhead

  absl::Status Check(const ItemRow& row) const;
  absl::Status Spill(const ItemRow& row, Slot& slot);
  absl::Status Place(const PendingRow& row);
};

TableBuilder::TableBuilder(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;
TableBuilder& TableBuilder::operator=(TableBuilder&&) noexcept = default;
TableBuilder::~TableBuilder() = default;

int64_t TableBuilder::EstimateBytes(int64_t items, int64_t cells, int signals, int64_t campaigns) {
  items = std::clamp<int64_t>(items, 0, kMaxItems);
  cells = std::clamp<int64_t>(cells, items, kMaxRows);
  const uint64_t lines = LinesFor(items);
  uint64_t bytes = Region::RoundedUp(lines * sizeof(Line));
  // Most cells are spilled when all items that spill have one cell too many, the others one cell.
  constexpr auto kInline = static_cast<int64_t>(kInlineCells);
  const int64_t spilled =
      signals > 1 ? cells : std::min(cells, (cells - items) / kInline * (kInline + 1) + kInline);
  if (spilled > kInline) {
    const auto unit_rest = static_cast<int64_t>(kSpillUnit / 2);  // at most, after each row
    bytes +=
        Region::RoundedUp(SpillBytes(static_cast<size_t>(spilled), static_cast<size_t>(signals)) +
                          static_cast<size_t>(signals % 2 == 0 ? items * unit_rest : 0));
  }
  if (campaigns > 0) {
    bytes += CampaignColumn::MaxBytes(lines * kSlotsPerLine) +
             static_cast<uint64_t>(campaigns) * sizeof(Campaign);
  }
  return static_cast<int64_t>(bytes);
}

absl::StatusOr<TableBuilder> TableBuilder::Create(Options options) {
  OASIS_RETURN_IF_ERROR(CheckSignals(options.signals));
  if (options.campaigns.size() > kMaxCampaigns) {
    return absl::InvalidArgumentError(absl::StrCat("there are ", options.campaigns.size(),
                                                   " campaigns; a table can hold ", kMaxCampaigns));
  }
  if (options.items < 0 || options.items > kMaxItems) {
    return absl::InvalidArgumentError(
        absl::StrCat("items is ", options.items, "; a table can hold 0 to ", kMaxItems));
  }
  auto table = std::make_unique<Table::Rep>();
  OASIS_ASSIGN_OR_RETURN(table->contexts, ContextIndex::Create(std::move(options.contexts)));
  table->info = std::move(options.info);
  for (const Signal& signal : options.signals) table->units.push_back(signal.scale / kQuantisedMax);
  table->signals = std::move(options.signals);
  table->campaigns = std::move(options.campaigns);
  table->lines = LinesFor(options.items);
  OASIS_ASSIGN_OR_RETURN(table->line_memory,
                         Region::Create(table->lines * sizeof(Line), options.huge_pages));
  OASIS_ASSIGN_OR_RETURN(table->spill, Region::Create(0, options.huge_pages));
  table->campaign_column = CampaignColumn(table->lines * kSlotsPerLine, table->campaigns.size());

  auto rep = std::make_unique<Rep>();
  rep->table = std::move(table);
  rep->announced = options.items;
  return TableBuilder(std::move(rep));
}

absl::Status TableBuilder::Rep::Check(const ItemRow& row) const {
  const auto fault = [&](const auto&... parts) {
    return absl::InvalidArgumentError(absl::StrCat("row of ", FormatKey(row.key), ": ", parts...));
  };
  const size_t cells = row.contexts.size();
  if (row.key.kind == ItemKind::kInvalid) return fault("its key is of no kind");
  if (cells == 0) return fault("it has no cells");
  if (row.campaigns.size() != cells || row.scores.size() != cells * table->signals.size()) {
    return fault("it has ", cells, " contexts, ", row.campaigns.size(), " campaigns and ",
                 row.scores.size(), " scores of ", table->signals.size(), " signals");
  }
  for (size_t i = 0; i < cells; ++i) {
    if (row.contexts[i] >= table->contexts.contexts().size()) {
      return fault("context ", row.contexts[i], " is not one of the ",
                   table->contexts.contexts().size(), " of its snapshot");
    }
    if (i > 0 && row.contexts[i] <= row.contexts[i - 1]) return fault("contexts do not ascend");
    if (row.campaigns[i] != kNoCampaign && row.campaigns[i] >= table->campaigns.size()) {
      return fault("campaign ", row.campaigns[i], " is not one of the ", table->campaigns.size(),
                   " of its snapshot");
    }
  }
  return absl::OkStatus();
}

absl::Status TableBuilder::Rep::Spill(const ItemRow& row, Slot& slot) {
  const size_t bytes = SpillBytes(row.contexts.size(), table->signals.size());
  if (spill_used + bytes > table->spill.bytes()) {
    const size_t wanted = std::max(2 * table->spill.bytes(), spill_used + bytes);
    OASIS_RETURN_IF_ERROR(table->spill.Resize(wanted));
  }
  if (spill_used / kSpillUnit > std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError(
        "rows with many contexts or signals take more than 16 GiB; split the score set");
  }
  const SpillRef ref = {static_cast<uint32_t>(spill_used / kSpillUnit),
                        static_cast<uint32_t>(row.contexts.size())};
  char* at = table->spill.data() + spill_used;
  std::memcpy(at, row.contexts.data(), row.contexts.size() * sizeof(ContextId));
  at += row.contexts.size() * sizeof(ContextId);
  std::memcpy(at, row.scores.data(), row.scores.size() * sizeof(int16_t));
  spill_used += bytes;

  slot.contexts |= Slot::kSpilled;
  std::memcpy(slot.scores, &ref, sizeof(ref));
  return absl::OkStatus();
}

absl::Status TableBuilder::Rep::Place(const PendingRow& row) {
  uint64_t at = row.home;
  for (uint64_t step = 0;; ++step) {
    Line& line = *table->line(at);
    for (size_t i = 0; i < kSlotsPerLine; ++i) {
      Slot& slot = line.slots[i];
      if (!slot.used()) {
        slot = row.slot;
        table->campaign_column.Set(at * kSlotsPerLine + i, row.campaigns);
        return absl::OkStatus();
      }
      if (slot.Holds(row.key)) {
        return absl::AlreadyExistsError(
            absl::StrCat("row of ", FormatKey(row.key), ": the item was added before"));
      }
    }
    line.SetWentOn(row.key.gid);
    at = table->Next(at, step);
  }
}

absl::Status TableBuilder::Add(const ItemRow& row) {
  Rep& rep = *rep_;
  Table::Rep& table = *rep.table;
  if (table.items == rep.announced) {
    return absl::OutOfRangeError(
        absl::StrCat("more than the ", rep.announced, " items that were announced"));
  }
  OASIS_RETURN_IF_ERROR(rep.Check(row));

  PendingRow& pending = rep.pending[static_cast<size_t>(table.items) % kRowsAhead];
  if (table.items >= static_cast<int64_t>(kRowsAhead)) OASIS_RETURN_IF_ERROR(rep.Place(pending));
  pending.key = row.key;
  pending.home = table.Home(row.key.gid);
  __builtin_prefetch(table.line(pending.home), /*rw=*/1);
  pending.campaigns = row.campaigns;
  pending.slot = {};
  pending.slot.hi = row.key.gid.hi;
  pending.slot.lo = row.key.gid.lo;
  if (row.key.kind == ItemKind::kOther) pending.slot.contexts |= Slot::kOther;
  if (row.contexts.size() > kInlineCells || table.signals.size() > 1) {
    OASIS_RETURN_IF_ERROR(rep.Spill(row, pending.slot));
  } else {
    for (size_t i = 0; i < row.contexts.size(); ++i) {
      pending.slot.contexts |= (row.contexts[i] + uint64_t{1}) << (16 * i);
      pending.slot.scores[i] = row.scores[i];
    }
  }
  table.items += 1;
  table.cells += static_cast<int64_t>(row.contexts.size());
  return absl::OkStatus();
}

std::shared_ptr<const Table> TableBuilder::Finish(std::unique_ptr<Table::Rep> table) {
  table->campaign_column.Finish();
  table->on_huge_pages = table->line_memory.OnHugePages();
  return std::shared_ptr<const Table>(new Table(std::move(table)));
}

absl::StatusOr<std::shared_ptr<const Table>> TableBuilder::Build() {
  const std::unique_ptr<Rep> rep = std::move(rep_);
  if (rep->table->items != rep->announced) {
    return absl::FailedPreconditionError(absl::StrCat(
        "only ", rep->table->items, " of the ", rep->announced, " items that were announced"));
  }
  const auto waiting = std::min(static_cast<size_t>(rep->announced), kRowsAhead);
  for (size_t i = 0; i < waiting; ++i) OASIS_RETURN_IF_ERROR(rep->Place(rep->pending[i]));
  OASIS_RETURN_IF_ERROR(rep->table->spill.Resize(rep->spill_used));
  return Finish(std::move(rep->table));
}

absl::StatusOr<std::shared_ptr<const Table>> TableBuilder::FromImage(
    Options options, absl::FunctionRef<absl::Status(absl::Span<char>)> read) {
  OASIS_ASSIGN_OR_RETURN(const TableBuilder builder, Create(std::move(options)));
  Rep& rep = *builder.rep_;
  OASIS_RETURN_IF_ERROR(rep.table->ReadImage(read));
  if (rep.table->items != rep.announced) {
    return absl::DataLossError(
        absl::StrCat("it holds ", rep.table->items, " items instead of ", rep.announced));
  }
  return Finish(std::move(rep.table));
}

}  // namespace oasis
