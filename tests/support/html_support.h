// Whether a page is well-formed.
#ifndef OASIS_TESTS_SUPPORT_HTML_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_HTML_SUPPORT_H_

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace oasis::testing {

// The tags of the page, each closed in the order in which they were opened. Returns the first thing
// that is wrong, or "".
inline std::string WhatIsNotWellFormed(absl::string_view page) {
  std::vector<std::string> open;
  while (!page.empty()) {
    const size_t begin = page.find_first_of("<>&");
    if (begin == absl::string_view::npos) break;
    page.remove_prefix(begin);
    if (page[0] == '&') {
      const size_t end = page.find_first_not_of("abcdefghijklmnopqrstuvwxyz#0123456789", 1);
      if (end == absl::string_view::npos || page[end] != ';') return "a lone &";
      page.remove_prefix(1);
      continue;
    }
    if (page[0] == '>') return "a lone >";
    const size_t end = page.find('>');
    if (end == absl::string_view::npos) return "a tag without an end";
    absl::string_view tag = page.substr(1, end - 1);
    page.remove_prefix(end + 1);
    if (tag == "!DOCTYPE html" || absl::EndsWith(tag, "/")) continue;
    if (absl::ConsumePrefix(&tag, "/")) {
      if (open.empty() || open.back() != tag) return "closes <" + std::string(tag) + ">";
      open.pop_back();
    } else {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    }
    if (tag.find('<') != absl::string_view::npos) return "a < in a tag";
  }
  return open.empty() ? "" : "leaves <" + open.back() + "> open";
}

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_HTML_SUPPORT_H_
