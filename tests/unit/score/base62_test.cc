// Every path that this machine can run, by the same rules.
#include "score/base62.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "score/instruction_set.h"

namespace oasis {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

const std::string& Alphabet() {
  static const std::string alphabet =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return alphabet;
}

// Long division by hand, apart from the code under test: digits of a base-62 number to base 256.
std::string BytesOfDigits(const std::string& digits) {
  std::string bytes(17, '\0');
  for (char digit : digits) {
    unsigned carry = static_cast<unsigned>(Alphabet().find(digit));
    for (size_t i = bytes.size(); i-- > 0;) {
      carry += static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) * 62;
      bytes[i] = static_cast<char>(carry & 0xFF);
      carry >>= 8;
    }
  }
  return bytes;
}

struct Path {
  const char* name;
  bool (*parse)(const char* digits, Gid* gid);
};

std::vector<Path> Paths() {
  std::vector<Path> paths = {{"portable", ParseBase62Portably}};
#ifdef OASIS_AVX2
  if (HasAvx2()) paths.push_back({"avx2", ParseBase62Avx2});
#endif
  return paths;
}

class Base62Test : public ::testing::TestWithParam<Path> {
 protected:
  // From memory of just that size, so that a sanitizer sees what is read beside it.
  static bool Parse(const std::string& digits, Gid* gid) {
    const std::vector<char> alone(digits.begin(), digits.end());
    return GetParam().parse(alone.data(), gid);
  }
};
INSTANTIATE_TEST_SUITE_P(Paths, Base62Test, ::testing::ValuesIn(Paths()),
                         [](const auto& path) { return path.param.name; });

TEST_P(Base62Test, DecodesAsLongDivisionDoes) {
  std::mt19937_64 random(62);
  int fitting = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string digits(kBase62Digits, '0');
    for (char& digit : digits) digit = Alphabet()[random() % 62];
    digits[0] = Alphabet()[random() % 9];
    const std::string expected = BytesOfDigits(digits);
    Gid gid;
    ASSERT_EQ(Parse(digits, &gid), expected[0] == '\0') << digits;
    if (expected[0] != '\0') continue;
    std::string bytes(kGidBytes, '\0');
    GidToBytes(gid, bytes.data());
    ASSERT_EQ('\0' + bytes, expected) << digits;
    ++fitting;
  }
  EXPECT_GT(fitting, 10'000);
}

TEST_P(Base62Test, RoundTripsEveryKindOfNumber) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 100'000; ++i) {
    const Gid gid = {random() >> (random() % 64), random() >> (random() % 64)};
    Gid parsed;
    ASSERT_TRUE(Parse(FormatBase62(gid), &parsed));
    ASSERT_EQ(parsed, gid);
  }
}

TEST_P(Base62Test, TakesTheLargestNumberAndRefusesTheNext) {
  Gid gid;
  ASSERT_TRUE(Parse("7N42dgm5tFLK9N8MT7fHC7", &gid));
  EXPECT_EQ(gid, (Gid{kMax, kMax}));
  for (const char* above :
       {"7N42dgm5tFLK9N8MT7fHC8", "7N42dgm5tFLK9N8MT7fHCa", "7N42dgm5tFLK9N8MT7fHD0",
        "7O0000000000000000000000", "8000000000000000000000", "ZZZZZZZZZZZZZZZZZZZZZZ"}) {
    EXPECT_FALSE(Parse(above, &gid)) << above;
  }
}

TEST_P(Base62Test, TakesDigitsAndNothingElseAtEveryPlace) {
  const std::string good = "0rqhFgbbKwnb9MLmUQDhG6";
  for (size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string digits = good;
      digits[at] = static_cast<char>(byte);
      const size_t value = Alphabet().find(digits[at]);
      const bool fits = value != std::string::npos && (at > 0 || value < 8);
      Gid gid;
      ASSERT_EQ(Parse(digits, &gid), fits) << at << " " << byte;
    }
  }
}

}  // namespace
}  // namespace oasis
