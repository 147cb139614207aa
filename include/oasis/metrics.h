// Metrics: what the server counts, and how Prometheus sees it (docs/metrics.md lists every name).
#ifndef OASIS_METRICS_H_
#define OASIS_METRICS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace oasis {

enum class RpcMethod { kGetPromotionScores = 0, kExplainPromotionScore = 1 };
inline constexpr int kRpcMethods = 2;
absl::string_view RpcMethodName(RpcMethod method);  // "GetPromotionScores"
// Why a call was refused, or dropped before anything was looked up, though nothing is wrong with
// it.
enum class RefusalReason {
  kInflightItems,  // too many items in flight
  kInflightCalls,  // too many calls in flight
  kWait,           // it would have waited too long for its turn
  kDeadline,       // its deadline would have passed before its turn, or did
  kClientRate,     // its client asks for more items a second than one may
};
inline constexpr int kRefusalReasons = 5;
inline constexpr char kBlockedLoad[] = "guardrails";  // why a load failed
inline constexpr int kStatusesOfItems = 5;            // of oasis.v1.ItemStatus, numbered alike

// All metrics of one process. Thread-safe, but for the one rule of Shard.
class Metrics {
 public:
  // The counters of one serving thread. Only that thread writes; a scrape reads beside it. A call
  // costs some nanoseconds and takes no lock.
  class Shard {
   public:
    // One ended call: its status code (as absl::StatusCode and gRPC number it).
    void CountCall(RpcMethod method, int code);
    // One that was refused; it is counted as ended, too, when it has.
    void CountRefusal(RefusalReason reason);
    // How long a call took whose handler ran, from its acceptance to the end of the handler. One
    // that was refused before would only make the others look fast.
    void ObserveDuration(RpcMethod method, absl::Duration took);
    // The items of one answered GetPromotionScores, by ItemStatus, and how many of them overrides
    // or campaign dates changed; `score_set` is its ordinal in the live tables.
    void CountItems(int score_set, absl::Span<const int> statuses, int64_t changed);

    // Calls that were accepted and not yet answered, and their items; negative when they end.
    void AddInflight(int64_t calls, int64_t items);

    struct Rep;

   private:
    friend class Metrics;
    explicit Shard(Rep* rep) : rep_(rep) {}
    Rep* rep_;
  };

  // What is known of one live table.
  struct LiveSnapshot {
    std::string score_set;
    std::string variant;
    std::string snapshot_id;
    absl::Time created;
    int64_t items = 0;
    int64_t rows = 0;
    int64_t resident_bytes = 0;
    absl::Duration max_age = absl::InfiniteDuration();  // from when on it is stale
  };

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // A shard lives as long as the metrics. REQUIRES: each is used by one thread at a time.
  Shard NewShard();

  // Names an ordinal of the live tables: what is counted with it is shown from then on. Whoever
  // publishes a table does it.
  void NameScoreSet(int ordinal, absl::string_view name);
  void SetLive(
      const LiveSnapshot& snapshot);  // replaces what was known of that score set and variant

  // A load ended. `outcome`: published, unchanged, failed, cancelled. `reason`: the status code's
  // name in lower case (data_loss) or kBlockedLoad, used when it failed. `score_set` and `variant`
  // may be empty: unknown.
  void CountLoad(absl::string_view score_set, absl::string_view variant, absl::string_view outcome,
                 absl::string_view reason);
  // The phases of the last load of a table, in place of those of the load before.
  using PhaseTimes = std::vector<std::pair<std::string, absl::Duration>>;
  void SetLoadPhases(absl::string_view score_set, absl::string_view variant,
                     const PhaseTimes& phases);

  // When the overrides end that hold now.
  void SetOverrides(std::vector<absl::Time> expires);

  // So many loads more (or less) are in that phase now.
  void AddLoadUnderWay(absl::string_view phase, int loads);

  // What health would answer now; asked at each scrape. Without a source both are false. Returns
  // when no scrape asks the old source any more. The Server sets it; nobody else needs to.
  struct Health {
    bool serving = false;
    bool fresh = false;
  };
  void SetHealthSource(std::function<Health()> source);
  Health GetHealth() const;

  // Of a port that speaks TLS, at a scrape.
  struct Certificates {
    std::string port;            // "serving", "admin"
    absl::Time certificate_end;  // when the first ends of its own and those above it
    absl::Time client_ca_end;    // the first of the CAs of its clients; InfiniteFuture: none
    bool refused = false;        // its files changed and are no good; those before stay
  };
  // As SetHealthSource. Without a source there are none.
  void SetCertificatesSource(std::function<std::vector<Certificates>()> source);

  // What only the whole process knows, at a scrape; what is not set is not shown.
  struct Surroundings {
    std::optional<int64_t> memory_limit_bytes;
    std::optional<bool> admin_roles_refused;  // the file is no good; what it said before holds
  };
  // As SetHealthSource. Without a source there is nothing to show.
  void SetSurroundingsSource(std::function<Surroundings()> source);

  // What was counted since the start, as plain numbers.
  struct Traffic {
    struct Method {
      std::map<std::string, int64_t> calls;  // ended, by status code: OK, INVALID_ARGUMENT
      // As ObserveDuration: how many took up to each of DurationBounds() and more than the one
      // before; the last one: more than all of them.
      std::vector<int64_t> durations;
    };
    struct Items {
      std::array<int64_t, kStatusesOfItems> statuses{};  // answered, by ItemStatus
      int64_t changed = 0;
    };
    std::map<std::string, Method> methods;    // by name
    std::map<std::string, Items> score_sets;  // by name; those that have one
    std::map<std::string, int64_t> refusals;  // by reason, as CountRefusal; those there were
    int64_t inflight_calls = 0;               // now
    int64_t inflight_items = 0;
  };
  Traffic CountTraffic() const;
  static absl::Span<const double> DurationBounds();  // seconds, ascending

  // The exposition in Prometheus' text format, as a scrape would get it now.
  std::string Text() const;

 private:
  friend class MetricsServer;
  struct Rep;
  std::shared_ptr<Rep> rep_;
};

// Answers GET (and HEAD) /metrics, and those pages, for as long as it lives.
class MetricsServer {
 public:
  // HTML pages for people, by path ("/"). Called by several threads at once.
  using Pages = std::map<std::string, std::function<std::string()>, std::less<>>;

  // `address` is host:port; port 0 takes a free one. Unavailable when the address cannot be had.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              const Metrics& metrics,
                                                              const Pages& pages = {});
  ~MetricsServer();
  int port() const;

 private:
  struct Rep;
  explicit MetricsServer(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace oasis

#endif  // OASIS_METRICS_H_
