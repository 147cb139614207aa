// A peer that speaks to a server by its own bytes: HTTP/2 frames (RFC 9113) or whatever it likes.
#ifndef OASIS_TESTS_HOSTILE_RAW_PEER_H_
#define OASIS_TESTS_HOSTILE_RAW_PEER_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oasis::testing {

// HTTP/2 by hand.
enum class Http2Frame : uint8_t {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
  kWindowUpdate = 8,
  kContinuation = 9,
};
inline constexpr uint8_t kEndStream = 0x1;
inline constexpr uint8_t kEndHeaders = 0x4;
inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string Frame(Http2Frame type, uint8_t flags, uint32_t stream, std::string_view payload = "");
// With a length that need not be the payload's.
std::string FrameOfLength(uint32_t length, Http2Frame type, uint8_t flags, uint32_t stream,
                          std::string_view payload);
std::string Preface();  // with empty settings

// A header block without compression (RFC 7541, literal fields that are not indexed).
using Headers = std::vector<std::pair<std::string, std::string>>;
std::string HeaderBlock(const Headers& headers);
// Those of a gRPC call of this path, "/oasis.v1.PromotionScores/GetPromotionScores".
Headers CallHeaders(const std::string& path);

// A message as gRPC frames it, with a length that need not be the message's.
std::string GrpcMessage(std::string_view message, uint32_t length, bool compressed = false);
std::string BigEndian(uint32_t number);

// A TCP connection to 127.0.0.1. It may be moved, and closes when it goes.
class RawPeer {
 public:
  explicit RawPeer(int port);
  ~RawPeer();
  RawPeer(RawPeer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawPeer& operator=(RawPeer&&) = delete;

  bool connected() const { return fd_ >= 0; }

  // False as soon as the other side has closed, or took nothing for `patience`.
  bool Send(std::string_view bytes,
            std::chrono::milliseconds patience = std::chrono::milliseconds(500));

  // What comes until the other side closes, or sends nothing for `patience`.
  std::string Receive(std::chrono::milliseconds patience = std::chrono::milliseconds(500));

  // Whether the other side closes within `patience`; what it sends before is dropped.
  bool WaitClosed(std::chrono::milliseconds patience);

 private:
  int fd_ = -1;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_HOSTILE_RAW_PEER_H_
