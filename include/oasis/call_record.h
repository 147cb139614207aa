// What the server tells of a call that failed or was slow.
#ifndef OASIS_CALL_RECORD_H_
#define OASIS_CALL_RECORD_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace oasis {

// Has nothing of the listener, nor of the items.
struct CallRecord {
  std::string method;   // "GetPromotionScores"
  absl::Status status;  // OK: it was slow
  absl::Duration took;  // from its acceptance to its answer
  bool admin = false;   // of the admin port; then it has neither items nor a table
  int64_t items = 0;
  // As they were asked for; empty when the call was refused before.
  std::string score_set;
  std::string variant;
  std::string peer;        // the address, as gRPC writes it
  std::string client;      // by its certificate, else as it says (serving/client_of.h)
  std::string request_id;  // the caller's, or made up
  // The trace that the caller is part of, and its span in it (W3C Trace Context); empty: none.
  std::string trace_id;
  std::string span_id;
  int64_t left_out = 0;  // calls of this code since the last one that was told
};

// Called by serving threads and those of the admin port, at most kCallLinesPerSecond times a second
// for each code: to return soon, and to be thread-safe.
using CallObserver = std::function<void(CallRecord)>;

}  // namespace oasis

#endif  // OASIS_CALL_RECORD_H_
