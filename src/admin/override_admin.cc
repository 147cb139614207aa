#include "admin/override_admin.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "admin/caller.h"
#include "oasis/guardrails.h"
#include "oasis/limits.h"
#include "rpc/override.h"
#include "rpc/status.h"
#include "rpc/time.h"

namespace oasis {
namespace {

std::string WarningOf(const absl::Status& journaled) {
  if (journaled.ok()) return "";
  return absl::StrCat("done, but the journal could not be written: ", journaled.message());
}

void AddWarning(absl::string_view more, std::string* warning) {
  absl::StrAppend(warning, warning->empty() ? "" : "; ", more);
}

// As guardrails look at the scores of a snapshot, unless their policy says something else.
void WarnOfScore(const v1::Override& override, std::string* warning) {
  const std::optional<double> most = GuardrailPolicy()[Check::kLargestPromotion].block;
  if (std::abs(override.score()) < *most) return;
  AddWarning(absl::StrFormat("its score is %g, and guardrails block a snapshot with a score of %g: "
                             "is that the number you mean?",
                             override.score(), *most),
             warning);
}

// The end of what is put or renewed now, of which a caller gives one of the two.
template <typename Request>
absl::StatusOr<absl::Time> EndOf(const Request& request, bool has_expires,
                                 const google::protobuf::Timestamp& expires, absl::Time now) {
  if (!request.has_lasts()) return GetTime(expires);
  if (!has_expires) return now + GetDuration(request.lasts());
  return absl::InvalidArgumentError("expires and lasts are both given: give one of them");
}

absl::Status CheckRequest(const v1::Override& override) {
  if (override.action() != v1::Override::ACTION_UNSPECIFIED &&
      v1::Override::Action_IsValid(override.action())) {
    return ValidateReason(override.reason());
  }
  return absl::InvalidArgumentError(
      absl::StrCat("override.action is ", static_cast<int>(override.action()),
                   ": give ACTION_SUPPRESS, ACTION_CAP or ACTION_SET"));
}

absl::Status CheckDecision(const v1::Override& decision) {
  if (!decision.id().empty() || decision.about_case() != v1::Override::ABOUT_NOT_SET) {
    return absl::InvalidArgumentError(
        "decision has an id or names what it is about: both are made for each of item_uris");
  }
  return CheckRequest(decision);
}

}  // namespace

OverrideAdminService::OverrideAdminService(std::shared_ptr<OverrideBook> book)
    : book_(std::move(book)) {}

grpc::Status OverrideAdminService::PutOverride(grpc::ServerContext* context,
                                               const v1::PutOverrideRequest* request,
                                               v1::PutOverrideResponse* response) {
  const absl::Status valid = CheckRequest(request->override());
  if (!valid.ok()) return ToGrpcStatus(valid);
  const v1::Override& asked = request->override();
  const auto end = EndOf(*request, asked.has_expires(), asked.expires(), book_->Now());
  if (!end.ok()) return ToGrpcStatus(end.status());
  Override override = GetOverride(asked);
  override.expires = *end;
  const auto change = book_->Put(std::move(override), CallerOf(*context, asked.reason()));
  if (!change.ok()) return ToGrpcStatus(change.status());
  SetOverride(change->override, response->mutable_override());
  response->set_replaced(change->replaced);
  response->set_about(change->about);
  response->set_warning(WarningOf(change->journaled));
  WarnOfScore(asked, response->mutable_warning());
  if (!change->missing.empty()) {
    AddWarning(absl::StrCat("it holds, but ", change->missing, ": is that the name you mean?"),
               response->mutable_warning());
  }
  return grpc::Status::OK;
}

grpc::Status OverrideAdminService::DeleteOverride(grpc::ServerContext* context,
                                                  const v1::DeleteOverrideRequest* request,
                                                  v1::DeleteOverrideResponse* response) {
  const absl::Status valid = ValidateReason(request->reason());
  if (!valid.ok()) return ToGrpcStatus(valid);
  const auto change = book_->Delete(request->id(), CallerOf(*context, request->reason()));
  if (!change.ok()) return ToGrpcStatus(change.status());
  SetOverride(change->override, response->mutable_override());
  response->set_warning(WarningOf(change->journaled));
  return grpc::Status::OK;
}

grpc::Status OverrideAdminService::PutOverrideBatch(grpc::ServerContext* context,
                                                    const v1::PutOverrideBatchRequest* request,
                                                    v1::PutOverrideBatchResponse* response) {
  const absl::Status valid = CheckDecision(request->decision());
  if (!valid.ok()) return ToGrpcStatus(valid);
  const v1::Override& asked = request->decision();
  const auto end = EndOf(*request, asked.has_expires(), asked.expires(), book_->Now());
  if (!end.ok()) return ToGrpcStatus(end.status());
  Override decision = GetOverride(asked);
  decision.expires = *end;
  const auto batch = book_->PutBatch(
      std::move(decision),
      std::vector<std::string>(request->item_uris().begin(), request->item_uris().end()),
      CallerOf(*context, asked.reason()));
  if (!batch.ok()) return ToGrpcStatus(batch.status());
  response->set_batch(batch->id);
  response->set_size(static_cast<int32_t>(batch->size));
  response->set_missing(static_cast<int32_t>(batch->missing));
  SetTimestamp(*end, response->mutable_expires());
  response->set_warning(WarningOf(batch->journaled));
  WarnOfScore(asked, response->mutable_warning());
  if (batch->missing > 0) {
    AddWarning(absl::StrCat(batch->missing, " of them name what is not live; of the first, ",
                            batch->why_missing),
               response->mutable_warning());
  }
  return grpc::Status::OK;
}

grpc::Status OverrideAdminService::DeleteOverrideBatch(
    grpc::ServerContext* context, const v1::DeleteOverrideBatchRequest* request,
    v1::DeleteOverrideBatchResponse* response) {
  const absl::Status valid = ValidateReason(request->reason());
  if (!valid.ok()) return ToGrpcStatus(valid);
  const auto batch = book_->DeleteBatch(request->batch(), CallerOf(*context, request->reason()));
  if (!batch.ok()) return ToGrpcStatus(batch.status());
  response->set_size(static_cast<int32_t>(batch->size));
  response->set_warning(WarningOf(batch->journaled));
  return grpc::Status::OK;
}

grpc::Status OverrideAdminService::RenewOverrides(grpc::ServerContext* context,
                                                  const v1::RenewOverridesRequest* request,
                                                  v1::RenewOverridesResponse* response) {
  const absl::Status valid = ValidateReason(request->reason());
  if (!valid.ok()) return ToGrpcStatus(valid);
  const auto end = EndOf(*request, request->has_expires(), request->expires(), book_->Now());
  if (!end.ok()) return ToGrpcStatus(end.status());
  const Caller caller = CallerOf(*context, request->reason());
  absl::Status journaled;
  if (request->has_batch()) {
    const auto batch = book_->RenewBatch(request->batch(), *end, caller);
    if (!batch.ok()) return ToGrpcStatus(batch.status());
    response->set_size(static_cast<int32_t>(batch->size));
    journaled = batch->journaled;
  } else {
    const auto change = book_->Renew(request->id(), *end, caller);
    if (!change.ok()) return ToGrpcStatus(change.status());
    response->set_size(1);
    journaled = change->journaled;
  }
  SetTimestamp(*end, response->mutable_expires());
  response->set_warning(WarningOf(journaled));
  return grpc::Status::OK;
}

grpc::Status OverrideAdminService::ListOverrides(grpc::ServerContext* /*context*/,
                                                 const v1::ListOverridesRequest* request,
                                                 v1::ListOverridesResponse* response) {
  const std::vector<Override> all = book_->List();
  response->set_total(static_cast<int32_t>(all.size()));
  size_t bytes = 0;
  for (const Override& override : all) {
    if (override.id <= request->after_id()) continue;
    v1::Override* const out = response->add_overrides();
    SetOverride(override, out);
    bytes += out->ByteSizeLong();
    if (bytes > kMaxListBytes) break;
  }
  return grpc::Status::OK;
}

}  // namespace oasis
