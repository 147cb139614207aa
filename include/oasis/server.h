// The gRPC server of the serving API: admission, health, reflection, drain.
#ifndef OASIS_SERVER_H_
#define OASIS_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/call_record.h"
#include "oasis/limits.h"
#include "oasis/live_tables.h"
#include "oasis/metrics.h"
#include "oasis/recent_requests.h"
#include "oasis/staleness.h"
#include "oasis/tls.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace oasis {

// Answers oasis.v1.PromotionScores from the live tables on its own threads, one completion queue a
// thread, and grpc.health.v1.Health beside it:
//
//   ""                               SERVING from the first published table until Drain, but not
//                                    while a restart still restores, nor while a table is stale
//                                    whose score set says kNotServing
//   "oasis.v1.PromotionScores"       the same
//   "oasis.v1.PromotionScores/fresh" moreover no live snapshot is stale (Staleness), and none is
//                                    missing that ought to be live (TableSet::missing)
//
// Where there are `admin` services, a second server answers them (and reflection) on the admin
// address. That port is plaintext on loopback, where everyone may make every call; with TLS it asks
// clients for certificates, and `admit_admin_call` says who may make which call.
//
// The limits hold in a process that begins as src/apps/main.cc does (decisions 0001 and 0025).
// Thread-safe.
class Server {
 public:
  struct Options {
    std::string listen = "0.0.0.0:50051";  // port 0 takes a free one
    std::string admin_listen = "127.0.0.1:50052";
    int threads = 0;  // 0: as many as the CPUs this process may use
    int max_items_per_request = kDefaultMaxItemsPerRequest;
    int64_t max_inflight_items = 0;  // 0: kDefaultInflightItemsPerThread for each thread
    // That each client (serving/client_of.h) may ask for; a burst may have a second's worth. 0: as
    // many as it likes.
    int64_t client_items_per_second = 0;
    // Of the serving port; without a ca clients need no certificate. Files that change are taken by
    // the next connection (serving/tls_credentials.h).
    TlsFiles tls;
    TlsFiles admin_tls;           // all three files, or none
    AdmitCall admit_admin_call;   // with admin_tls, and only then
    bool admin_insecure = false;  // lets the admin port be plaintext off loopback
    // Hears of such files that changed, and of which port, "serving" or "admin": OK when they were
    // taken, else why the ones before stay. On any thread.
    std::function<void(absl::string_view port, const absl::Status&)> tls_observer =
        [](absl::string_view, const absl::Status&) {};
    StalenessRules staleness;
    // Of the serving port, not of the admin port.
    absl::Duration max_connection_age = absl::Seconds(kMaxConnectionAgeSeconds);
    absl::Duration max_reply_time = absl::Seconds(kMaxReplySeconds);  // then the call is cancelled
    // A call that takes longer is slow. 0: none is.
    absl::Duration slow_call = absl::Milliseconds(kDefaultSlowCallMilliseconds);
    // Hears of calls that failed or were slow; null: nobody does.
    CallObserver call_observer;
    // Where to keep a sample of the requests; null: nowhere.
    std::shared_ptr<RecentRequests> recent_requests;
    std::function<absl::Time()> clock = [] { return absl::Now(); };
  };

  // InvalidArgument with all that is wrong with options by themselves, by the names of the flags of
  // `oasis serve`: values out of their limits, settings that need each other, an admin port (if
  // there is one) open to everyone. Opens no file and no port; that a host is unknown is no fault.
  static absl::Status Validate(const Options& options, bool has_admin);

  // Unavailable when an address cannot be had (the message names it), InvalidArgument as Validate
  // or for files of TLS that are no good. The server answers when this returns.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      Options options, std::shared_ptr<LiveTables> tables, std::shared_ptr<Metrics> metrics,
      std::vector<std::shared_ptr<grpc::Service>> admin);

  ~Server();  // drains with no patience, if Drain was not called

  int port() const;
  int admin_port() const;

  // Tells health NOT_SERVING, takes no new calls, lets those under way end for at most `patience`,
  // then cancels them. Returns when all threads have stopped.
  void Drain(absl::Duration patience);

 private:
  struct Rep;
  explicit Server(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace oasis

#endif  // OASIS_SERVER_H_
