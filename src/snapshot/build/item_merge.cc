#include "snapshot/build/item_merge.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis::build {

ItemMerge::ItemMerge(const MergeContext& context, records::BadRows* bad_rows)
    : context_(context),
      bad_rows_(bad_rows),
      last_item_(context.manifest->contexts.size(), 0),
      last_place_(context.manifest->contexts.size()) {}

absl::Status ItemMerge::Run(RunMerger* rows,
                            const std::function<absl::Status(const ItemRow&)>& item,
                            const Progress& progress) {
  int64_t done = 0;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const uint64_t* words, rows->Next());
    if (item_ > 0 && (words == nullptr || SortRecord(words).key() != row_.key)) {
      if (!bad_rows_->TooMany()) OASIS_RETURN_IF_ERROR(item(FinishItem()));
      cells_.clear();
      scores_.clear();
    }
    if (words == nullptr) return progress ? progress(done, context_.rows) : absl::OkStatus();
    const SortRecord record(words);
    if (cells_.empty()) {
      row_.key = record.key();
      ++item_;
    }
    AddCell(record);
    ++done;
    if (progress && done % kProgressEveryRows == 0) {
      OASIS_RETURN_IF_ERROR(progress(done, context_.rows));
    }
  }
}

void ItemMerge::AddCell(const SortRecord& record) {
  const ContextId context = (*context_.contexts)[record.context()];
  if (last_item_[context] == item_) {
    const SourcePlace first = last_place_[context];
    const SourcePlace again = record.place();
    bad_rows_->AddFatal(
        (*context_.files)[static_cast<size_t>(again.file)], again.line,
        absl::StrCat("duplicate of ", (*context_.files)[static_cast<size_t>(first.file)], ":",
                     first.line, ": ", FormatKey(row_.key), " in ",
                     FormatContext(context_.manifest->contexts[context])));
    return;
  }
  last_item_[context] = item_;
  last_place_[context] = record.place();
  const CampaignId campaign = record.campaign();
  cells_.push_back({context,
                    campaign == kNoCampaign ? kNoCampaign : (*context_.campaigns)[campaign],
                    static_cast<uint32_t>(scores_.size())});
  const std::vector<Signal>& signals = context_.manifest->signals;
  for (size_t i = 0; i < signals.size(); ++i) {
    scores_.push_back(Quantise(record.score(i), signals[i]));
  }
}

const ItemRow& ItemMerge::FinishItem() {
  std::sort(cells_.begin(), cells_.end(),
            [](const Cell& a, const Cell& b) { return a.context < b.context; });
  row_.Clear();
  const auto signals = static_cast<ptrdiff_t>(context_.manifest->signals.size());
  for (const Cell& cell : cells_) {
    row_.contexts.push_back(cell.context);
    row_.campaigns.push_back(cell.campaign);
    const auto begin = scores_.begin() + cell.scores;
    row_.scores.insert(row_.scores.end(), begin, begin + signals);
  }
  return row_;
}

}  // namespace oasis::build
