// A load test of the serving API: closed loop (so many calls under way) or open loop (so many a
// second).
#ifndef OASIS_APPS_LOADTEST_LOADTEST_H_
#define OASIS_APPS_LOADTEST_LOADTEST_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "apps/loadtest/figures.h"
#include "apps/loadtest/options.h"
#include "nlohmann/json.hpp"

namespace oasis {

// Is asked some twenty times a second; true ends the test early, with the figures so far. Told
// whether the warm-up is over and how much of the test is done.
struct LoadTestProgress {
  bool warming_up = false;
  absl::Duration done;
  absl::Duration total;
};
using LoadTestObserver = std::function<bool(const LoadTestProgress&)>;

// InvalidArgument for options that make no sense, Unavailable when the server cannot be reached.
// Calls that fail are no error of the test: they are in the figures.
absl::StatusOr<LoadTestResult> RunLoadTest(const LoadTestOptions& options,
                                           const LoadTestObserver& observer);

// For people, some lines.
std::string FormatLoadTest(const LoadTestOptions& options, const LoadTestResult& result);
// For programs; the keys are stable.
nlohmann::ordered_json LoadTestToJson(const LoadTestOptions& options, const LoadTestResult& result);

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_LOADTEST_H_
