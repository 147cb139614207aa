#include "score/base62.h"

#include <array>

#include "absl/strings/string_view.h"
#include "score/instruction_set.h"

namespace oasis {
namespace {

constexpr absl::string_view kDigits =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
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

// The number of eight digits or fewer; `bad` gets bits of kNoDigit for what is none.
template <int kCount>
uint64_t Number(const char* digits, uint64_t* bad) {
  uint64_t number = 0;
  for (int i = 0; i < kCount; ++i) {
    const uint64_t value = kDigitValues[static_cast<uint8_t>(digits[i])];
    *bad |= value;
    number = number * 62 + value;
  }
  return number;
}

}  // namespace

bool ParseBase62Portably(const char* digits, Gid* gid) {
  // 6 + 8 + 8 digits: independent chains of multiplications, and no overflow in any.
  uint64_t bad = 0;
  const uint64_t high = Number<6>(digits, &bad);
  const uint64_t middle = Number<8>(digits + 6, &bad);
  const uint64_t last = Number<8>(digits + 14, &bad);
  const bool fits = JoinBase62(high, kBase62Pow8 * middle + last, gid);
  return fits && (bad & kNoDigit) == 0;
}

bool ParseBase62(absl::string_view digits, Gid* gid) {
  if (digits.size() != kBase62Digits) return false;
#ifdef OASIS_AVX2
  static const bool avx2 = HasAvx2();
  if (avx2) return ParseBase62Avx2(digits.data(), gid);
#endif
  return ParseBase62Portably(digits.data(), gid);
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

}  // namespace oasis
