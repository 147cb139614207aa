#include "serving/request_id.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

bool IsUsable(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

// A step of SplitMix64 (Steele et al. 2014): one-to-one, so ids of one process never meet.
uint64_t Mix(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

std::string MakeUp() {
  static std::atomic<uint64_t> next{uint64_t{std::random_device{}()} << 32 |
                                    std::random_device{}()};
  const uint64_t number = next.fetch_add(1, std::memory_order_relaxed);
  return absl::StrCat(absl::Hex(Mix(number), absl::kZeroPad16));
}

}  // namespace

std::string RequestIdOf(absl::string_view given) {
  return IsUsable(given) ? std::string(given) : MakeUp();
}

}  // namespace oasis
