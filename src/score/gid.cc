#include "oasis/gid.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr absl::string_view kTrackPrefix = "spotify:track:";
constexpr char kOtherKindByte = 0x01;

// `scheme:rest` by the rules of KeyOfUri; the message is empty when it is well-formed.
absl::string_view UriFault(absl::string_view uri) {
  if (uri.empty()) return "it is empty";
  static_assert(kMaxUriBytes == 512);  // as the message says
  if (uri.size() > kMaxUriBytes) return "it is longer than 512 bytes";
  const size_t colon = uri.find(':');
  if (colon == absl::string_view::npos || colon == 0) return "it has no scheme (like spotify:)";
  if (!(uri[0] >= 'a' && uri[0] <= 'z')) return "its scheme does not begin with a small letter";
  for (char c : uri.substr(0, colon)) {
    const bool ok =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-';
    if (!ok) return "its scheme has a character other than a-z, 0-9, + . -";
  }
  if (colon + 1 == uri.size()) return "nothing follows its scheme";
  for (char c : uri) {
    if (static_cast<uint8_t>(c) <= ' ' || c == 0x7F) return "it has a space or control character";
  }
  return {};
}

}  // namespace

ItemKey KeyOfUri(absl::string_view uri) {
  if (absl::StartsWith(uri, kTrackPrefix)) {
    ItemKey key;
    if (ParseBase62(uri.substr(kTrackPrefix.size()), &key.gid)) return key;
    return {{}, ItemKind::kInvalid};
  }
  if (!UriFault(uri).empty()) return {{}, ItemKind::kInvalid};
  const XXH128_hash_t hash = XXH3_128bits(uri.data(), uri.size());
  return {{hash.high64, hash.low64}, ItemKind::kOther};
}

absl::StatusOr<ItemKey> ParseItemUri(absl::string_view uri) {
  const ItemKey key = KeyOfUri(uri);
  if (key.kind != ItemKind::kInvalid) return key;
  const absl::string_view fault =
      absl::StartsWith(uri, kTrackPrefix)
          ? absl::string_view(
                "after spotify:track: must come 22 base62 digits (0-9, a-z, A-Z) of a "
                "number below 2^128")
          : UriFault(uri);
  const absl::string_view shown = uri.substr(0, 80);
  return absl::InvalidArgumentError(absl::StrCat("item_uri '", absl::CHexEscape(shown),
                                                 shown.size() < uri.size() ? "…" : "",
                                                 "' is not a valid item URI: ", fault));
}

std::string FormatTrackUri(const Gid& gid) { return absl::StrCat(kTrackPrefix, FormatBase62(gid)); }

std::string EncodeKey(const ItemKey& key) {
  std::string bytes(kGidBytes, '\0');
  GidToBytes(key.gid, bytes.data());
  if (key.kind == ItemKind::kOther) bytes.push_back(kOtherKindByte);
  return bytes;
}

bool DecodeKey(absl::string_view bytes, ItemKey* key) {
  const bool other = bytes.size() == kGidBytes + 1 && bytes.back() == kOtherKindByte;
  if (bytes.size() != kGidBytes && !other) return false;
  key->gid = GidFromBytes(bytes.data());
  key->kind = other ? ItemKind::kOther : ItemKind::kTrack;
  return true;
}

std::string FormatKey(const ItemKey& key) {
  switch (key.kind) {
    case ItemKind::kTrack:
      return FormatTrackUri(key.gid);
    case ItemKind::kOther:
      return absl::StrFormat("other:%016x%016x", key.gid.hi, key.gid.lo);
    case ItemKind::kInvalid:
      break;
  }
  return "invalid";
}

}  // namespace oasis
