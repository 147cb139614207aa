#include "oasis/gid.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr absl::string_view kTrackPrefix = "spotify:track:";
constexpr absl::string_view kDigits =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr size_t kBase62Digits = 22;
constexpr uint64_t kPow10 = 839'299'365'868'340'224;  // 62^10: ten digits fit 64 bits
constexpr char kOtherKindByte = 0x01;
constexpr uint8_t kNoDigit = 0x80;

constexpr std::array<uint8_t, 256> MakeDigitValues() {
  std::array<uint8_t, 256> values{};
  for (uint8_t& value : values) value = kNoDigit;
  for (size_t i = 0; i < 62; ++i) {
    values[static_cast<uint8_t>(kDigits[i])] = static_cast<uint8_t>(i);
  }
  return values;
}
constexpr std::array<uint8_t, 256> kDigitValues = MakeDigitValues();

uint64_t DigitValue(char c) { return kDigitValues[static_cast<uint8_t>(c)]; }

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

bool ParseBase62(absl::string_view digits, Gid* gid) {
  if (digits.size() != kBase62Digits) return false;
  const char* d = digits.data();
  // 2 + 10 + 10 digits: two independent chains of multiplications, and no overflow in either.
  uint64_t bad = DigitValue(d[0]) | DigitValue(d[1]);
  const uint64_t top = DigitValue(d[0]) * 62 + DigitValue(d[1]);
  uint64_t middle = 0;
  uint64_t low = 0;
  for (int i = 0; i < 10; ++i) {
    const uint64_t a = DigitValue(d[2 + i]);
    const uint64_t b = DigitValue(d[12 + i]);
    bad |= a | b;
    middle = middle * 62 + a;
    low = low * 62 + b;
  }
  constexpr Uint128 kPow20 = Uint128{kPow10} * kPow10;
  constexpr auto kLargestTop = static_cast<uint64_t>(~Uint128{0} / kPow20);
  if ((bad & kNoDigit) != 0 || top > kLargestTop) return false;
  const Uint128 high = kPow20 * top;
  const Uint128 value = high + Uint128{middle} * kPow10 + low;
  if (value < high) return false;  // above 2^128-1
  *gid = {static_cast<uint64_t>(value >> 64), static_cast<uint64_t>(value)};
  return true;
}

std::string FormatBase62(const Gid& gid) {
  std::string digits(kBase62Digits, '0');
  Uint128 rest = Uint128{gid.hi} << 64 | gid.lo;
  for (size_t i = kBase62Digits; i-- > 0;) {
    digits[i] = kDigits[static_cast<size_t>(rest % 62)];
    rest /= 62;
  }
  return digits;
}

ItemKey KeyOfUri(absl::string_view uri) {
  if (absl::StartsWith(uri, kTrackPrefix)) {
    ItemKey key;
    if (!ParseBase62(uri.substr(kTrackPrefix.size()), &key.gid)) key.kind = ItemKind::kInvalid;
    return key;
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
