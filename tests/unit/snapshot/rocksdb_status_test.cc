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

TEST(RocksDbStatusTest, CallsDataLostThatIsDamagedOrMissing) {
  for (const rocksdb::Status& lost :
       {rocksdb::Status::Corruption("short file"), rocksdb::Status::NotFound("no CURRENT"),
        rocksdb::Status::PathNotFound("no file")}) {
    EXPECT_THAT(ReadError(lost, "a.sst"),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("a.sst: " + lost.ToString())));
  }
}

TEST(RocksDbStatusTest, CallsNoDataLostThatCannotBeReadNow) {
  EXPECT_THAT(ReadError(rocksdb::Status::IOError("Too many open files"), "a.sst"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("Too many open files")));
  EXPECT_THAT(ReadError(rocksdb::Status::NoSpace(), "a.sst"),
              StatusIs(absl::StatusCode::kResourceExhausted, StartsWith("a.sst: ")));
}

}  // namespace
}  // namespace oasis::testing
