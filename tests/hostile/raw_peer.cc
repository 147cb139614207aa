#include "hostile/raw_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace oasis::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// HPACK's integers (RFC 7541, 5.1), here of the 7 bits of a string's length.
std::string Length(size_t length) {
  if (length < 127) return std::string(1, static_cast<char>(length));
  std::string bytes(1, 127);
  for (length -= 127; length >= 128; length /= 128) {
    bytes += static_cast<char>(length % 128 + 128);
  }
  return bytes + static_cast<char>(length);
}

bool WaitFor(int fd, short events, milliseconds patience) {
  pollfd ready = {fd, events, 0};
  return poll(&ready, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

std::string BigEndian(uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

std::string FrameOfLength(uint32_t length, Http2Frame type, uint8_t flags, uint32_t stream,
                          std::string_view payload) {
  std::string frame = BigEndian(length).substr(1);
  frame += static_cast<char>(type);
  frame += static_cast<char>(flags);
  return frame + BigEndian(stream) + std::string(payload);
}

std::string Frame(Http2Frame type, uint8_t flags, uint32_t stream, std::string_view payload) {
  return FrameOfLength(static_cast<uint32_t>(payload.size()), type, flags, stream, payload);
}

std::string Preface() { return std::string(kPreface) + Frame(Http2Frame::kSettings, 0, 0); }

std::string HeaderBlock(const Headers& headers) {
  std::string block;
  for (const auto& [name, value] : headers) {
    block += '\0';
    block.append(Length(name.size())).append(name);
    block.append(Length(value.size())).append(value);
  }
  return block;
}

Headers CallHeaders(const std::string& path) {
  return {{":method", "POST"},
          {":scheme", "http"},
          {":path", path},
          {":authority", "localhost"},
          {"content-type", "application/grpc"},
          {"te", "trailers"}};
}

std::string GrpcMessage(std::string_view message, uint32_t length, bool compressed) {
  return std::string(1, compressed ? 1 : 0) + BigEndian(length) + std::string(message);
}

RawPeer::RawPeer(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return;
  close(std::exchange(fd_, -1));
}

RawPeer::~RawPeer() {
  if (fd_ >= 0) close(fd_);
}

bool RawPeer::Send(std::string_view bytes, milliseconds patience) {
  while (!bytes.empty()) {
    if (!WaitFor(fd_, POLLOUT, patience)) return false;
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string RawPeer::Receive(milliseconds patience) {
  std::string received;
  std::array<char, 16384> buffer;
  while (WaitFor(fd_, POLLIN, patience)) {
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    received.append(buffer.data(), static_cast<size_t>(got));
  }
  return received;
}

bool RawPeer::WaitClosed(milliseconds patience) {
  std::array<char, 16384> buffer;
  const auto until = steady_clock::now() + patience;
  for (auto now = steady_clock::now(); now < until; now = steady_clock::now()) {
    if (!WaitFor(fd_, POLLIN, std::chrono::duration_cast<milliseconds>(until - now))) continue;
    if (recv(fd_, buffer.data(), buffer.size(), 0) <= 0) return true;
  }
  return false;
}

}  // namespace oasis::testing
