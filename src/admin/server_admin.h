// The admin service for the server process itself.
#ifndef OASIS_ADMIN_SERVER_ADMIN_H_
#define OASIS_ADMIN_SERVER_ADMIN_H_

#include <functional>
#include <memory>
#include <mutex>

#include "absl/time/time.h"
#include "oasis/store.h"
#include "oasis/v1/server_admin.grpc.pb.h"

namespace oasis {

// Changes the log, of which it knows no more than `options`, and keeps in the journal who did it:
// whoever silences a log must not be the one whom nobody can name. Thread-safe.
class ServerAdminService final : public v1::ServerAdmin::Service {
 public:
  struct Options {
    std::function<v1::LogLevel()> log_level;
    std::function<void(v1::LogLevel)> set_log_level;  // to one of those there are
    std::function<absl::Time()> clock = [] { return absl::Now(); };
  };

  ServerAdminService(std::shared_ptr<Store> store, Options options);

  grpc::Status GetLogLevel(grpc::ServerContext* context, const v1::GetLogLevelRequest* request,
                           v1::GetLogLevelResponse* response) override;
  grpc::Status SetLogLevel(grpc::ServerContext* context, const v1::SetLogLevelRequest* request,
                           v1::SetLogLevelResponse* response) override;

 private:
  const std::shared_ptr<Store> store_;
  const Options options_;
  std::mutex change_mutex_;  // held while a level is changed, so that its "before" is true
};

}  // namespace oasis

#endif  // OASIS_ADMIN_SERVER_ADMIN_H_
