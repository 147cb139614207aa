#include "snapshot/checksum.h"

#define XXH_STATIC_LINKING_ONLY  // for the size of the state
#include <xxhash.h>

#include "absl/strings/str_cat.h"

namespace oasis {

uint64_t Checksum(absl::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string FormatChecksum(uint64_t checksum) {
  return absl::StrCat(absl::Hex(checksum, absl::kZeroPad16));
}

bool ParseChecksum(absl::string_view digits, uint64_t* checksum) {
  if (digits.size() != 16) return false;
  uint64_t value = 0;
  for (char c : digits) {
    uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<uint64_t>(c - 'a') + 10;
    } else {
      return false;
    }
    value = value << 4 | digit;
  }
  *checksum = value;
  return true;
}

StreamingChecksum::StreamingChecksum() : state_(std::make_unique<XXH3_state_t>()) {
  XXH3_64bits_reset(state_.get());
}
StreamingChecksum::StreamingChecksum(StreamingChecksum&&) noexcept = default;
StreamingChecksum& StreamingChecksum::operator=(StreamingChecksum&&) noexcept = default;
StreamingChecksum::~StreamingChecksum() = default;

void StreamingChecksum::Update(absl::string_view bytes) {
  XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
}

uint64_t StreamingChecksum::Digest() const { return XXH3_64bits_digest(state_.get()); }

}  // namespace oasis
