// The tables of items and of campaigns.
#ifndef OASIS_PROBLEM_FILES_ITEM_TABLES_H_
#define OASIS_PROBLEM_FILES_ITEM_TABLES_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/gid.h"
#include "oasis/problem_files.h"
#include "problem_files/names.h"
#include "problem_files/row_lines.h"
#include "problem_files/table_reader.h"

namespace oasis::problem_files {

// Rows go to the problem that it was given, which must outlive it. Not thread-safe.
class ItemTables {
 public:
  ItemTables(ProblemFiles* problem, Reading* reading);

  // In this order; the first only where there is such a table.
  absl::Status ReadCampaigns(const std::string& path);
  absl::Status ReadItems(const std::string& path);

  // The place of an item, kNobody where it is not there. Allocates nothing.
  uint32_t Find(const ItemKey& key) const {
    const auto found = items_.find(key);
    return found == items_.end() ? kNobody : found->second;
  }

  // The place of what a constraint is about among the items, artists…; kNobody where no item has
  // that name, and no campaign. REQUIRES: the scope is not kAll.
  uint32_t FindSubject(ConstraintScope scope, absl::string_view name) const;

  // False where some item or campaign could not be read: then what Find misses may be there.
  bool whole() const { return items_whole_ && campaigns_whole_; }

  const RowLines& lines() const { return lines_; }

 private:
  void ReadItem(TableReader* row);
  uint32_t CampaignOf(TableReader* row);

  ProblemFiles& problem_;
  Reading& reading_;
  Names artists_, licensors_, campaigns_, pools_;
  absl::flat_hash_map<ItemKey, uint32_t> items_;
  std::string campaigns_path_;  // empty: items may name any campaign
  bool items_whole_ = false;    // until ReadItems
  bool campaigns_whole_ = true;
  RowLines lines_;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_ITEM_TABLES_H_
