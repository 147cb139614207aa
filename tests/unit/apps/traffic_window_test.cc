#include "apps/serve/status_page/traffic_window.h"

#include <algorithm>

#include "support/test_support.h"

namespace oasis {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000'000);

Metrics::Traffic Calls(int64_t calls) {
  Metrics::Traffic traffic;
  traffic.methods["Get"] = {{{"OK", calls}}, {calls, 0, 0}};
  traffic.score_sets["a"] = {{0, 10 * calls, 0, 0, 0}, calls};
  traffic.refusals["wait"] = 2 * calls;
  return traffic;
}

int64_t CallsOf(const CountedTraffic& counted) {
  return counted.traffic.methods.at("Get").calls.at("OK");
}

TEST(TrafficWindowTest, TheFirstViewIsOfAllSinceTheStart) {
  TrafficWindow window(kStart);
  const auto view = window.Add(kStart + absl::Hours(1), Calls(36'000));
  EXPECT_EQ(view.recent.span, absl::Hours(1));
  EXPECT_EQ(CallsOf(view.recent), 36'000);
  EXPECT_EQ(CallsOf(view.all), 36'000);
  EXPECT_DOUBLE_EQ(view.all.Rate(36'000), 10);
}

TEST(TrafficWindowTest, LaterViewsAreOfWhatWasCountedInBetween) {
  TrafficWindow window(kStart);
  window.Add(kStart + absl::Hours(1), Calls(1000));
  const auto view = window.Add(kStart + absl::Hours(1) + absl::Seconds(10), Calls(1500));
  EXPECT_EQ(view.recent.span, absl::Seconds(10));
  EXPECT_EQ(CallsOf(view.recent), 500);
  EXPECT_EQ(view.recent.traffic.methods.at("Get").durations[0], 500);
  EXPECT_EQ(view.recent.traffic.score_sets.at("a").statuses[1], 5000);
  EXPECT_EQ(view.recent.traffic.score_sets.at("a").changed, 500);
  EXPECT_EQ(view.recent.traffic.refusals.at("wait"), 1000);
  EXPECT_EQ(CallsOf(view.all), 1500);
}

TEST(TrafficWindowTest, GrowsToAMinuteAndGoesAlong) {
  TrafficWindow window(kStart);
  for (int second = 3600; second < 3700; second += 10) {
    const auto view = window.Add(kStart + absl::Seconds(second), Calls(second));
    if (second == 3600) continue;  // the first one is of an hour
    EXPECT_EQ(view.recent.span, absl::Seconds(std::min(second - 3600, 60)));
  }
}

TEST(TrafficWindowTest, IsNotShorterThanSomeSecondsWhereTheOtherIsKnown) {
  TrafficWindow window(kStart);
  window.Add(kStart + absl::Hours(1), Calls(1000));
  EXPECT_EQ(window.Add(kStart + absl::Hours(1) + absl::Seconds(1), Calls(1001)).recent.span,
            absl::Hours(1) + absl::Seconds(1));
}

TEST(TrafficWindowTest, AnHourWithoutAViewIsAnHour) {
  TrafficWindow window(kStart);
  window.Add(kStart + absl::Hours(1), Calls(1000));
  window.Add(kStart + absl::Hours(1) + absl::Seconds(10), Calls(1100));
  const auto view = window.Add(kStart + absl::Hours(2), Calls(2000));
  EXPECT_EQ(view.recent.span, absl::Hours(1) - absl::Seconds(10));
  EXPECT_EQ(CallsOf(view.recent), 900);
}

TEST(TrafficWindowTest, AClockThatIsPutBackBeginsAnew) {
  TrafficWindow window(kStart);
  window.Add(kStart + absl::Hours(1), Calls(1000));
  const auto view = window.Add(kStart - absl::Hours(1), Calls(2000));
  EXPECT_EQ(view.recent.span, absl::ZeroDuration());
  EXPECT_EQ(view.recent.Rate(1000), 0);
  EXPECT_EQ(CallsOf(window.Add(kStart - absl::Minutes(59), Calls(2600)).recent), 600);
}

}  // namespace
}  // namespace oasis
