// Requests of a load test, serialised once and sent many times.
#ifndef OASIS_APPS_LOADTEST_REQUESTS_H_
#define OASIS_APPS_LOADTEST_REQUESTS_H_

#include <grpcpp/support/byte_buffer.h>

#include <vector>

#include "absl/status/statusor.h"
#include "apps/loadtest/ids.h"
#include "apps/loadtest/options.h"

namespace oasis {

// options.prepared requests of options.batch items each; a ByteBuffer shares its bytes with its
// copies, so that sending one costs no serialisation. Same options and ids, same requests.
// InvalidArgument when gids are wanted of items that are no tracks, or there are no ids to draw
// from.
absl::StatusOr<std::vector<grpc::ByteBuffer>> PrepareRequests(const LoadTestOptions& options,
                                                              const IdList& ids);

}  // namespace oasis

#endif  // OASIS_APPS_LOADTEST_REQUESTS_H_
