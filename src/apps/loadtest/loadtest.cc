#include "apps/loadtest/loadtest.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "apps/client.h"
#include "apps/loadtest/ids.h"
#include "apps/loadtest/load_client.h"
#include "apps/loadtest/requests.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

constexpr auto kObserveEvery = std::chrono::milliseconds(50);

absl::Status Check(const LoadTestOptions& options) {
  const auto at_least = [](absl::string_view flag, double value, double least) {
    if (value >= least) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(flag, " is ", value, "; it must be at least ", least));
  };
  OASIS_RETURN_IF_ERROR(at_least("--threads", options.threads, 1));
  OASIS_RETURN_IF_ERROR(at_least("--connections", options.connections, options.threads));
  OASIS_RETURN_IF_ERROR(at_least("--concurrency", options.concurrency, options.threads));
  OASIS_RETURN_IF_ERROR(at_least("--max-outstanding", options.max_outstanding, options.threads));
  OASIS_RETURN_IF_ERROR(at_least("--batch", options.batch, 1));
  if (options.duration == absl::InfiniteDuration() || options.warmup == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError(
        "--duration and --warmup must end: give a long one, as 24h, and stop it with Ctrl-C");
  }
  return at_least("--prepared", options.prepared, 1);
}

absl::StatusOr<std::vector<std::shared_ptr<grpc::Channel>>> Connect(
    const LoadTestOptions& options) {
  std::vector<std::shared_ptr<grpc::Channel>> connections;
  for (int i = 0; i < options.connections; ++i) {
    grpc::ChannelArguments arguments = DirectChannel();
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // else all share one connection
    OASIS_ASSIGN_OR_RETURN(auto connection, OpenChannel(options.server, arguments));
    connections.push_back(std::move(connection));
    if (!connections.back()->WaitForConnected(std::chrono::system_clock::now() +
                                              std::chrono::seconds(kConnectPatienceSeconds))) {
      return absl::UnavailableError(absl::StrCat(
          "cannot connect to ", options.server.address,
          "; check that `oasis serve` runs, that --server is its --listen address, and that both "
          "speak TLS or neither does"));
    }
  }
  return connections;
}

// Every `of`-th connection, from `first` on.
std::vector<std::shared_ptr<grpc::Channel>> Share(
    const std::vector<std::shared_ptr<grpc::Channel>>& connections, int first, int of) {
  std::vector<std::shared_ptr<grpc::Channel>> share;
  for (auto i = static_cast<size_t>(first); i < connections.size(); i += static_cast<size_t>(of)) {
    share.push_back(connections[i]);
  }
  return share;
}

absl::Duration CpuTime() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

// Sleeps until `until` unless the observer wants to stop.
bool SleepUntil(SteadyTime until, const std::function<bool(SteadyTime)>& stop) {
  while (true) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (stop(now)) return false;
    if (now >= until) return true;
    std::this_thread::sleep_until(std::min(until, now + kObserveEvery));
  }
}

}  // namespace

absl::StatusOr<LoadTestResult> RunLoadTest(const LoadTestOptions& options,
                                           const LoadTestObserver& observer) {
  OASIS_RETURN_IF_ERROR(Check(options));
  IdList ids;
  if (!options.ids.empty()) {
    OASIS_ASSIGN_OR_RETURN(ids, ReadIds(options.ids));
  }
  OASIS_ASSIGN_OR_RETURN(const auto requests, PrepareRequests(options, ids));
  OASIS_ASSIGN_OR_RETURN(const auto connections, Connect(options));

  std::atomic<bool> stop{false};
  const SteadyTime start = std::chrono::steady_clock::now();
  TestClock clock{start + absl::ToChronoNanoseconds(options.warmup), {}, &stop};
  clock.end = clock.begin + absl::ToChronoNanoseconds(options.duration);

  std::vector<std::unique_ptr<LoadClient>> clients;
  std::vector<std::thread> threads;
  for (int i = 0; i < options.threads; ++i) {
    clients.push_back(std::make_unique<LoadClient>(
        options, clock, requests, Share(connections, i, options.threads),
        requests.size() * static_cast<size_t>(i) / static_cast<size_t>(options.threads)));
    const auto share = [&](int whole) {
      return whole / options.threads + (i < whole % options.threads ? 1 : 0);
    };
    threads.emplace_back([&options, &clock, &client = *clients.back(), i,
                          concurrency = share(options.concurrency),
                          most = share(options.max_outstanding)] {
      if (options.rate <= 0) return RunClosedLoop(client, clock, concurrency);
      RunOpenLoop(client, clock, options.rate / options.threads, options.schedule, most,
                  options.seed + static_cast<uint64_t>(i));
    });
  }

  const auto observe = [&](SteadyTime now) {
    const bool warming_up = now < clock.begin;
    return observer({warming_up, absl::FromChrono(now - (warming_up ? start : clock.begin)),
                     warming_up ? options.warmup : options.duration});
  };
  LoadTestResult result;
  result.interrupted = !SleepUntil(clock.begin, observe);
  const absl::Duration cpu_before = CpuTime();
  result.interrupted = result.interrupted || !SleepUntil(clock.end, observe);
  result.client_cpu = CpuTime() - cpu_before;
  result.took = std::max(absl::ZeroDuration(),
                         absl::FromChrono(std::chrono::steady_clock::now() - clock.begin));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  for (const auto& client : clients) result.figures.Merge(client->figures());
  return result;
}

}  // namespace oasis
