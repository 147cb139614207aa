// The commands below `oasis override`, and what they have in common.
#ifndef OASIS_APPS_COMMANDS_OVERRIDE_COMMANDS_H_
#define OASIS_APPS_COMMANDS_OVERRIDE_COMMANDS_H_

#include <CLI/App.hpp>
#include <string>

#include "absl/time/time.h"
#include "apps/commands/commands.h"
#include "rpc/time.h"

namespace oasis {

void AddOverridePutCommand(CLI::App& parent, Action& action);
void AddOverrideRenewCommand(CLI::App& parent, Action& action);

// --for or --until: one of them.
struct OverrideEnd {
  absl::Duration lasts = absl::ZeroDuration();
  absl::Time until = absl::InfinitePast();
};
void AddOverrideEndFlags(CLI::App& command, OverrideEnd& end);

// Into the request, and the message whose `expires` it may be. It is the server that counts from
// now on: this machine's clock may be another.
template <typename Request, typename Message>
void SetOverrideEnd(const OverrideEnd& end, Request& request, Message& message) {
  if (end.until != absl::InfinitePast()) {
    SetTimestamp(end.until, message.mutable_expires());
  } else {
    SetDuration(end.lasts, request.mutable_lasts());
  }
}

// ID or --batch: one of them.
void AddOverrideWhichFlags(CLI::App& command, std::string& id, std::string& batch);

// --reason
void AddOverrideReasonFlag(CLI::App& command, std::string& reason);

// Tells it on stderr, if there is one.
void WarnOfOverride(const std::string& warning);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_OVERRIDE_COMMANDS_H_
