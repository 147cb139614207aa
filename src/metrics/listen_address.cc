#include "metrics/listen_address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "oasis/status.h"

namespace oasis {
namespace {

absl::Status Malformed(absl::string_view address) {
  return absl::InvalidArgumentError(
      absl::StrCat("listen address '", address,
                   "': must be host:port with a port of 0 to 65535, such as 127.0.0.1:50051, "
                   "0.0.0.0:50051 (all interfaces) or [::1]:50051"));
}

absl::Status CannotListen(absl::string_view address, int error) {
  absl::string_view remedy = "choose another address";
  if (error == EADDRINUSE) {
    remedy = "stop the process that has it (`ss -ltnp` names it) or choose another port";
  } else if (error == EADDRNOTAVAIL) {
    remedy = "no interface of this machine has it; 0.0.0.0 means all of them";
  } else if (error == EACCES) {
    remedy = "ports below 1024 need privileges; choose a higher one";
  }
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", address, ": ", strerror(error), "; ", remedy));
}

int TryListen(const addrinfo& info) {
  const int fd = socket(info.ai_family, info.ai_socktype | SOCK_CLOEXEC, info.ai_protocol);
  if (fd < 0) return errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));  // as the servers themselves do
  int error = 0;
  if (bind(fd, info.ai_addr, info.ai_addrlen) != 0 || listen(fd, 1) != 0) error = errno;
  close(fd);
  return error;
}

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

// All that `address` means; at least one.
absl::StatusOr<Addresses> Resolve(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) return Malformed(address);
  absl::string_view host = address.substr(0, colon);
  const absl::string_view port = address.substr(colon + 1);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != absl::string_view::npos) return Malformed(address);
  int number = 0;
  if (!absl::SimpleAtoi(port, &number) || number < 0 || number > 65535) return Malformed(address);

  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(std::string(host).c_str(), std::string(port).c_str(), &hints, &found);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": host '", host, "': ", gai_strerror(error)));
  }
  return Addresses(found, freeaddrinfo);
}

bool IsLoopback(const addrinfo& info) {
  if (info.ai_family == AF_INET6) {
    return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(info.ai_addr)->sin6_addr);
  }
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(info.ai_addr);
  return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

}  // namespace

absl::StatusOr<std::string> CheckListenAddress(absl::string_view address) {
  OASIS_ASSIGN_OR_RETURN(const Addresses found, Resolve(address));
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  const int unnamed = getnameinfo(found->ai_addr, found->ai_addrlen, host, sizeof(host), port,
                                  sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
  if (unnamed != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", gai_strerror(unnamed)));
  }
  if (const int failed = TryListen(*found); failed != 0) return CannotListen(address, failed);
  return found->ai_family == AF_INET6 ? absl::StrCat("[", host, "]:", port)
                                      : absl::StrCat(host, ":", port);
}

absl::StatusOr<bool> IsLoopback(absl::string_view address) {
  OASIS_ASSIGN_OR_RETURN(const Addresses found, Resolve(address));
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    if (!IsLoopback(*one)) return false;
  }
  return true;
}

}  // namespace oasis
