// Peers that speak HTTP/2 well and gRPC badly.
#include <zlib.h>

#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hostile/hostile_fixture.h"
#include "oasis/limits.h"

namespace oasis::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::Gt;
using ::testing::Optional;

// Codes of gRPC.
constexpr int kUnknown = 2;
constexpr int kUnimplemented = 12;
constexpr int kInternal = 13;

// The gRPC status of an answer; nothing when there is none in it. gRPC writes it as a literal: the
// name, a byte with the number of digits, the digits.
std::optional<int> StatusOf(const std::string& answer) {
  const std::string name = "grpc-status";
  const size_t at = answer.find(name);
  if (at == std::string::npos || at + name.size() >= answer.size()) return std::nullopt;
  const auto digits = static_cast<size_t>(answer[at + name.size()]);
  int status = 0;
  if (!absl::SimpleAtoi(answer.substr(at + name.size() + 1, digits), &status)) return std::nullopt;
  return status;
}

class HostileMessageTest : public HostileTest {
 protected:
  // What a call of these headers with these bytes is answered.
  std::string Ask(const Headers& headers, const std::string& bytes) {
    RawPeer peer = ConnectHttp2();
    EXPECT_TRUE(peer.Send(Frame(Http2Frame::kHeaders, kEndHeaders, 1, HeaderBlock(headers))));
    constexpr size_t kPiece = 16'384;
    for (size_t at = 0; at < bytes.size(); at += kPiece) {
      if (!peer.Send(Frame(Http2Frame::kData, 0, 1, bytes.substr(at, kPiece)))) break;
    }
    peer.Send(Frame(Http2Frame::kData, kEndStream, 1));
    return peer.Receive();
  }
};

TEST_F(HostileMessageTest, AMessageThatDeclaresGigabytesIsRefusedBeforeItComes) {
  for (const uint32_t length : {0xFFFF'FFFFU, 0x7FFF'FFFFU, kMaxReceiveMessageBytes + 1U}) {
    const std::string answer = Ask(CallHeaders(kGetPath), GrpcMessage("x", length));
    EXPECT_THAT(StatusOf(answer), Optional(kInternal)) << length;
  }
}

TEST_F(HostileMessageTest, AMessageThatIsNoneIsRefused) {
  std::string deep;  // a message in a message in a message
  for (int i = 0; i < 60; ++i) deep = absl::StrCat("\x1a", std::string(1, deep.size() & 127), deep);
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        std::string("\x1a\xff\xff\x7f"), std::string("\x22\x05\xff\xfe\xfd\xfc\xfb"),
        std::string(100, '\0'), std::string("\x2a\x0f", 2), deep}) {
    const std::string answer =
        Ask(CallHeaders(kGetPath), GrpcMessage(bytes, static_cast<uint32_t>(bytes.size())));
    EXPECT_THAT(StatusOf(answer), Optional(Gt(0)));
  }
}

TEST_F(HostileMessageTest, WrongMethodsPathsAndTypesAreRefused) {
  for (const char* path : {"/oasis.v1.PromotionScores/Nothing", "/", "", "/a/b/c/d",
                           "/oasis.v1.SnapshotAdmin/LoadSnapshot", "no/slash"}) {
    EXPECT_THAT(StatusOf(Ask(CallHeaders(path), GrpcMessage("", 0))), Optional(kUnimplemented))
        << path;
  }
  Headers get = CallHeaders(kGetPath);
  get[0].second = "GET";
  EXPECT_THAT(StatusOf(Ask(get, "")), Optional(kUnknown));
  Headers text = CallHeaders(kGetPath);
  text[4].second = "text/html";
  EXPECT_THAT(StatusOf(Ask(text, "<html>")), Optional(Gt(0)));
  Headers twice = CallHeaders(kGetPath);
  twice.insert(twice.end(), twice.begin(), twice.end());
  EXPECT_THAT(StatusOf(Ask(twice, GrpcMessage("", 0))), Optional(Gt(0)));
  EXPECT_THAT(StatusOf(Ask({}, GrpcMessage("", 0))), Optional(kUnknown));
}

// Zeros, of which gzip makes a thousandth.
std::string Bomb() {
  const std::string zeros(1 << 20, '\0');
  std::string packed(1 << 20, '\0');
  z_stream stream = {};
  constexpr int kGzip = 16;
  EXPECT_EQ(
      deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzip, 9, Z_DEFAULT_STRATEGY),
      Z_OK);
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  constexpr int kMebibytes = 3 * HostileTest::kBoundedBytes >> 20;
  for (int i = 1; i <= kMebibytes; ++i) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
    stream.avail_in = static_cast<uInt>(zeros.size());
    EXPECT_GE(deflate(&stream, i == kMebibytes ? Z_FINISH : Z_NO_FLUSH), Z_OK);
  }
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST_F(HostileMessageTest, CompressedMessagesAreRefusedUnread) {  // decision 0019
  const std::string bomb = Bomb();
  ASSERT_LT(bomb.size(), size_t{kMaxReceiveMessageBytes});
  for (const char* encoding : {"gzip", "deflate", "identity", "unheard-of"}) {
    Headers headers = CallHeaders(kGetPath);
    headers.emplace_back("grpc-encoding", encoding);
    const std::string answer =
        Ask(headers, GrpcMessage(bomb, static_cast<uint32_t>(bomb.size()), /*compressed=*/true));
    EXPECT_THAT(StatusOf(answer), Optional(Gt(0))) << encoding;
  }
}

TEST_F(HostileMessageTest, CallsThatNeverEndCostSomeKilobytesEach) {
  constexpr int kPeers = 20;
  constexpr int64_t kStreamBytes = 24 * 1024;
  allowed_ += kPeers * kMaxConcurrentStreamsPerConnection * kStreamBytes;
  std::vector<RawPeer> peers;
  for (int i = 0; i < kPeers; ++i) {
    peers.push_back(ConnectHttp2());
    for (uint32_t stream = 1; stream < 2 * kMaxConcurrentStreamsPerConnection; stream += 2) {
      if (!peers.back().Send(Frame(Http2Frame::kHeaders, kEndHeaders, stream,
                                   HeaderBlock(CallHeaders(kGetPath))))) {
        break;
      }
    }
  }
  ExpectServes();
}

}  // namespace
}  // namespace oasis::testing
