#include "snapshot/rocksdb_status.h"

#include "absl/strings/str_cat.h"
#include "snapshot/remedies.h"

namespace oasis {
namespace {

absl::StatusCode CodeOf(const rocksdb::Status& status) {
  if (status.subcode() == rocksdb::Status::kNoSpace) return absl::StatusCode::kResourceExhausted;
  switch (status.code()) {
    case rocksdb::Status::kOk:
      return absl::StatusCode::kOk;
    case rocksdb::Status::kNotFound:
      return absl::StatusCode::kNotFound;
    case rocksdb::Status::kCorruption:
      return absl::StatusCode::kDataLoss;
    case rocksdb::Status::kNotSupported:
      return absl::StatusCode::kUnimplemented;
    case rocksdb::Status::kInvalidArgument:
      return absl::StatusCode::kInvalidArgument;
    case rocksdb::Status::kIOError:
      return status.IsPathNotFound() ? absl::StatusCode::kNotFound : absl::StatusCode::kUnavailable;
    case rocksdb::Status::kBusy:
    case rocksdb::Status::kTimedOut:
    case rocksdb::Status::kTryAgain:
      return absl::StatusCode::kUnavailable;
    case rocksdb::Status::kAborted:
      return absl::StatusCode::kAborted;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view place) {
  const bool full = status.subcode() == rocksdb::Status::kNoSpace;
  return absl::Status(CodeOf(status),
                      absl::StrCat(place, ": ", status.ToString(), full ? kFreeRoom : ""));
}

absl::Status ReadError(const rocksdb::Status& status, absl::string_view place) {
  if (!status.IsNotFound() && !status.IsPathNotFound()) return FromRocksDb(status, place);
  return absl::DataLossError(absl::StrCat(place, ": ", status.ToString()));
}

}  // namespace oasis
