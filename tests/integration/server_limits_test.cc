// The limits of the serving port, as clients meet them.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <string>

#include "support/server_fixture.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;

// What a server says of itself in the first frame of a connection (RFC 9113, 6.5).
std::map<int, uint32_t> Http2SettingsOf(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string hello("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", 33);
  std::array<uint8_t, 9> head{};
  std::array<uint8_t, 256> body{};  // its length is one byte
  std::map<int, uint32_t> settings;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(fd, hello.data(), hello.size(), MSG_NOSIGNAL) > 0 &&
      recv(fd, head.data(), head.size(), MSG_WAITALL) == 9 &&
      recv(fd, body.data(), head[2], MSG_WAITALL) == head[2]) {
    for (size_t at = 0; at + 6 <= head[2]; at += 6) {
      uint32_t value = 0;
      for (size_t i = 2; i < 6; ++i) value = value << 8 | body[at + i];
      settings[body[at] << 8 | body[at + 1]] = value;
    }
  }
  close(fd);
  return settings;
}

// An idle server whose limits a single request can pass.
class TightServerTest : public ServerFixture {
 protected:
  TightServerTest() {
    options_.max_items_per_request = 8;
    options_.max_inflight_items = 8;
    PublishConstant(0.5F);
    StartServer();
  }
};

TEST_F(TightServerTest, ARequestTooLargeEvenForAdmissionIsToldSo) {
  request_.set_item_gids(std::string(200'000 * kGidBytes, 'x'));
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT,
                               HasSubstr("item_gids has 200000 items: at most 8")));
  request_.clear_item_gids();
  for (int i = 0; i < 300'000; ++i) request_.add_item_uris("a:b");
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::INVALID_ARGUMENT,
                               HasSubstr("item_uris has 300000 items: at most 8")));
}

TEST_F(TightServerTest, RefusesMetadataBeyondItsLimitAndServesOthers) {
  grpc::ClientContext context;
  context.AddMetadata("x-large", std::string(2 * kMaxMetadataBytes, 'x'));
  EXPECT_EQ(stub_->GetPromotionScores(&context, request_, &response_).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  // Sent before the server told its limit, it cost the connection; other ones stay.
  stub_ = v1::PromotionScores::NewStub(Connect(server_->port()));
  EXPECT_THAT(GetError(), Pair(grpc::StatusCode::OK, ""));
}

TEST_F(TightServerTest, RefusesAMessageBeyondItsLimit) {
  request_.set_item_gids(std::string(kMaxReceiveMessageBytes, 'x'));
  EXPECT_EQ(Get().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  request_.set_item_gids(Gids({TrackKey(1, 0)}));
  EXPECT_TRUE(Get().ok());
}

TEST_F(TightServerTest, TellsItsLimitsOfStreamsAndMetadata) {
  constexpr int kMaxConcurrentStreams = 3;
  constexpr int kMaxHeaderListSize = 6;
  const std::map<int, uint32_t> settings = Http2SettingsOf(server_->port());
  EXPECT_THAT(settings, ::testing::Contains(Pair(kMaxConcurrentStreams,
                                                 uint32_t{kMaxConcurrentStreamsPerConnection})));
  EXPECT_THAT(settings, ::testing::Contains(Pair(kMaxHeaderListSize, uint32_t{kMaxMetadataBytes})));
}

}  // namespace
}  // namespace oasis::testing
