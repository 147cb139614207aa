// Item identity: the 128-bit gid of a track, and the key under which any item is kept.
#ifndef OASIS_GID_H_
#define OASIS_GID_H_

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace oasis {

// A 128-bit id. As 16 bytes it is big-endian, so byte order is numeric order.
struct Gid {
  uint64_t hi = 0;
  uint64_t lo = 0;

  friend auto operator<=>(const Gid&, const Gid&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const Gid& gid) {
    return H::combine(std::move(state), gid.hi, gid.lo);
  }
};

inline constexpr size_t kGidBytes = 16;

// REQUIRES: `bytes` points to kGidBytes readable (GidFromBytes) or writable (GidToBytes) bytes.
inline Gid GidFromBytes(const char* bytes) {
  static_assert(std::endian::native == std::endian::little);
  Gid gid;
  std::memcpy(&gid, bytes, kGidBytes);
  return {__builtin_bswap64(gid.hi), __builtin_bswap64(gid.lo)};
}
inline void GidToBytes(const Gid& gid, char* bytes) {
  const Gid swapped = {__builtin_bswap64(gid.hi), __builtin_bswap64(gid.lo)};
  std::memcpy(bytes, &swapped, kGidBytes);
}

// 22 base62 digits (0-9, a-z, A-Z; most significant first), the form in spotify:track:… URIs.
// False when there are not 22 of them, one is no base62 digit, or the number is above 2^128-1; then
// `gid` may have been written to all the same.
[[nodiscard]] bool ParseBase62(absl::string_view digits, Gid* gid);
std::string FormatBase62(const Gid& gid);

// What kind of id a key came from. Kinds never meet: two keys of different kind are different even
// when their 128 bits are the same.
enum class ItemKind : uint8_t {
  kTrack = 0,    // spotify:track:<22 base62 digits>; the gid is the number itself
  kOther = 1,    // any other well-formed URI; the gid is XXH3-128 (seed 0) of the whole URI
  kInvalid = 2,  // not an id at all; never found
};

struct ItemKey {
  Gid gid;
  ItemKind kind = ItemKind::kTrack;

  friend auto operator<=>(const ItemKey&, const ItemKey&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const ItemKey& key) {
    return H::combine(std::move(state), key.gid, key.kind);
  }
};

// The key of a URI; kind kInvalid when it is malformed. Well-formed is `scheme:rest`: a lower-case
// scheme, at most kMaxUriBytes, no spaces or control characters; a spotify:track: URI must moreover
// end in 22 base62 digits of a 128-bit number. Allocates nothing.
ItemKey KeyOfUri(absl::string_view uri);

// As KeyOfUri, but says what is wrong with a malformed one.
absl::StatusOr<ItemKey> ParseItemUri(absl::string_view uri);

// spotify:track:<22 digits>
std::string FormatTrackUri(const Gid& gid);

// The key as it stands in a snapshot's files: the 16 bytes of the gid; for kOther a byte 0x01
// after. REQUIRES: kind is not kInvalid.
std::string EncodeKey(const ItemKey& key);
[[nodiscard]] bool DecodeKey(absl::string_view bytes, ItemKey* key);

// For people: the URI of a track, "other:<32 hex digits>" else.
std::string FormatKey(const ItemKey& key);

}  // namespace oasis

#endif  // OASIS_GID_H_
