// What the journal says of overrides.
#ifndef OASIS_SNAPSHOT_OVERRIDE_WORDS_H_
#define OASIS_SNAPSHOT_OVERRIDE_WORDS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "oasis/override_book.h"
#include "oasis/overrides.h"

namespace oasis {

inline constexpr absl::string_view kOverridePut = "override";  // actions of the journal
inline constexpr absl::string_view kOverrideDelete = "override-delete";

// "cap 0.2 licensor 'x' on radio/SE until 2026-01-31T12:00:00Z"
std::string DescribeOverride(const Override& override);

// The same, with "o1: " in front; as it is where it has no id yet.
std::string DescribeWithId(const Override& override);

// "batch 20260131-120000, 3 items, the first: suppress item x on …"
std::string DescribeBatch(const OverrideBook::Batch& batch);

// Text that nobody has checked, as a line of at most so many bytes: ? for control characters, and
// nothing from where it is not UTF-8.
std::string OneLine(absl::string_view text, size_t most);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_OVERRIDE_WORDS_H_
