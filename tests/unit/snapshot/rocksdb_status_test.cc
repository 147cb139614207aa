#include "snapshot/rocksdb_status.h"

#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(RocksDbStatusTest, KeepsOk) {
  EXPECT_THAT(FromRocksDb(rocksdb::Status::OK(), "db"), IsOk());
  EXPECT_THAT(ReadError(rocksdb::Status::OK(), "db"), IsOk());
}

TEST(RocksDbStatusTest, GivesEachErrorTheCodeThatFits) {
  using Code = absl::StatusCode;
  using rocksdb::Status;
  const std::pair<Status, Code> errors[] = {
      {Status::NotFound("x"), Code::kNotFound},
      {Status::PathNotFound("x"), Code::kNotFound},
      {Status::Corruption("x"), Code::kDataLoss},
      {Status::NotSupported("x"), Code::kUnimplemented},
      {Status::InvalidArgument("x"), Code::kInvalidArgument},
      {Status::IOError("x"), Code::kUnavailable},
      {Status::NoSpace(), Code::kResourceExhausted},
      {Status::Busy(), Code::kUnavailable},
      {Status::TimedOut(), Code::kUnavailable},
      {Status::TryAgain(), Code::kUnavailable},
      {Status::Aborted(), Code::kAborted},
      {Status::ShutdownInProgress(), Code::kInternal},
  };
  for (const auto& [error, code] : errors) {
    EXPECT_THAT(FromRocksDb(error, "state/"), StatusIs(code, StartsWith("state/: ")))
        << error.ToString();
  }
}

TEST(RocksDbStatusTest, MakesEveryReadErrorDataLossWithItsText) {
  EXPECT_THAT(ReadError(rocksdb::Status::IOError("short read"), "a.sst"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("a.sst: IO error: short read")));
}

}  // namespace
}  // namespace oasis::testing
