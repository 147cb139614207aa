#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"
#include "score/placement.h"
#include "score/table_builder_rep.h"

namespace oasis {
namespace {

constexpr size_t kRowsTogether = 64;           // of a stretch, before they are placed
constexpr size_t kRowsAhead = 16;              // lines on their way from memory meanwhile
constexpr size_t kSpillTogether = 128 * 1024;  // bytes, before they are appended

}  // namespace

absl::Status TableBuilder::Rep::Check(const ItemRow& row) const {
  const auto fault = [&](const auto&... parts) {
    return absl::InvalidArgumentError(absl::StrCat("row of ", FormatKey(row.key), ": ", parts...));
  };
  const size_t cells = row.contexts.size();
  const size_t contexts = table->contexts.contexts().size();  // once: a size is a division
  const size_t campaigns = table->campaigns.size();
  if (row.key.kind == ItemKind::kInvalid) return fault("its key is of no kind");
  if (cells == 0) return fault("it has no cells");
  if (row.campaigns.size() != cells || row.scores.size() != cells * table->signals.size()) {
    return fault("it has ", cells, " contexts, ", row.campaigns.size(), " campaigns and ",
                 row.scores.size(), " scores of ", table->signals.size(), " signals");
  }
  for (size_t i = 0; i < cells; ++i) {
    if (row.contexts[i] >= contexts) {
      return fault("context ", row.contexts[i], " is not one of the ", contexts,
                   " of its snapshot");
    }
    if (i > 0 && row.contexts[i] <= row.contexts[i - 1]) return fault("contexts do not ascend");
    if (row.campaigns[i] != kNoCampaign && row.campaigns[i] >= campaigns) {
      return fault("campaign ", row.campaigns[i], " is not one of the ", campaigns,
                   " of its snapshot");
    }
  }
  return absl::OkStatus();
}

absl::Status TableBuilder::Rep::TooMany() const {
  return absl::OutOfRangeError(
      absl::StrCat("more than the ", announced, " items that were announced"));
}

absl::StatusOr<bool> TableBuilder::Rep::PlaceOne(const Row& row, bool within) {
  size_t number = 0;
  const Slot* const same =
      within ? table->Find(row.key(), &number, kStepsInBlock) : table->Find(row.key(), &number);
  if (same != nullptr) {
    return absl::AlreadyExistsError(
        absl::StrCat("row of ", FormatKey(row.key()), ": the item was added before"));
  }
  Placement placement(table->line(0), table->lines, table->campaign_column);
  const std::optional<size_t> place =
      within ? placement.PutInBlock(row.slot) : placement.PutFarAway(row.slot);
  if (!place.has_value()) return false;
  table->campaign_column.Set(*place, row.campaigns);
  return true;
}

absl::Status TableBuilder::Rep::Place(size_t stretch, absl::Span<const Row> rows) {
  // Beforehand: more rows than slots would look for room for ever.
  const auto added = static_cast<int64_t>(rows.size());
  if (placed.fetch_add(added) + added > announced) return TooMany();
  Stretch& here = stretches[stretch];
  const std::lock_guard<std::mutex> lock(here.mutex);
  Placement placement(table->line(0), table->lines, table->campaign_column);
  std::array<const Row*, kRowsTogether> others;
  size_t other_rows = 0;
  for (size_t i = 0; i < rows.size() + kRowsAhead; ++i) {
    if (i < rows.size()) {
      __builtin_prefetch(table->line(rows[i].home), /*rw=*/1);
      table->campaign_column.PrefetchToSet(rows[i].home * kSlotsPerLine);
    }
    if (i < kRowsAhead) continue;
    const Row& row = rows[i - kRowsAhead];
    if (const std::optional<size_t> place = placement.PutAtHome(row.slot)) {
      table->campaign_column.Set(*place, row.campaigns);
    } else {
      others[other_rows++] = &row;
    }
  }
  for (const Row* row : absl::MakeSpan(others.data(), other_rows)) {
    OASIS_ASSIGN_OR_RETURN(const bool found_room, PlaceOne(*row, /*within=*/true));
    if (!found_room) here.beyond.push_back(*row);
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> TableBuilder::Rep::Spill(absl::Span<const char> bytes) {
  const std::lock_guard<std::mutex> lock(spill_mutex);
  if ((spill_used + bytes.size()) / kSpillUnit > std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError(
        "rows with many contexts or signals take more than 16 GiB; split the score set");
  }
  if (spill_used + bytes.size() > table->spill.bytes()) {
    const size_t wanted = std::max(2 * table->spill.bytes(), spill_used + bytes.size());
    OASIS_RETURN_IF_ERROR(table->spill.Resize(wanted));
  }
  std::memcpy(table->spill.data() + spill_used, bytes.data(), bytes.size());
  const auto begin = static_cast<uint32_t>(spill_used / kSpillUnit);
  spill_used += bytes.size();
  return begin;
}

struct TableBuilder::Adder::Waiting {
  std::array<std::vector<Row>, kMaxStretches> rows;  // by stretch
  // Rows whose reference still is to `spill`, which is not in the table yet.
  std::vector<Row> spilled;
  std::vector<char> spill;
  int64_t items = 0;  // added
  int64_t cells = 0;
};

TableBuilder::Adder::Adder(TableBuilder& builder) : Adder(*builder.rep_) {}
TableBuilder::Adder::Adder(Rep& rep) : rep_(rep), waiting_(std::make_unique<Waiting>()) {}
TableBuilder::Adder::Adder(Adder&&) noexcept = default;
TableBuilder::Adder::~Adder() = default;

absl::Status TableBuilder::Adder::Add(const ItemRow& row) {
  if (waiting_->items == rep_.announced) return rep_.TooMany();
  OASIS_RETURN_IF_ERROR(rep_.Check(row));
  Table::Rep& table = *rep_.table;
  Row added = {{row.key.gid.hi, row.key.gid.lo, 0, {}}, Path(row.key.gid, table.lines).home, 0};
  if (row.key.kind == ItemKind::kOther) added.slot.contexts |= Slot::kOther;
  added.campaigns = table.campaign_column.NumberOf(row.campaigns);
  waiting_->items += 1;
  waiting_->cells += static_cast<int64_t>(row.contexts.size());
  if (row.contexts.size() > kInlineCells || table.signals.size() > 1) return Spill(row, added);
  for (size_t i = 0; i < row.contexts.size(); ++i) {
    added.slot.contexts |= (row.contexts[i] + uint64_t{1}) << (16 * i);
    added.slot.scores[i] = row.scores[i];
  }
  return Wait(added);
}

absl::Status TableBuilder::Adder::Wait(const Row& row) {
  const size_t stretch = rep_.StretchOf(row.home);
  std::vector<Row>& rows = waiting_->rows[stretch];
  rows.push_back(row);
  if (rows.size() < kRowsTogether) return absl::OkStatus();
  return PlaceThoseOf(stretch);
}

absl::Status TableBuilder::Adder::PlaceThoseOf(size_t stretch) {
  std::vector<Row>& rows = waiting_->rows[stretch];
  absl::Status status = rep_.Place(stretch, rows);
  rows.clear();
  return status;
}

absl::Status TableBuilder::Adder::Spill(const ItemRow& row, Row& added) {
  std::vector<char>& spill = waiting_->spill;
  const SpillRef ref = {static_cast<uint32_t>(spill.size() / kSpillUnit),
                        static_cast<uint32_t>(row.contexts.size())};
  added.slot.contexts |= Slot::kSpilled;
  std::memcpy(added.slot.scores, &ref, sizeof(ref));
  const size_t contexts = row.contexts.size() * sizeof(ContextId);
  spill.resize(spill.size() + SpilledRowBytes(row.contexts.size(), rep_.table->signals.size()));
  char* const at = spill.data() + size_t{ref.offset} * kSpillUnit;
  std::memcpy(at, row.contexts.data(), contexts);
  std::memcpy(at + contexts, row.scores.data(), row.scores.size() * sizeof(int16_t));
  waiting_->spilled.push_back(added);
  if (spill.size() < kSpillTogether) return absl::OkStatus();
  return AppendSpill();
}

absl::Status TableBuilder::Adder::AppendSpill() {
  OASIS_ASSIGN_OR_RETURN(const uint32_t begin, rep_.Spill(waiting_->spill));
  for (Row& row : waiting_->spilled) {
    SpillRef ref = rep_.table->Spilled(row.slot);
    ref.offset += begin;
    std::memcpy(row.slot.scores, &ref, sizeof(ref));
    OASIS_RETURN_IF_ERROR(Wait(row));
  }
  waiting_->spilled.clear();
  waiting_->spill.clear();
  return absl::OkStatus();
}

absl::Status TableBuilder::Adder::Finish() {
  if (!waiting_->spilled.empty()) OASIS_RETURN_IF_ERROR(AppendSpill());
  for (size_t stretch = 0; stretch < kMaxStretches; ++stretch) {
    if (!waiting_->rows[stretch].empty()) OASIS_RETURN_IF_ERROR(PlaceThoseOf(stretch));
  }
  rep_.placed_cells.fetch_add(std::exchange(waiting_->cells, 0));
  return absl::OkStatus();
}

}  // namespace oasis
