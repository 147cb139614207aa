#include "admin/server_admin.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "admin/caller.h"
#include "oasis/status.h"
#include "rpc/status.h"

namespace oasis {
namespace {

// "debug"
std::string Word(v1::LogLevel level) {
  return absl::AsciiStrToLower(absl::StripPrefix(v1::LogLevel_Name(level), "LOG_LEVEL_"));
}

absl::Status CheckLevel(const v1::SetLogLevelRequest& request) {
  if (request.level() != v1::LOG_LEVEL_UNSPECIFIED && v1::LogLevel_IsValid(request.level())) {
    return ValidateReason(request.reason());
  }
  return absl::InvalidArgumentError(
      absl::StrCat("level is ", static_cast<int>(request.level()),
                   ": give LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING or "
                   "LOG_LEVEL_ERROR"));
}

}  // namespace

ServerAdminService::ServerAdminService(std::shared_ptr<Store> store, Options options)
    : store_(std::move(store)), options_(std::move(options)) {}

grpc::Status ServerAdminService::GetLogLevel(grpc::ServerContext* /*context*/,
                                             const v1::GetLogLevelRequest* /*request*/,
                                             v1::GetLogLevelResponse* response) {
  response->set_level(options_.log_level());
  return grpc::Status::OK;
}

grpc::Status ServerAdminService::SetLogLevel(grpc::ServerContext* context,
                                             const v1::SetLogLevelRequest* request,
                                             v1::SetLogLevelResponse* response) {
  const absl::Status valid = CheckLevel(*request);
  if (!valid.ok()) return ToGrpcStatus(valid);
  const Caller caller = CallerOf(*context, request->reason());
  const std::lock_guard lock(change_mutex_);
  const v1::LogLevel before = options_.log_level();
  options_.set_log_level(request->level());
  const absl::Status journaled =
      store_->Journal({.sequence = 0,
                       .time = options_.clock(),
                       .actor = caller.actor,
                       .action = "log-level",
                       .table = {},
                       .snapshot_id = "",
                       .outcome = before == request->level() ? "unchanged" : "ok",
                       .detail = absl::StrCat(Word(before), " -> ", Word(request->level()),
                                              caller.reason.empty() ? "" : "; ", caller.reason)});
  response->set_before(before);
  if (!journaled.ok()) {
    response->set_warning(
        absl::StrCat("done, but the journal could not be written: ", journaled.message()));
  }
  return grpc::Status::OK;
}

}  // namespace oasis
