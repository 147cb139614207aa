#include "snapshot/diff/joint_names.h"

#include <algorithm>

namespace oasis {
namespace {

template <typename Name, typename List, typename NameOf>
JointList<Name> Join(const List& before, const List& after, NameOf name_of) {
  const BothSides<const List*> lists = {&before, &after};
  JointList<Name> joined;
  for (const List* list : lists) {
    for (const auto& entry : *list) joined.names.push_back(name_of(entry));
  }
  std::sort(joined.names.begin(), joined.names.end());
  joined.names.erase(std::unique(joined.names.begin(), joined.names.end()), joined.names.end());
  for (size_t side : {kBefore, kAfter}) {
    joined.place[side].assign(joined.names.size(), -1);
    for (const auto& entry : *lists[side]) {
      const auto found = std::lower_bound(joined.names.begin(), joined.names.end(), name_of(entry));
      const auto joint = static_cast<size_t>(found - joined.names.begin());
      joined.place[side][joint] = static_cast<int>(joined.joint[side].size());
      joined.joint[side].push_back(static_cast<int>(joint));
    }
  }
  return joined;
}

}  // namespace

JointNames::JointNames(const Manifest& before, const Manifest& after)
    : contexts(Join<Context>(before.contexts, after.contexts,
                             [](const Context& context) -> const Context& { return context; })),
      signals(Join<std::string>(
          before.signals, after.signals,
          [](const Signal& signal) -> const std::string& { return signal.name; })),
      campaigns(Join<std::string>(
          *before.campaigns, *after.campaigns,
          [](const Campaign& campaign) -> const std::string& { return campaign.name; })) {
  for (const Context& context : contexts.names) {
    const std::pair slice(context.surface, context.market);
    if (slices.empty() || slices.back() != slice) slices.push_back(slice);
    slice_of.push_back(slices.size() - 1);
  }
}

}  // namespace oasis
