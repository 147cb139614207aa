// The admin service for overrides.
#ifndef OASIS_ADMIN_OVERRIDE_ADMIN_H_
#define OASIS_ADMIN_OVERRIDE_ADMIN_H_

#include <memory>

#include "oasis/override_book.h"
#include "oasis/v1/override_admin.grpc.pb.h"

namespace oasis {

// Translates between the API and the book. Thread-safe.
class OverrideAdminService final : public v1::OverrideAdmin::Service {
 public:
  explicit OverrideAdminService(std::shared_ptr<OverrideBook> book);

  grpc::Status PutOverride(grpc::ServerContext* context, const v1::PutOverrideRequest* request,
                           v1::PutOverrideResponse* response) override;
  grpc::Status DeleteOverride(grpc::ServerContext* context,
                              const v1::DeleteOverrideRequest* request,
                              v1::DeleteOverrideResponse* response) override;
  grpc::Status PutOverrideBatch(grpc::ServerContext* context,
                                const v1::PutOverrideBatchRequest* request,
                                v1::PutOverrideBatchResponse* response) override;
  grpc::Status DeleteOverrideBatch(grpc::ServerContext* context,
                                   const v1::DeleteOverrideBatchRequest* request,
                                   v1::DeleteOverrideBatchResponse* response) override;
  grpc::Status RenewOverrides(grpc::ServerContext* context,
                              const v1::RenewOverridesRequest* request,
                              v1::RenewOverridesResponse* response) override;
  grpc::Status ListOverrides(grpc::ServerContext* context, const v1::ListOverridesRequest* request,
                             v1::ListOverridesResponse* response) override;

 private:
  const std::shared_ptr<OverrideBook> book_;
};

}  // namespace oasis

#endif  // OASIS_ADMIN_OVERRIDE_ADMIN_H_
