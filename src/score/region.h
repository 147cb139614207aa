// Anonymous memory by mmap, on huge pages where the kernel gives them.
#ifndef OASIS_SCORE_REGION_H_
#define OASIS_SCORE_REGION_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace oasis {

// Zero-filled, page-aligned memory that gives itself back in slices, so that freeing gigabytes does
// not hold the kernel's memory lock in one go. Movable. Thread-safe for reads of the memory.
class Region {
 public:
  static constexpr size_t kHugePageBytes = size_t{2} << 20;

  // ResourceExhausted when the address space or memory cannot be had. 0 bytes is an empty region.
  static absl::StatusOr<Region> Create(size_t bytes, bool huge_pages);

  Region() = default;
  Region(Region&& other) noexcept;
  Region& operator=(Region&& other) noexcept;
  ~Region();

  // What a region of so many bytes takes: whole pages, huge ones if it is large.
  static size_t RoundedUp(size_t bytes);

  char* data() const { return data_; }
  size_t bytes() const { return bytes_; }

  // Grows or shrinks to `bytes`, rounded up to whole pages; the memory may move, what fits of the
  // content stays. Pages are moved, not copied.
  absl::Status Resize(size_t bytes);

  // Whether any of it lies on huge pages now (reads /proc/self/smaps; not for hot paths).
  bool OnHugePages() const;

  // Reads one byte of every page.
  void Touch() const;

 private:
  char* data_ = nullptr;
  size_t bytes_ = 0;
  bool huge_pages_ = false;
};

}  // namespace oasis

#endif  // OASIS_SCORE_REGION_H_
