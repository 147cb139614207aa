// Names that rows mention, each kept once.
#ifndef OASIS_PROBLEM_FILES_NAMES_H_
#define OASIS_PROBLEM_FILES_NAMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "oasis/allocation_problem.h"

namespace oasis::problem_files {

// Places are given in the order of appearance, in `names`, which must outlive this object.
class Names {
 public:
  explicit Names(std::vector<std::string>* names) : names_(names) {}

  // kNobody where it is not there. Allocates nothing.
  uint32_t Find(absl::string_view name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? kNobody : found->second;
  }

  // kNobody for an empty name.
  uint32_t FindOrAdd(absl::string_view name) {
    if (name.empty()) return kNobody;
    const uint32_t found = Find(name);
    if (found != kNobody) return found;
    const auto place = static_cast<uint32_t>(names_->size());
    names_->emplace_back(name);
    places_.emplace(std::string(name), place);
    return place;
  }

 private:
  std::vector<std::string>* names_;
  absl::flat_hash_map<std::string, uint32_t> places_;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_NAMES_H_
