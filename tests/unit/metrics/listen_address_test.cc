#include "metrics/listen_address.h"

#include "absl/strings/str_cat.h"
#include "oasis/metrics.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

TEST(ListenAddressTest, ReturnsTheHostAsANumber) {
  OASIS_ASSERT_OK_AND_ASSIGN(const std::string address, CheckListenAddress("127.0.0.1:0"));
  EXPECT_EQ(address, "127.0.0.1:0");
  OASIS_ASSERT_OK_AND_ASSIGN(const std::string all, CheckListenAddress("0.0.0.0:0"));
  EXPECT_EQ(all, "0.0.0.0:0");
  EXPECT_THAT(CheckListenAddress("localhost:0"), IsOk());
}

TEST(ListenAddressTest, RefusesMalformedAddresses) {
  for (const char* address : {"", "50051", ":50051", "localhost", "localhost:", "localhost:x",
                              "localhost:70000", "localhost:-1", "::1:50051"}) {
    EXPECT_THAT(CheckListenAddress(address),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(absl::StrCat("'", address, "': must be host:port"))))
        << address;
  }
}

TEST(ListenAddressTest, SaysThatAnAddressIsInUse) {
  const Metrics metrics;
  OASIS_ASSERT_OK_AND_ASSIGN(const auto server, MetricsServer::Start("127.0.0.1:0", metrics));
  EXPECT_THAT(CheckListenAddress(absl::StrCat("127.0.0.1:", server->port())),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("choose another port")));
}

TEST(ListenAddressTest, SaysThatAnAddressIsNotOfThisMachine) {
  EXPECT_THAT(CheckListenAddress("192.0.2.1:0"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no interface of this machine")));
}

TEST(ListenAddressTest, SaysThatAHostIsUnknown) {
  EXPECT_THAT(CheckListenAddress("no-such-host.invalid:0"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no-such-host.invalid")));
}

TEST(ListenAddressTest, TellsWhetherOnlyThisMachineCanCall) {
  for (const char* address : {"127.0.0.1:0", "127.8.9.10:50052", "[::1]:0", "localhost:50052"}) {
    OASIS_ASSERT_OK_AND_ASSIGN(const bool loopback, IsLoopback(address));
    EXPECT_TRUE(loopback) << address;
  }
  for (const char* address : {"0.0.0.0:0", "[::]:50052", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"}) {
    OASIS_ASSERT_OK_AND_ASSIGN(const bool loopback, IsLoopback(address));
    EXPECT_FALSE(loopback) << address;
  }
  EXPECT_THAT(IsLoopback("127.0.0.1"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("host:port")));
}

}  // namespace
}  // namespace oasis
