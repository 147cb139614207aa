#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "oasis/table.h"
#include "score/table_builder_rep.h"

namespace oasis {
namespace {

uint64_t LinesFor(int64_t items) {
  const double slots = static_cast<double>(items) / kLoadFactor;
  const auto blocks = static_cast<uint64_t>(std::ceil(slots / (kSlotsPerLine * kLinesPerBlock)));
  return std::max<uint64_t>(1, blocks) * kLinesPerBlock;
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
    bytes += Region::RoundedUp(
        SpilledRowBytes(static_cast<size_t>(spilled), static_cast<size_t>(signals)) +
        static_cast<size_t>(signals % 2 == 0 ? items * unit_rest : 0));
  }
  if (campaigns > 0) {
    bytes += CampaignColumn::MaxBytes(lines * kSlotsPerLine) +
             static_cast<uint64_t>(campaigns) * sizeof(Campaign);
  }
  return static_cast<int64_t>(bytes);
}

absl::StatusOr<std::unique_ptr<Table::Rep>> TableBuilder::EmptyTable(Options options) {
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
  table->campaign_column =
      CampaignColumn(table->lines * kSlotsPerLine, table->campaigns.size(), options.huge_pages);
  return table;
}

absl::StatusOr<TableBuilder> TableBuilder::Create(Options options) {
  auto rep = std::make_unique<Rep>();
  rep->announced = options.items;
  OASIS_ASSIGN_OR_RETURN(rep->table, EmptyTable(std::move(options)));
  OASIS_RETURN_IF_ERROR(rep->table->campaign_column.Open());
  rep->stretch_shift = std::max(
      kBlockShift, static_cast<int>(std::bit_width((rep->table->lines - 1) / kMaxStretches)));
  rep->adder = std::unique_ptr<Adder>(new Adder(*rep));
  return TableBuilder(std::move(rep));
}

absl::Status TableBuilder::Add(const ItemRow& row) { return rep_->adder->Add(row); }

std::shared_ptr<const Table> TableBuilder::Finish(std::unique_ptr<Table::Rep> table) {
  table->on_huge_pages = table->line_memory.OnHugePages();
  return std::shared_ptr<const Table>(new Table(std::move(table)));
}

absl::StatusOr<std::shared_ptr<const Table>> TableBuilder::Build() {
  const std::unique_ptr<Rep> rep = std::move(rep_);
  OASIS_RETURN_IF_ERROR(rep->adder->Finish());
  if (rep->placed != rep->announced) {
    return absl::FailedPreconditionError(absl::StrCat(
        "only ", rep->placed.load(), " of the ", rep->announced, " items that were announced"));
  }
  for (const Rep::Stretch& stretch : rep->stretches) {
    for (const Row& row : stretch.beyond) {
      OASIS_RETURN_IF_ERROR(rep->PlaceOne(row, /*within=*/false).status());
    }
  }
  Table::Rep& table = *rep->table;
  table.items = rep->placed;
  table.cells = rep->placed_cells;
  OASIS_RETURN_IF_ERROR(table.spill.Resize(rep->spill_used));
  OASIS_RETURN_IF_ERROR(table.campaign_column.Finish());
  return Finish(std::move(rep->table));
}

absl::StatusOr<std::shared_ptr<const Table>> TableBuilder::FromImage(
    Options options, absl::FunctionRef<absl::Status(absl::Span<char>)> read) {
  const int64_t announced = options.items;
  OASIS_ASSIGN_OR_RETURN(std::unique_ptr<Table::Rep> table, EmptyTable(std::move(options)));
  OASIS_RETURN_IF_ERROR(table->ReadImage(read));
  if (table->items != announced) {
    return absl::DataLossError(
        absl::StrCat("it holds ", table->items, " items instead of ", announced));
  }
  return Finish(std::move(table));
}

}  // namespace oasis
