// What a load test measures.
#ifndef OASIS_APPS_LOADTEST_FIGURES_H_
#define OASIS_APPS_LOADTEST_FIGURES_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "apps/loadtest/histogram.h"
#include "oasis/table.h"

namespace oasis {

inline constexpr char kRefusedCode[] = "RESOURCE_EXHAUSTED";
inline constexpr char kMissedCode[] = "DEADLINE_EXCEEDED";

// The figures of one thread, or of all after Merge. Only calls that began after the warm-up.
struct Figures {
  // Of answered calls: from the time a call was due (open loop) or sent (closed loop) to its end.
  Histogram latency;
  // Open loop: how late calls were sent, by the client's own fault; part of their latency.
  Histogram lag;
  // Likewise of those that the server refused (RESOURCE_EXHAUSTED).
  Histogram refusal_latency;
  int64_t answered = 0;
  int64_t in_time = 0;  // of these, within the deadline from when they were due: the goodput
  std::map<std::string, int64_t> errors;  // calls without a good answer, by status code
  std::string first_error;
  std::array<int64_t, kItemStatuses> statuses = {};  // items
  std::map<std::string, int64_t> snapshots;          // answered calls by snapshot id

  int64_t failed() const {
    int64_t sum = 0;
    for (const auto& [code, count] : errors) sum += count;
    return sum;
  }
  int64_t refused() const { return CountOf(kRefusedCode); }
  // Calls that were sent and neither refused nor answered within their deadline.
  int64_t missed() const { return answered - in_time + CountOf(kMissedCode); }
  int64_t items() const {
    int64_t sum = 0;
    for (const int64_t count : statuses) sum += count;
    return sum;
  }
  void AddError(const std::string& code, const std::string& message) {
    ++errors[code];
    if (first_error.empty()) first_error = message;
  }
  void Merge(const Figures& other) {
    latency.Merge(other.latency);
    lag.Merge(other.lag);
    refusal_latency.Merge(other.refusal_latency);
    answered += other.answered;
    in_time += other.in_time;
    for (const auto& [code, count] : other.errors) errors[code] += count;
    if (first_error.empty()) first_error = other.first_error;
    for (size_t i = 0; i < statuses.size(); ++i) statuses[i] += other.statuses[i];
    for (const auto& [id, count] : other.snapshots) snapshots[id] += count;
  }

 private:
  int64_t CountOf(const std::string& code) const {
    const auto found = errors.find(code);
    return found == errors.end() ? 0 : found->second;
  }
};

struct LoadTestResult {
  Figures figures;
  absl::Duration took;        // the measured part, without the warm-up
  absl::Duration client_cpu;  // of this process in it, user and system, all threads
  bool interrupted = false;
};

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_FIGURES_H_
