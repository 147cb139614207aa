// UTF-8, as the Unicode standard has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#ifndef OASIS_RECORDS_UTF8_H_
#define OASIS_RECORDS_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace oasis {

// The length of the longest prefix that is UTF-8: text.size() when all of it is.
size_t Utf8PrefixLength(absl::string_view text);

}  // namespace oasis

#endif  // OASIS_RECORDS_UTF8_H_
