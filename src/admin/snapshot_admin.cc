#include "admin/snapshot_admin.h"

#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "admin/caller.h"
#include "admin/load_stream.h"
#include "oasis/guardrails.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "rpc/peer_identity.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

TableName NameOf(const std::string& score_set, const std::string& variant) {
  return {score_set.empty() ? std::string(kDefaultScoreSet) : score_set,
          variant.empty() ? std::string(kControlVariant) : variant};
}

// What a request that changes a table names. Checked here, before any of it enters a label, the log
// or the journal.
struct Change {
  TableName table;
  std::string snapshot_id;
  Caller caller;
};

absl::Status ValidateTable(const TableName& table) {
  OASIS_RETURN_IF_ERROR(ValidateName("score_set", table.score_set));
  return ValidateName("variant", table.variant);
}

enum class SnapshotId { kRequired, kOptional };

template <typename Request>
absl::StatusOr<Change> ReadChange(const grpc::ServerContext& context, const Request& request,
                                  SnapshotId id) {
  OASIS_RETURN_IF_ERROR(ValidateReason(request.reason()));
  Change change;
  change.table = NameOf(request.score_set(), request.variant());
  OASIS_RETURN_IF_ERROR(ValidateTable(change.table));
  if constexpr (requires { request.snapshot_id(); }) {
    change.snapshot_id = request.snapshot_id();
  }
  if (id == SnapshotId::kRequired || !change.snapshot_id.empty()) {
    OASIS_RETURN_IF_ERROR(ValidateName("snapshot_id", change.snapshot_id));
  }
  change.caller = CallerOf(context, request.reason());
  return change;
}

// A table that a request leaves out is any; one that it names is held to the rules of names.
absl::StatusOr<std::optional<TableName>> ExpectedTable(const v1::LoadSnapshotRequest& request) {
  if (request.expect_score_set().empty() && request.expect_variant().empty()) {
    return std::optional<TableName>();
  }
  TableName expected = NameOf(request.expect_score_set(), request.expect_variant());
  OASIS_RETURN_IF_ERROR(ValidateName("expect_score_set", expected.score_set));
  OASIS_RETURN_IF_ERROR(ValidateName("expect_variant", expected.variant));
  return std::optional<TableName>(std::move(expected));
}

// What going past guardrails takes: a reason, and the role.
template <typename Request>
absl::Status CheckForce(const grpc::ServerContext& context, const Request& request,
                        AdminRoles* roles, absl::string_view call) {
  if (!request.force()) return absl::OkStatus();
  if (request.reason().empty()) {
    return absl::InvalidArgumentError(
        "force is set and reason is empty: say why, the journal keeps it");
  }
  if (roles == nullptr) return absl::OkStatus();
  return roles->Require(Role::kAdmin, PeerIdentityOf(*context.auth_context()), call);
}

// Absolute, so that messages and the journal say where the server really looked.
absl::StatusOr<std::filesystem::path> AbsolutePath(const std::string& directory) {
  if (directory.empty()) {
    return absl::InvalidArgumentError(
        "directory is empty: name the snapshot's directory, as the server sees it");
  }
  if (directory.size() > kMaxPathBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("directory: has ", directory.size(), " bytes, the limit is ", kMaxPathBytes));
  }
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(directory, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat("directory: ", error.message()));
  return absolute.lexically_normal();
}

}  // namespace

SnapshotAdminService::SnapshotAdminService(std::shared_ptr<Loader> loader,
                                           std::shared_ptr<LiveTables> tables, Options options)
    : loader_(std::move(loader)), tables_(std::move(tables)), options_(std::move(options)) {}

grpc::Status SnapshotAdminService::LoadSnapshot(
    grpc::ServerContext* context, const v1::LoadSnapshotRequest* request,
    grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) {
  const auto directory = AbsolutePath(request->directory());
  if (!directory.ok()) return ToGrpcStatus(directory.status());
  const auto expected = ExpectedTable(*request);
  if (!expected.ok()) return ToGrpcStatus(expected.status());
  const absl::Status reason = ValidateReason(request->reason());
  if (!reason.ok()) return ToGrpcStatus(reason);
  const absl::Status may =
      CheckForce(*context, *request, options_.roles.get(), "LoadSnapshot with force");
  if (!may.ok()) return ToGrpcStatus(may);
  const Caller caller = CallerOf(*context, request->reason());
  return StreamLoad(*context, *writer, [&](const LoadProgressFn& progress) {
    return loader_->Load(*directory, caller, progress,
                         {.expected = *expected, .force = request->force()});
  });
}

grpc::Status SnapshotAdminService::CheckSnapshot(
    grpc::ServerContext* context, const v1::CheckSnapshotRequest* request,
    grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) {
  const auto directory = AbsolutePath(request->directory());
  if (!directory.ok()) return ToGrpcStatus(directory.status());
  const Caller caller = CallerOf(*context, "");
  return StreamLoad(
      *context, *writer,
      [&](const LoadProgressFn& progress) { return loader_->Check(*directory, caller, progress); },
      [&](const LoadReport& report, v1::LoadResult* result) {
        v1::GuardrailResult* told = result->mutable_guardrails();
        told->set_report(request->json() ? GuardrailJson(*report.guardrails)
                                         : GuardrailText(*report.guardrails));
        if (request->page()) told->set_page(GuardrailHtml(*report.guardrails));
      });
}

grpc::Status SnapshotAdminService::PublishSnapshot(
    grpc::ServerContext* context, const v1::PublishSnapshotRequest* request,
    grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) {
  const auto change = ReadChange(*context, *request, SnapshotId::kRequired);
  if (!change.ok()) return ToGrpcStatus(change.status());
  const absl::Status may =
      CheckForce(*context, *request, options_.roles.get(), "PublishSnapshot with force");
  if (!may.ok()) return ToGrpcStatus(may);
  return StreamLoad(*context, *writer, [&](const LoadProgressFn& progress) {
    return loader_->Publish(change->table, change->snapshot_id, change->caller, progress,
                            {.force = request->force()});
  });
}

grpc::Status SnapshotAdminService::Rollback(grpc::ServerContext* context,
                                            const v1::RollbackRequest* request,
                                            grpc::ServerWriter<v1::LoadSnapshotResponse>* writer) {
  const auto change = ReadChange(*context, *request, SnapshotId::kOptional);
  if (!change.ok()) return ToGrpcStatus(change.status());
  return StreamLoad(*context, *writer, [&](const LoadProgressFn& progress) {
    return loader_->Rollback(change->table, change->snapshot_id, change->caller, progress);
  });
}

grpc::Status SnapshotAdminService::Pin(grpc::ServerContext* context, const v1::PinRequest* request,
                                       v1::PinResponse* response) {
  const auto change = ReadChange(*context, *request, SnapshotId::kOptional);
  if (!change.ok()) return ToGrpcStatus(change.status());
  const auto pinned = loader_->Pin(change->table, change->snapshot_id, change->caller);
  if (!pinned.ok()) return ToGrpcStatus(pinned.status());
  response->set_snapshot_id(pinned->snapshot_id);
  response->set_live(pinned->live);
  return grpc::Status::OK;
}

grpc::Status SnapshotAdminService::Unpin(grpc::ServerContext* context,
                                         const v1::UnpinRequest* request,
                                         v1::UnpinResponse* /*response*/) {
  const auto change = ReadChange(*context, *request, SnapshotId::kOptional);
  if (!change.ok()) return ToGrpcStatus(change.status());
  return ToGrpcStatus(loader_->Unpin(change->table, change->caller));
}

}  // namespace oasis
