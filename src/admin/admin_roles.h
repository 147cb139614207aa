// Decides who may make which call of the admin port.
#ifndef OASIS_ADMIN_ADMIN_ROLES_H_
#define OASIS_ADMIN_ADMIN_ROLES_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "admin/role.h"
#include "admin/roles_file.h"
#include "oasis/tls.h"

namespace oasis {

// What a roles file grants to the names of certificates; all else is denied. A peer has the roles
// of all its names. Every call reads the file again, and a good one holds at once; while it is not
// good, what it said before holds. Thread-safe.
class AdminRoles {
 public:
  struct Options {
    std::filesystem::path file;
    // Hears of a file that changed: OK when it was taken, else once why not.
    std::function<void(const absl::Status&)> changed = [](const absl::Status&) {};
    std::function<void(const absl::Status&)> denied = [](const absl::Status&) {};
  };

  // The error of a file that cannot be read, or of ParseRoles.
  static absl::StatusOr<std::shared_ptr<AdminRoles>> Create(Options options);

  // PermissionDenied names the peer, the call and the role that it needs, and the request id.
  absl::Status Admit(const PeerIdentity& peer, absl::string_view method,
                     absl::string_view request_id);

  // Reads the file again, as a call does. Whether it is no good, so that what it said before holds.
  bool Refused();

  // Of a call whose request asks for more than its method tells. (Its service's errors carry their
  // request id.)
  absl::Status Require(Role role, const PeerIdentity& peer, absl::string_view call);

 private:
  explicit AdminRoles(Options options) : options_(std::move(options)) {}
  absl::Status Read();
  void TakeChanges();
  bool Grants(Role role, const PeerIdentity& peer);
  absl::Status Deny(const PeerIdentity& peer, absl::string_view rest) const;

  const Options options_;
  std::mutex mutex_;
  std::optional<std::string> text_;  // of the last good file. Guarded by mutex_, as all below.
  RoleGrants grants_;                // what it says
  std::string last_fault_;           // that `changed` heard of
};

}  // namespace oasis

#endif  // OASIS_ADMIN_ADMIN_ROLES_H_
