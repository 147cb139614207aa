#include "apps/serve/serve_options.h"

#include "apps/commands/flags.h"

namespace oasis {
namespace {

constexpr int kMostItems = kMaxReceiveMessageBytes / 16;  // of one message, at 16 bytes an item
constexpr int64_t kMostInFlight = 1'000'000'000'000;
constexpr int kMostKept = 1'000'000;

void AddAddressFlag(CLI::App& command, const std::string& name, std::string& address,
                    const std::string& description) {
  command.add_option(name, address, description)
      ->type_name("HOST:PORT")
      ->capture_default_str()
      ->check(CheckAddress);
}

void AddServingFlags(CLI::App& command, Server::Options& server) {
  AddAddressFlag(command, "--listen", server.listen, "For PromotionScores; port 0: a free one");
  AddAddressFlag(command, "--admin-listen", server.admin_listen,
                 "For SnapshotAdmin and OverrideAdmin; off the loopback it wants TLS");
  command
      .add_option("--threads", server.threads, "That serve; 0: as many as the CPUs this may use")
      ->check(WholeNumber(0, kMaxServingThreads))
      ->capture_default_str();
  command
      .add_option("--max-items-per-request", server.max_items_per_request,
                  "A request with more is refused")
      ->check(WholeNumber(1, kMostItems))
      ->capture_default_str();
  command
      .add_option("--max-inflight-items", server.max_inflight_items,
                  "Items of accepted calls whose replies are not sent yet; beyond it calls are "
                  "refused. 0: 262,144 for each thread")
      ->check(WholeNumber(0, kMostInFlight))
      ->capture_default_str();
  command
      .add_option("--client-items-per-second", server.client_items_per_second,
                  "That one client may ask for, by its certificate, or without one by its metadata "
                  "x-oasis-client; beyond it its calls are refused. 0: as many as it likes")
      ->check(WholeNumber(0, kMostInFlight))
      ->capture_default_str();
  AddDurationFlag(command, "--max-connection-age", server.max_connection_age,
                  "Then a connection of the serving port is closed when its calls have ended, so "
                  "that clients find new servers; 'inf' for never");
  AddDurationFlag(command, "--slow-call", server.slow_call,
                  "A call that takes longer is slow, and some of them are logged; 0: none is");
  AddDurationFlag(command, "--max-age", server.staleness.others.max_age,
                  "Of a live snapshot; an older one makes the health of .../fresh NOT_SERVING. A "
                  "policy may name another for a score set, and more to be done");
}

void AddFileFlag(CLI::App& command, const std::string& name, std::filesystem::path& file,
                 const std::string& description) {
  command.add_option(name, file, description)->type_name("FILE");
}

void AddTlsFlags(CLI::App& command, ServeOptions& options) {
  TlsFiles& serving = options.server.tls;
  AddFileFlag(command, "--tls-cert", serving.certificate,
              "Serve PromotionScores by TLS, with this certificate (PEM). It and the next two are "
              "read again when they change");
  AddFileFlag(command, "--tls-key", serving.key, "Key of that certificate");
  AddFileFlag(command, "--tls-client-ca", serving.ca,
              "Answer only clients whose certificate comes from this CA");
  TlsFiles& admin = options.server.admin_tls;
  AddFileFlag(command, "--admin-tls-cert", admin.certificate,
              "The same for the admin port; with TLS it needs all four files");
  AddFileFlag(command, "--admin-tls-key", admin.key, "Key of that certificate");
  AddFileFlag(command, "--admin-tls-client-ca", admin.ca,
              "CA of those who may call the admin port");
  AddFileFlag(command, "--admin-roles", options.admin_roles,
              "Who of them may do what, as in docs/operations.md; all else is denied");
  command.add_flag("--admin-insecure", options.server.admin_insecure,
                   "Let the admin port be plaintext off the loopback: who reaches it may do "
                   "everything");
}

}  // namespace

void AddServeFlags(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--data-dir", options.data_dir,
                  "Where the server keeps its snapshots and its journal; made if need be")
      ->type_name("DIR");
  AddServingFlags(command, options.server);
  AddTlsFlags(command, options);
  AddAddressFlag(command, "--metrics-listen", options.metrics_listen,
                 "For Prometheus, /metrics, and for people, /: what is live");
  command.add_option("--watch", options.watch, "Load the snapshots that appear in this directory")
      ->type_name("DIR");
  AddDurationFlag(command, "--poll-interval", options.poll_interval,
                  "To look there at least so often, whatever the kernel tells");
  command
      .add_option("--keep", options.keep, "Snapshots to keep of each table, the live one included")
      ->check(WholeNumber(1, kMostKept))
      ->capture_default_str();
  command
      .add_option("--policy", options.policy,
                  "Guardrails of new snapshots, as in docs/guardrails.md; 'none' for none, without "
                  "a file the defaults")
      ->type_name("FILE");
  command.add_flag("--drop-first", options.drop_first,
                   "Where memory has no room for two tables: take the live one away before the "
                   "next is built; meanwhile the server is not serving");
  command.add_flag("--no-huge-pages", options.no_huge_pages,
                   "Do not ask for huge pages for tables");
  AddDurationFlag(command, "--drain-timeout", options.drain_timeout,
                  "At shutdown: for calls under way to end");
  AddChoiceFlag<LogFormat>(
      command, "--log-format", options.log_format,
      {{"auto", LogFormat::kAuto}, {"json", LogFormat::kJson}, {"text", LogFormat::kText}},
      "auto: text on a terminal, else one JSON object a line");
  AddChoiceFlag<LogLevel>(command, "--log-level", options.log_level,
                          {{"debug", LogLevel::kDebug},
                           {"info", LogLevel::kInfo},
                           {"warning", LogLevel::kWarning},
                           {"error", LogLevel::kError}},
                          "Lowest level to log; `oasis log-level` changes it later on");
  command
      .add_option("--port-file", options.port_file,
                  "Write the ports there as JSON, {\"listen\":…,\"admin\":…,\"metrics\":…}, once "
                  "the server listens")
      ->type_name("FILE");
}

}  // namespace oasis
