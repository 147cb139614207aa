// A table out of its own image answers as it did before.
#include <cstring>
#include <string>

#include "oasis/table.h"
#include "support/table_support.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kItems = 3'000;
constexpr int kContexts = 7;  // more than a slot holds, so some rows spill

TableBuilder::Options Options(int campaigns) {
  TableBuilder::Options options;
  options.info = {"discovery-mode", "control", "s", absl::UnixEpoch()};
  options.signals = {{"promotion", 1.0F}};
  for (int i = 0; i < kContexts; ++i) options.contexts.push_back({"surface-" + std::to_string(i)});
  options.campaigns.Own().resize(static_cast<size_t>(campaigns));
  options.items = kItems;
  return options;
}

ItemRow RowOf(int item, int campaigns) {
  ItemRow row;
  row.key = TrackKey(1, static_cast<uint64_t>(item));
  for (int c = 0; c <= item % kContexts; ++c) {
    row.contexts.push_back(static_cast<ContextId>(c));
    const int campaign = item % 3 == 0 ? c : item;  // for some items one a cell, for others one
    row.campaigns.push_back(campaigns == 0 ? kNoCampaign
                                           : static_cast<CampaignId>(campaign % campaigns));
    row.scores.push_back(static_cast<int16_t>(item + c));
  }
  return row;
}

std::shared_ptr<const Table> Build(int campaigns) {
  auto builder = TableBuilder::Create(Options(campaigns));
  EXPECT_THAT(builder, IsOk());
  for (int i = 0; i < kItems; ++i) EXPECT_THAT(builder->Add(RowOf(i, campaigns)), IsOk());
  return *builder->Build();
}

std::string ImageOf(const Table& table) {
  std::string image;
  EXPECT_THAT(table.WriteImage([&image](absl::Span<const char> bytes) {
    image.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }),
              IsOk());
  return image;
}

absl::StatusOr<std::shared_ptr<const Table>> FromImage(const TableBuilder::Options& options,
                                                       absl::string_view image) {
  return TableBuilder::FromImage(options, [&image](absl::Span<char> bytes) {
    if (bytes.size() > image.size()) return absl::DataLossError("ends early");
    if (!bytes.empty()) std::memcpy(bytes.data(), image.data(), bytes.size());
    image.remove_prefix(bytes.size());
    return absl::OkStatus();
  });
}

TEST(TableImageTest, AnswersAsTheTableDid) {
  for (const int campaigns : {0, 5, 70'000}) {
    const auto table = Build(campaigns);
    const auto again = FromImage(Options(campaigns), ImageOf(*table));
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ((*again)->items(), kItems);
    EXPECT_EQ((*again)->cells(), table->cells());
    EXPECT_EQ((*again)->resident_bytes(), table->resident_bytes());
    for (int i = 0; i < 2 * kItems; ++i) {
      for (int c = 0; c < kContexts; ++c) {
        const ItemKey key = TrackKey(1, static_cast<uint64_t>(i));
        const FallbackChain chain = table->contexts().Resolve(
            table->contexts().contexts()[static_cast<size_t>(c)].surface, "", "");
        const Explanation before = table->Explain(key, chain, 0);
        const Explanation after = (*again)->Explain(key, chain, 0);
        ASSERT_EQ(after.status, before.status) << i;
        ASSERT_EQ(after.quantised, before.quantised) << i;
        ASSERT_EQ(after.campaign, before.campaign) << i;
      }
    }
  }
}

TEST(TableImageTest, RefusesTheImageOfAnotherTable) {
  const std::string image = ImageOf(*Build(5));
  TableBuilder::Options more_items = Options(5);
  more_items.items = 2 * kItems;
  EXPECT_THAT(FromImage(more_items, image),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no image")));
  TableBuilder::Options more_signals = Options(5);
  more_signals.signals.push_back({"reward", 1.0F});
  EXPECT_THAT(FromImage(more_signals, image),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no image")));
  EXPECT_THAT(FromImage(Options(0), image),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no image")));
}

TEST(TableImageTest, RefusesAnotherVersion) {
  std::string image = ImageOf(*Build(0));
  ++image[0];
  EXPECT_THAT(FromImage(Options(0), image),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("another version")));
}

TEST(TableImageTest, PassesOnWhereTheImageEnds) {
  const std::string image = ImageOf(*Build(5));
  for (const size_t length : {size_t{0}, size_t{7}, size_t{100}, image.size() - 1}) {
    EXPECT_THAT(FromImage(Options(5), absl::string_view(image).substr(0, length)),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("ends early")));
  }
}

}  // namespace
}  // namespace oasis::testing
