// The table: one snapshot's scores in memory, as requests see them.
#ifndef OASIS_TABLE_H_
#define OASIS_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "oasis/campaign.h"
#include "oasis/context.h"
#include "oasis/gid.h"

namespace oasis {

// A named column of scores. A score is kept in 16 bits: score = quantised * scale / 32767.
struct Signal {
  std::string name;
  float scale = 1.0F;  // the largest magnitude it can take; kMinScale to kMaxScale

  friend bool operator==(const Signal&, const Signal&) = default;
};

// "promotion.value" is a term of the signal "promotion": a part of why a score is what it is.
// Explaining a score tells its terms; guardrails do not judge them.
inline bool IsTermOf(absl::string_view term, absl::string_view signal) {
  return term.size() > signal.size() && term[signal.size()] == '.' &&
         term.substr(0, signal.size()) == signal;
}

// What a request that names no signal means.
inline constexpr absl::string_view kDefaultSignal = "promotion";

inline constexpr int kQuantisedMax = 32767;

// The quantised form of a score: to nearest, clipped to ±kQuantisedMax. The error is at most
// scale/65534 for |score| <= scale, half of what the contract allows.
int16_t Quantise(float score, const Signal& signal);
float Dequantise(int16_t quantised, const Signal& signal);

// All scores of one item: a cell for each context it has a row in, ascending by context.
struct ItemRow {
  ItemKey key;
  std::vector<ContextId> contexts;
  std::vector<CampaignId> campaigns;  // as long as contexts; kNoCampaign where none is named
  std::vector<int16_t> scores;        // cell-major: scores[cell * signals + signal]

  void Clear() {
    contexts.clear();
    campaigns.clear();
    scores.clear();
  }
};

// Which score set, variant and snapshot a table holds.
struct TableInfo {
  std::string score_set;
  std::string variant;
  std::string snapshot_id;
  absl::Time created;  // when the snapshot was made, by its manifest
};

// The values are those of oasis.v1.ItemStatus.
enum class ItemStatus : int {
  kNotFound = 0,
  kFound = 1,
  kSuppressed = 2,
  kExpired = 3,
  kInvalidId = 4,
};
inline constexpr int kItemStatuses = 5;

// Why an item has the score it has in a context.
struct Explanation {
  ItemStatus status = ItemStatus::kNotFound;
  MatchLevel level = MatchLevel::kNone;
  ContextId context = kNoContext;  // of the row that matched
  int16_t quantised = 0;
  float score = 0.0F;
  CampaignId campaign = kNoCampaign;
};

// The campaign that the row names which answered the key at that place of a batch.
struct CampaignOfKey {
  uint32_t key = 0;
  CampaignId campaign = kNoCampaign;

  bool operator==(const CampaignOfKey&) const = default;
};

class CampaignRows;  // score/campaign_rows.h

// Immutable after TableBuilder::Build; safe for concurrent reads without locks. A missing key is
// always answered as missing: all 128 bits and the kind are compared.
//
// Layout (docs/decisions/0002): 64-byte lines of two slots; a slot is the 16 bytes of the gid and
// four cells {15-bit context, 16-bit score}. Rows that do not fit (more contexts, several signals)
// lie in a spill region that the slot points into. What does not fit its home line goes to one
// other line of the same 4 KiB; bits in a line say that something went on.
class Table {
 public:
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const TableInfo& info() const;
  const std::vector<Signal>& signals() const;
  const ContextIndex& contexts() const;
  const std::vector<Campaign>& campaigns() const;

  int64_t items() const;
  int64_t cells() const;           // rows of the score file: (item, context) pairs
  int64_t resident_bytes() const;  // of lines, spill region and campaign columns
  bool huge_pages() const;         // whether the kernel took the advice for the lines

  // The place of a signal in signals(), or nothing.
  std::optional<int> FindSignal(absl::string_view name) const;

  // Looks a batch up. For key i: statuses[i] is the ItemStatus (as int, so that the caller can pass
  // the memory of a packed repeated field), scores[i * signals.size() + j] the score of signals[j],
  // 0 where there is none.
  // REQUIRES: statuses.size() == keys.size(), scores.size() == keys.size() * signals.size(), and
  // every signal is in [0, signals().size()).
  void Lookup(absl::Span<const ItemKey> keys, const FallbackChain& chain,
              absl::Span<const int> signals, absl::Span<float> scores,
              absl::Span<int> statuses) const;

  // Moreover, `campaigns` are those of the rows that answered, ascending by key. With `rows`, of
  // this table, all others may be left out, which is faster, and theirs may be kNoCampaign.
  void Lookup(absl::Span<const ItemKey> keys, const FallbackChain& chain,
              absl::Span<const int> signals, absl::Span<float> scores, absl::Span<int> statuses,
              const CampaignRows* rows, std::vector<CampaignOfKey>& campaigns) const;

  // For Lookup, the rows of the campaigns marked; null where no row has a campaign, or there is no
  // memory for it. Reads the whole column of campaigns. REQUIRES: marks.size() ==
  // campaigns().size().
  std::shared_ptr<const CampaignRows> RowsOf(const std::vector<bool>& marks) const;
  // Those, of this table, and the rows of these items; null where there is no memory for it.
  std::shared_ptr<const CampaignRows> RowsAndItems(const CampaignRows& rows,
                                                   absl::Span<const ItemKey> items) const;

  Explanation Explain(const ItemKey& key, const FallbackChain& chain, int signal) const;

  // Calls `row` for every item of one of `parts` equal shares of the lines; all shares together are
  // all items, each once. In no order of their keys, but about that of any other table: their rows
  // are found there at nearly the cost of reading on. `row` is good for the call.
  // REQUIRES: part < parts.
  void VisitRows(size_t part, size_t parts, absl::FunctionRef<void(const ItemRow&)> row) const;

  // The whole row of an item; false, and an empty row, where there is none.
  [[nodiscard]] bool FindRow(const ItemKey& key, ItemRow* row) const;

  // Gives the table's memory to `write`, piece by piece, as TableBuilder::FromImage takes it back.
  // The bytes are good for this version of the layout and this machine's byte order.
  absl::Status WriteImage(absl::FunctionRef<absl::Status(absl::Span<const char>)> write) const;

  // Reads every page once, so that the first requests find them mapped. The loader's last step
  // before the swap.
  void Warm() const;

 private:
  friend class TableBuilder;
  struct Rep;
  class ChunkLookup;
  class RowReader;
  explicit Table(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
};

// Makes one table: Create, Add every item once (any order), Build. Several threads may add at once,
// each with an Adder of its own; else not thread-safe.
class TableBuilder {
 public:
  struct Options {
    TableInfo info;
    std::vector<Signal> signals;
    std::vector<Context> contexts;
    CampaignList campaigns;
    int64_t items = 0;       // exactly how many will be added; sizes the lines
    bool huge_pages = true;  // ask for them; the table works without
  };

  // InvalidArgument on bad signals, contexts or counts (see limits.h); ResourceExhausted when the
  // memory cannot be had.
  static absl::StatusOr<TableBuilder> Create(Options options);

  TableBuilder(TableBuilder&&) noexcept;
  TableBuilder& operator=(TableBuilder&&) noexcept;
  ~TableBuilder();

  // InvalidArgument when the row breaks a rule of ItemRow or names an unknown context or campaign;
  // OutOfRange for more than options.items rows; AlreadyExists for a key that was added before
  // (told some rows later, or by Build). After an error the builder is of no more use.
  absl::Status Add(const ItemRow& row);

  class Adder;  // below

  // The bytes that building and holding such a table takes at most: what to budget before a load.
  // Exact where every item has one cell or more than four; up to 1.5 times as much between. Not
  // counted are long names of campaigns, and the lists of those of items whose cells have different
  // ones.
  static int64_t EstimateBytes(int64_t items, int64_t cells, int signals, int64_t campaigns);

  // Instead of all that: the table whose image `read` gives, which fills the memory it is handed
  // with the next bytes. `options` are those it was built with. DataLoss when the image is not of
  // such a table or of another version; what it says of rows is believed, so the caller has a
  // checksum.
  static absl::StatusOr<std::shared_ptr<const Table>> FromImage(
      Options options, absl::FunctionRef<absl::Status(absl::Span<char>)> read);

  // REQUIRES: called once; the builder is empty afterwards. FailedPrecondition when fewer rows were
  // added than announced, AlreadyExists as for Add.
  absl::StatusOr<std::shared_ptr<const Table>> Build();

 private:
  struct Rep;
  struct Row;
  static absl::StatusOr<std::unique_ptr<Table::Rep>> EmptyTable(Options options);
  static std::shared_ptr<const Table> Finish(std::unique_ptr<Table::Rep> table);
  explicit TableBuilder(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
};

// Adds rows for one thread. The builder must outlive it.
class TableBuilder::Adder {
 public:
  explicit Adder(TableBuilder& builder);
  Adder(Adder&&) noexcept;
  ~Adder();

  // As TableBuilder::Add; too many rows may be told later, too.
  absl::Status Add(const ItemRow& row);

  // REQUIRES: called once, after the last Add and before Build. Errors as for Add.
  absl::Status Finish();

 private:
  friend class TableBuilder;
  struct Waiting;
  explicit Adder(Rep& rep);
  absl::Status Spill(const ItemRow& row, Row& added);
  absl::Status AppendSpill();
  absl::Status Wait(const Row& row);
  absl::Status PlaceThoseOf(size_t stretch);

  Rep& rep_;
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace oasis

#endif  // OASIS_TABLE_H_
