// An override book beside a loader, on a clock that the test moves.
#ifndef OASIS_TESTS_UNIT_SNAPSHOT_OVERRIDE_BOOK_FIXTURE_H_
#define OASIS_TESTS_UNIT_SNAPSHOT_OVERRIDE_BOOK_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "oasis/override_book.h"
#include "overrides/table_rules.h"
#include "support/loader_support.h"

namespace oasis::testing {

class OverrideBookFixture : public LoaderFixture {
 protected:
  OverrideBookFixture() { OpenBook(); }

  void OpenBook() {
    auto book = OverrideBook::Open(store_, tables_,
                                   {.clock = [this] { return now_; },
                                    .observer = [this](const auto& all) { told_ = all.size(); }});
    ASSERT_THAT(book, IsOk());
    book_ = *std::move(book);
  }
  void RestartWithBook() {
    book_.reset();
    Restart();
    OpenBook();
    loader_->Restore();
  }
  static Override SuppressItem(int item, const std::string& id = "") {
    Override override;
    override.id = id;
    override.item_uri = FormatTrackUri(TestKey(item).gid);
    override.reason = "a test";
    override.expires = TestTime(600);
    return override;
  }
  static std::string UriOf(int item) { return FormatTrackUri(TestKey(item).gid); }
  static Override Decision() {
    Override decision = SuppressItem(0);
    decision.item_uri.clear();
    return decision;
  }
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    for (const Override& override : book_->List()) ids.push_back(override.id);
    return ids;
  }
  // What a request that begins now is told of an item.
  ItemStatus StatusOf(int item) {
    ItemStatus status = ItemStatus::kInvalidId;
    tables_->Visit([&](const TableSet& live) {
      const TableSet::Variant& variant = live.score_sets().at(0).variants.at(0);
      const Explanation found = variant.table->Explain(
          TestKey(item), variant.table->contexts().Resolve("radio", "", ""), 0);
      status =
          variant.rules->Explain(variant.rules->ScopeOf("radio", "", now_), TestKey(item), found, 0)
              .status;
    });
    return status;
  }

  absl::Time now_ = TestTime(100);
  size_t told_ = 99;
  std::unique_ptr<OverrideBook> book_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_UNIT_SNAPSHOT_OVERRIDE_BOOK_FIXTURE_H_
