// From sorted rows to items: grouped, their ids made final, quantised, duplicates found.
#ifndef OASIS_SNAPSHOT_BUILD_ITEM_MERGE_H_
#define OASIS_SNAPSHOT_BUILD_ITEM_MERGE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "oasis/manifest.h"
#include "oasis/snapshot.h"
#include "oasis/table.h"
#include "records/bad_rows.h"
#include "snapshot/build/run_merger.h"
#include "snapshot/build/sort_record.h"

namespace oasis::build {

// What the merge needs to know of the rows; outlives it.
struct MergeContext {
  const std::vector<std::string>* files = nullptr;     // by SourcePlace::file
  const Manifest* manifest = nullptr;                  // signals with scales, contexts, campaigns
  const std::vector<ContextId>* contexts = nullptr;    // from provisional to final ids
  const std::vector<CampaignId>* campaigns = nullptr;  // likewise
  int64_t rows = 0;                                    // how many will come
};

// Puts the rows of one item together. Not thread-safe.
class ItemMerge {
 public:
  ItemMerge(const MergeContext& context, records::BadRows* bad_rows);

  // Gives every item of `rows` to `item`, ascending, until there are more bad rows than allowed;
  // the rest is then read to count them only. A row with the item and context of an earlier one is
  // fatal.
  absl::Status Run(RunMerger* rows, const std::function<absl::Status(const ItemRow&)>& item,
                   const Progress& progress);

 private:
  struct Cell {
    ContextId context;
    CampaignId campaign;
    uint32_t scores;  // where its scores begin in scores_
  };

  void AddCell(const SortRecord& record);
  const ItemRow& FinishItem();

  MergeContext context_;
  records::BadRows* bad_rows_;
  ItemRow row_;
  std::vector<Cell> cells_;
  std::vector<int16_t> scores_;
  // By context: which item had a row there last (counted from 1), and where that row was.
  int64_t item_ = 0;
  std::vector<int64_t> last_item_;
  std::vector<SourcePlace> last_place_;
};

}  // namespace oasis::build

#endif  // OASIS_SNAPSHOT_BUILD_ITEM_MERGE_H_
