// The status page of the real parts of a server.
#include "apps/serve/status_page/status_pages.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "support/html_support.h"
#include "support/loader_support.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class StatusPagesTest : public LoaderFixture {
 protected:
  void SetUp() override {
    OASIS_ASSERT_OK_AND_ASSIGN(book_, OverrideBook::Open(store_, tables_, {}));
    pages_ = std::make_unique<StatusPages>(
        StatusParts{.store = store_,
                    .tables = tables_,
                    .overrides = book_,
                    .metrics = metrics_,
                    .loads = loads_,
                    .staleness = {.others = {.max_age = absl::Hours(24)}},
                    .started = now_,
                    .watching = ""},
        [this] { return now_; });
  }
  std::string PageLater(absl::Duration later = absl::Seconds(kStatusPageKeptSeconds)) {
    now_ += later;
    return pages_->Page(Refresh::kItself);
  }

  absl::Time now_ = TestTime(900);  // before that of the loader
  std::shared_ptr<OverrideBook> book_;
  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  const std::shared_ptr<RecentLoads> loads_ = std::make_shared<RecentLoads>();
  std::unique_ptr<StatusPages> pages_;
};

TEST_F(StatusPagesTest, TellsWhatIsLiveKeptAndLoaded) {
  EXPECT_THAT(PageLater(), HasSubstr("no snapshot is live"));
  MustLoad({.id = "monday", .created = now_ - absl::Hours(1)});
  MustLoad({.id = "tuesday", .created = now_, .items = 77});
  ASSERT_THAT(loader_->Pin(kTable, "tuesday", kAlice), IsOk());
  const std::string page = PageLater();
  EXPECT_EQ(WhatIsNotWellFormed(page), "");
  EXPECT_THAT(
      page,
      AllOf(HasSubstr("discovery-mode/control"), HasSubstr("<td class=\"text\">monday</td>"),
            HasSubstr("<td class=\"text\">tuesday</td>"), HasSubstr("<td class=\"figure\">77</td>"),
            HasSubstr("alice"), Not(HasSubstr("STALE"))));
  EXPECT_THAT(PageLater(absl::Hours(30)), HasSubstr("is STALE: its snapshot is 1d 6h old"));
}

TEST_F(StatusPagesTest, TellsWhyALoadWasRefused) {
  const std::filesystem::path dir = Make({.id = "damaged", .created = now_});
  FlipByte(dir / "scores-00000.sst", 20);
  EXPECT_EQ(Load(dir).outcome, LoadOutcome::kFailed);
  EXPECT_THAT(PageLater(), AllOf(HasSubstr("The last load of discovery-mode/control was refused"),
                                 HasSubstr("DATA_LOSS: "), HasSubstr("scores-00000.sst")));
}

TEST_F(StatusPagesTest, OverridesThatEndFirstComeFirst) {
  for (int i = 0; i < 60; ++i) {
    Override override;
    override.id = absl::StrCat("override-", i);
    override.campaign = "spring";
    override.reason = "a test";
    override.expires = absl::Now() + absl::Hours(100 - i);
    ASSERT_THAT(book_->Put(override, kAlice), IsOk());
  }
  const std::string page = PageLater();
  EXPECT_THAT(page, AllOf(HasSubstr("60 hold. These are the 50"), HasSubstr("override-59<"),
                          Not(HasSubstr("override-9<"))));
  EXPECT_LT(page.find("override-59<"), page.find("override-10<"));
}

TEST_F(StatusPagesTest, OfOneSecondAreTheSame) {
  const std::string first = PageLater();
  MustLoad({.id = "monday", .created = now_});
  EXPECT_EQ(PageLater(absl::Milliseconds(900)), first);
  EXPECT_NE(PageLater(absl::Milliseconds(100)), first);
}

TEST_F(StatusPagesTest, AClockThatIsPutBackDoesNotKeepAPage) {
  const std::string first = PageLater();
  EXPECT_NE(PageLater(-absl::Hours(1)), first);
}

}  // namespace
}  // namespace oasis::testing
