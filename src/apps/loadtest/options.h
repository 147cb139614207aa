// What a load test does.
#ifndef OASIS_APPS_LOADTEST_OPTIONS_H_
#define OASIS_APPS_LOADTEST_OPTIONS_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "apps/client.h"

namespace oasis {

enum class IdMode { kUri, kGid };
enum class Schedule { kPoisson, kConstant };

struct LoadTestOptions {
  Peer server;

  // ---- how much
  absl::Duration duration = absl::Seconds(10);
  absl::Duration warmup = absl::Seconds(1);  // before it; in no figure
  int threads = 1;
  int connections = 4;
  int concurrency = 32;  // closed loop: calls outstanding, all threads and connections together
  double rate = 0;       // above 0: open loop, so many calls a second whatever the answers take
  Schedule schedule = Schedule::kPoisson;
  int max_outstanding = 10'000;  // open loop: beyond it a call is not sent but counted as an error
  absl::Duration deadline = absl::Seconds(1);
  std::string client;  // what it calls itself in the metadata x-oasis-client; empty: nothing

  // ---- what is asked
  std::filesystem::path ids;  // tracks.csv or a URI a line, plain, .gz or .zst; empty: only misses
  int batch = 500;
  IdMode mode = IdMode::kGid;
  double miss_ratio = 0;  // of the items: random tracks that are in no catalogue
  std::vector<std::string> surfaces = {"radio"};
  std::vector<std::string> markets = {""};  // drawn at random for each request, as are the others
  std::vector<std::string> cohorts = {""};
  std::string score_set;
  std::string variant;
  std::vector<std::string> signals;
  uint64_t seed = 1;
  int prepared = 4096;  // different requests, made beforehand and sent in turn
};

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_OPTIONS_H_
