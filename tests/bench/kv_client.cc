// A thin client of redis and memcached, for comparison: it sets a four-byte value under every id of
// a file, then asks for batches of random ones as fast as the server answers. The bytes of every
// answer are known beforehand, so it only counts them.
//
//   kv_client redis|memcached PORT IDS_FILE BATCH CONNECTIONS SECONDS
//
// prints a line "filled", then {"calls":…,"seconds":…} for every line on stdin.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPrepared = 512;  // different requests, sent in turn
constexpr size_t kKeyBytes = 36;   // spotify:track: and 22 digits
constexpr absl::string_view kValue = "0.25";

[[noreturn]] void Die(const std::string& what) {
  std::perror(what.c_str());
  std::exit(1);
}

class Protocol {
 public:
  explicit Protocol(bool redis) : redis_(redis) {}

  std::string Set(const std::string& key) const {
    if (redis_)
      return absl::StrCat("*3\r\n$3\r\nSET\r\n$36\r\n", key, "\r\n$4\r\n", kValue, "\r\n");
    return absl::StrCat("set ", key, " 0 0 4\r\n", kValue, "\r\n");
  }
  size_t SetReplyBytes() const {
    return absl::string_view(redis_ ? "+OK\r\n" : "STORED\r\n").size();
  }
  std::string Get(const std::vector<std::string>& keys) const {
    std::string request = redis_ ? absl::StrCat("*", keys.size() + 1, "\r\n$4\r\nMGET\r\n") : "get";
    for (const std::string& key : keys) {
      redis_ ? absl::StrAppend(&request, "$36\r\n", key, "\r\n")
             : absl::StrAppend(&request, " ", key);
    }
    return redis_ ? request : request + "\r\n";
  }
  size_t GetReplyBytes(size_t keys) const {
    if (redis_) return absl::StrCat("*", keys, "\r\n").size() + keys * (4 + kValue.size() + 2);
    return keys * (6 + kKeyBytes + 6 + kValue.size() + 2) + 5;  // VALUE key 0 4 … END
  }

 private:
  bool redis_;
};

class Connection {
 public:
  explicit Connection(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) Die("connect");
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  int fd() const { return fd_; }

  void Send(absl::string_view bytes, size_t reply_bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) Die("send");
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    missing_ += reply_bytes;
  }
  // Reads what is there; true when the reply is whole.
  bool Receive() {
    static char buffer[1 << 18];
    const ssize_t got = recv(fd_, buffer, sizeof(buffer), 0);
    if (got <= 0 || static_cast<size_t>(got) > missing_) Die("an answer other than expected");
    missing_ -= static_cast<size_t>(got);
    return missing_ == 0;
  }

 private:
  int fd_;
  size_t missing_ = 0;
};

std::vector<std::string> ReadIds(const char* path) {
  std::vector<std::string> ids;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    line.resize(std::min(line.find(','), line.size()));
    if (line.size() == kKeyBytes) ids.push_back(line);
  }
  if (ids.empty()) Die(absl::StrCat("no ids in ", path));
  return ids;
}

void Fill(const Protocol& protocol, int port, const std::vector<std::string>& ids) {
  constexpr size_t kAtOnce = 1000;
  Connection connection(port);
  for (size_t i = 0; i < ids.size(); i += kAtOnce) {
    std::string batch;
    const size_t end = std::min(i + kAtOnce, ids.size());
    for (size_t k = i; k < end; ++k) batch += protocol.Set(ids[k]);
    connection.Send(batch, (end - i) * protocol.SetReplyBytes());
    while (!connection.Receive()) {
    }
  }
}

// Closed loop, one request under way on each connection.
void Ask(int port, int connections, const std::vector<std::string>& requests, size_t reply_bytes,
         int seconds) {
  std::vector<Connection> open;
  std::vector<pollfd> polls;
  size_t next = 0;
  int64_t calls = 0;
  for (int i = 0; i < connections; ++i) {
    polls.push_back({open.emplace_back(port).fd(), POLLIN, 0});
    open.back().Send(requests[next++ % kPrepared], reply_bytes);
  }
  const Clock::time_point start = Clock::now();
  const Clock::time_point end = start + std::chrono::seconds(seconds);
  Clock::time_point now = start;
  while (now < end) {
    if (poll(polls.data(), polls.size(), 1000) < 0) Die("poll");
    for (size_t i = 0; i < polls.size(); ++i) {
      if (polls[i].revents == 0 || !open[i].Receive()) continue;
      ++calls;
      open[i].Send(requests[next++ % kPrepared], reply_bytes);
    }
    now = Clock::now();
  }
  std::printf("{\"calls\":%ld,\"seconds\":%.6f}\n", static_cast<long>(calls),
              std::chrono::duration<double>(now - start).count());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int port = 0, batch = 0, connections = 0, seconds = 0;
  if (argc != 7 || !absl::SimpleAtoi(argv[2], &port) || !absl::SimpleAtoi(argv[4], &batch) ||
      !absl::SimpleAtoi(argv[5], &connections) || !absl::SimpleAtoi(argv[6], &seconds)) {
    std::fputs("kv_client redis|memcached PORT IDS_FILE BATCH CONNECTIONS SECONDS\n", stderr);
    return 2;
  }
  const Protocol protocol(absl::string_view(argv[1]) == "redis");
  const std::vector<std::string> ids = ReadIds(argv[3]);
  Fill(protocol, port, ids);
  std::mt19937_64 random(1);
  std::vector<std::string> requests;
  std::vector<std::string> keys(static_cast<size_t>(batch));
  for (size_t i = 0; i < kPrepared; ++i) {
    for (std::string& key : keys) key = ids[random() % ids.size()];
    requests.push_back(protocol.Get(keys));
  }
  std::puts("filled");
  std::fflush(stdout);
  for (std::string go; std::getline(std::cin, go);) {
    Ask(port, connections, requests, protocol.GetReplyBytes(keys.size()), seconds);
  }
}
