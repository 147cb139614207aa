// The contexts, signals and campaigns of two snapshots under common ids.
#ifndef OASIS_SNAPSHOT_DIFF_JOINT_NAMES_H_
#define OASIS_SNAPSHOT_DIFF_JOINT_NAMES_H_

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "oasis/manifest.h"

namespace oasis {

inline constexpr size_t kBefore = 0;
inline constexpr size_t kAfter = 1;
template <typename T>
using BothSides = std::array<T, 2>;

// Names that are in either list, ascending, and where each name of each side is among them.
template <typename Name>
struct JointList {
  std::vector<Name> names;
  BothSides<std::vector<int>> joint;  // by place on a side
  BothSides<std::vector<int>> place;  // on a side, by place in names; -1 where it has none

  // Those that only this side has.
  std::vector<Name> OnlyOn(size_t side) const {
    std::vector<Name> only;
    for (size_t i = 0; i < names.size(); ++i) {
      if (place[1 - side][i] < 0) only.push_back(names[i]);
    }
    return only;
  }
};

struct JointNames {
  JointNames(const Manifest& before, const Manifest& after);

  JointList<Context> contexts;
  JointList<std::string> signals;
  JointList<std::string> campaigns;
  std::vector<std::pair<std::string, std::string>> slices;  // surface and market, ascending
  std::vector<size_t> slice_of;                             // by place in contexts.names
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_DIFF_JOINT_NAMES_H_
