#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

TEST(RpcTest, KeepsEveryStatusCodeByName) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  const grpc::Status invalid = ToGrpcStatus(absl::InvalidArgumentError("surface is empty"));
  EXPECT_EQ(invalid.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(invalid.error_message(), "surface is empty");
  EXPECT_EQ(ToGrpcStatus(absl::CancelledError("")).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(ToGrpcStatus(absl::NotFoundError("")).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ToGrpcStatus(absl::AlreadyExistsError("")).error_code(),
            grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ToGrpcStatus(absl::ResourceExhaustedError("")).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ToGrpcStatus(absl::FailedPreconditionError("")).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ToGrpcStatus(absl::UnavailableError("")).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ToGrpcStatus(absl::DataLossError("")).error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(ToGrpcStatus(absl::UnauthenticatedError("")).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST(RpcTest, BringsTimesThereAndBack) {
  for (const absl::Time time : {absl::UnixEpoch(), absl::FromUnixNanos(1'700'000'000'123'456'789),
                                absl::UnixEpoch() - absl::Milliseconds(1)}) {
    google::protobuf::Timestamp timestamp;
    SetTimestamp(time, &timestamp);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_EQ(GetTime(timestamp), time);
  }
}

TEST(RpcTest, ClampsTimesThatATimestampCannotHold) {
  google::protobuf::Timestamp timestamp;
  SetTimestamp(absl::InfinitePast(), &timestamp);
  EXPECT_EQ(absl::ToCivilSecond(GetTime(timestamp), absl::UTCTimeZone()), absl::CivilSecond(1));
  SetTimestamp(absl::InfiniteFuture(), &timestamp);
  EXPECT_EQ(absl::FormatTime(absl::RFC3339_sec, GetTime(timestamp), absl::UTCTimeZone()),
            "9999-12-31T23:59:59+00:00");
}

TEST(RpcTest, BringsDurationsThereAndBack) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Milliseconds(1500), absl::Milliseconds(-1500)}) {
    google::protobuf::Duration proto;
    SetDuration(duration, &proto);
    EXPECT_EQ(GetDuration(proto), duration);
  }
  google::protobuf::Duration proto;
  SetDuration(absl::InfiniteDuration(), &proto);
  EXPECT_EQ(proto.seconds(), 315'576'000'000);
}

}  // namespace
}  // namespace oasis
