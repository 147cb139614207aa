#include "score/region.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/status.h"

namespace oasis {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr size_t kFreeSliceBytes = size_t{32} << 20;

absl::Status NoMemory(size_t bytes) {
  return absl::ResourceExhaustedError(
      absl::StrCat("cannot get ", bytes >> 20, " MiB of memory for a table: ", std::strerror(errno),
                   "; give the process more memory or load a smaller snapshot"));
}

size_t RoundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

absl::StatusOr<Region> Region::Create(size_t bytes, bool huge_pages) {
  Region region;
  region.huge_pages_ = huge_pages;
  OASIS_RETURN_IF_ERROR(region.Resize(bytes));
  return region;
}

Region::Region(Region&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      huge_pages_(other.huge_pages_) {}

Region& Region::operator=(Region&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(huge_pages_, other.huge_pages_);
  return *this;
}

Region::~Region() {
  while (bytes_ > 0) {
    const size_t slice = std::min(bytes_, kFreeSliceBytes);
    bytes_ -= slice;
    munmap(data_ + bytes_, slice);
  }
}

size_t Region::RoundedUp(size_t bytes) {
  return RoundUp(bytes, bytes >= kHugePageBytes ? kHugePageBytes : kPageBytes);
}

absl::Status Region::Resize(size_t bytes) {
  bytes = RoundedUp(bytes);
  if (bytes == bytes_ || bytes == 0) return absl::OkStatus();
  void* memory = data_ == nullptr ? mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                  : mremap(data_, bytes_, bytes, MREMAP_MAYMOVE);
  if (memory == MAP_FAILED) return NoMemory(bytes);
  data_ = static_cast<char*>(memory);
  bytes_ = bytes;
  if (huge_pages_)
    madvise(data_, bytes_, MADV_HUGEPAGE);  // advice: without it the table is right too
  return absl::OkStatus();
}

bool Region::OnHugePages() const {
  if (bytes_ < kHugePageBytes) return false;  // the kernel's list is long to read
  std::ifstream smaps("/proc/self/smaps");
  std::string line;
  bool inside = false;
  while (std::getline(smaps, line)) {
    uint64_t begin = 0;
    uint64_t end = 0;
    uint64_t kilobytes = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " ", &begin, &end) == 2) {
      const auto at = reinterpret_cast<uint64_t>(data_);
      inside = begin < at + bytes_ && at < end;
    } else if (inside && std::sscanf(line.c_str(), "AnonHugePages: %" SCNu64, &kilobytes) == 1 &&
               kilobytes > 0) {
      return true;
    }
  }
  return false;
}

void Region::Touch() const {
  for (size_t at = 0; at < bytes_; at += kPageBytes) {
    static_cast<void>(*static_cast<const volatile char*>(data_ + at));
  }
}

}  // namespace oasis
