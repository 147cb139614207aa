// XXH3-64 (seed 0), the checksum of everything in a snapshot: of bytes at once or in pieces.
#ifndef OASIS_SNAPSHOT_CHECKSUM_H_
#define OASIS_SNAPSHOT_CHECKSUM_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct XXH3_state_s;

namespace oasis {

uint64_t Checksum(absl::string_view bytes);

// 16 lower-case hex digits, and back. ParseChecksum takes nothing else.
std::string FormatChecksum(uint64_t checksum);
[[nodiscard]] bool ParseChecksum(absl::string_view digits, uint64_t* checksum);

// The checksum of pieces, as if they were one. Not thread-safe.
class StreamingChecksum {
 public:
  StreamingChecksum();
  StreamingChecksum(StreamingChecksum&&) noexcept;
  StreamingChecksum& operator=(StreamingChecksum&&) noexcept;
  ~StreamingChecksum();

  void Update(absl::string_view bytes);
  uint64_t Digest() const;

 private:
  std::unique_ptr<XXH3_state_s> state_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_CHECKSUM_H_
