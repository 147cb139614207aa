// What is wrong with a server, in sentences.
#ifndef OASIS_APPS_SERVE_STATUS_PAGE_FAULTS_H_
#define OASIS_APPS_SERVE_STATUS_PAGE_FAULTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "apps/serve/status_page/server_status.h"

namespace oasis {

struct StatusFault {
  Verdict tone = Verdict::kWarn;  // kBlock: calls are not answered as they should be
  std::string sentence;           // text
};

// The worst first; empty: all is well.
std::vector<StatusFault> FaultsOf(const ServerStatus& status);

// "discovery-mode/control"; "an unknown table" where the name was never known.
std::string TableText(absl::string_view score_set, absl::string_view variant);

// Whether a load failed, for another reason than that its caller, or the server, ended it.
bool WasRefused(const JournalEntry& entry);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_STATUS_PAGE_FAULTS_H_
