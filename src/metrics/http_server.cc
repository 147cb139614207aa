#include "metrics/http_server.h"

#include <civetweb.h>

#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "metrics/gzip.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr char kPlainText[] = "text/plain; charset=utf-8";

// Styles and small pictures lie within the pages.
constexpr char kEveryAnswer[] =
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n";

struct Reply {
  int status = 200;
  const char* reason = "OK";
  std::string content_type = kPlainText;
  std::string more_headers = {};
  std::string body = {};
};

// Sends it, without its body to a HEAD; returns the bytes of the body as they are sent.
size_t Send(mg_connection* connection, absl::string_view method, Reply reply) {
  const char* const accepted = mg_get_header(connection, "Accept-Encoding");
  if (accepted != nullptr && absl::StrContains(accepted, "gzip") &&
      reply.body.size() >= kMinGzipBytes) {
    if (auto compressed = Gzip(reply.body); compressed.has_value()) {
      reply.body = *std::move(compressed);
      reply.more_headers += "Content-Encoding: gzip\r\n";
    }
  }
  const std::string head = absl::StrCat(
      "HTTP/1.1 ", reply.status, " ", reply.reason, "\r\nContent-Type: ", reply.content_type,
      "\r\nContent-Length: ", reply.body.size(), "\r\nVary: Accept-Encoding\r\n", kEveryAnswer,
      reply.more_headers, "\r\n");
  mg_write(connection, head.data(), head.size());
  if (method != "HEAD") mg_write(connection, reply.body.data(), reply.body.size());
  return reply.body.size();
}

Reply NotFound(const HttpServer::Paths& paths) {
  Reply reply = {.status = 404, .reason = "Not Found"};
  reply.body = "There is no such page here. There are:\n";
  for (const auto& [path, page] : paths) absl::StrAppend(&reply.body, "  ", path, "\n");
  return reply;
}

Reply NotAllowed() {
  return {.status = 405,
          .reason = "Method Not Allowed",
          .more_headers = "Allow: GET, HEAD\r\n",
          .body = "Pages can only be read here: GET or HEAD.\n"};
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                              Paths paths) {
  if (absl::StartsWith(address, "[") && mg_check_feature(MG_FEATURES_IPV6) == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on ", address,
                     ": this civetweb library is built without IPv6, as Debian's is; give an "
                     "address of IPv4, such as 127.0.0.1:9464 or 0.0.0.0:9464"));
  }
  const std::string threads = absl::StrCat(kMetricsServerThreads);
  const std::string patience = absl::StrCat(1000 * kMetricsServerPatienceSeconds);
  const char* options[] = {"listening_ports",    address.c_str(),  "num_threads", threads.c_str(),
                           "request_timeout_ms", patience.c_str(), nullptr};
  mg_callbacks callbacks{};
  callbacks.begin_request = &BeginRequest;
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(paths)));
  server->context_ = mg_start(&callbacks, server.get(), options);
  if (server->context_ == nullptr) {  // the port went in the meantime
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address));
  }
  return server;
}

HttpServer::~HttpServer() {
  if (context_ != nullptr) mg_stop(context_);
}

int HttpServer::port() const {
  mg_server_port port{};
  mg_get_server_ports(context_, 1, &port);
  return port.port;
}

// Called by C: nothing may be thrown.
int HttpServer::BeginRequest(mg_connection* connection) {
  const auto* server = static_cast<const HttpServer*>(mg_get_user_data(mg_get_context(connection)));
  try {
    return server->Answer(connection);
  } catch (const std::exception&) {  // no memory
    mg_printf(connection, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    return 500;
  }
}

int HttpServer::Answer(mg_connection* connection) const {
  const absl::Time began = absl::Now();
  const mg_request_info& request = *mg_get_request_info(connection);
  const absl::string_view method = request.request_method;
  if (method != "GET" && method != "HEAD") {
    Send(connection, method, NotAllowed());
    return 405;
  }
  const auto page = paths_.find(request.local_uri == nullptr ? "" : request.local_uri);
  if (page == paths_.end()) {
    Send(connection, method, NotFound(paths_));
    return 404;
  }
  const size_t bytes = Send(
      connection, method, {.content_type = page->second.content_type, .body = page->second.body()});
  if (method == "GET") page->second.sent(bytes, absl::Now() - began);
  return 200;
}

}  // namespace oasis
