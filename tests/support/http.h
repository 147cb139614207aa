// Requests to a metrics server.
#ifndef OASIS_TESTS_SUPPORT_HTTP_H_
#define OASIS_TESTS_SUPPORT_HTTP_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>

namespace oasis::testing {

// Sends `method` for `path`, with more header lines if any (each with "\r\n"). The whole answer of
// 127.0.0.1:`port`, headers included; empty when nobody listens.
inline std::string HttpAsk(int port, const std::string& method, const std::string& path,
                           const std::string& headers = "") {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request =
        method + " " + path + " HTTP/1.0\r\nHost: localhost\r\n" + headers + "\r\n";
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
      char buffer[4096];
      for (ssize_t got; (got = recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
        answer.append(buffer, static_cast<size_t>(got));
      }
    }
  }
  close(fd);
  return answer;
}

inline std::string HttpGet(int port, const std::string& path) { return HttpAsk(port, "GET", path); }

// What comes after the headers.
inline std::string BodyOf(const std::string& answer) {
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_HTTP_H_
