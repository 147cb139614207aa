// A small web server: some paths, each with an answer that is made when it is asked for.
#ifndef OASIS_METRICS_HTTP_SERVER_H_
#define OASIS_METRICS_HTTP_SERVER_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct mg_connection;
struct mg_context;

namespace oasis {

// GET and HEAD only; a path that is not there is told which ones are. Answers are compressed for
// those who take that, kept by nobody, and may load nothing: no scripts, no pictures, no fonts. The
// only place for civetweb.
class HttpServer {
 public:
  // What is called by several threads at once.
  struct Page {
    std::string content_type;
    std::function<std::string()> body;
    // Told of every GET: the bytes of the body as they were sent, and how long it took to make and
    // send them.
    std::function<void(size_t bytes, absl::Duration took)> sent = [](size_t, absl::Duration) {};
  };
  using Paths = std::map<std::string, Page, std::less<>>;

  // `address` as CheckListenAddress returns it. Unavailable when it cannot be had after all,
  // InvalidArgument for one of IPv6 where civetweb has none.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& address, Paths paths);
  ~HttpServer();  // when the answers under way have been given
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;

 private:
  explicit HttpServer(Paths paths) : paths_(std::move(paths)) {}
  static int BeginRequest(mg_connection* connection);
  int Answer(mg_connection* connection) const;  // returns the HTTP status

  const Paths paths_;
  mg_context* context_ = nullptr;  // null until it has started
};

}  // namespace oasis

#endif  // OASIS_METRICS_HTTP_SERVER_H_
