#include "snapshot/build/names.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/field_values.h"
#include "records/text_rules.h"

namespace oasis::build {
namespace {

using records::NameFault;
using records::Shown;

// `order[i]` is the id that comes i-th; the inverse of what callers want.
template <typename Id>
std::vector<Id> Inverse(const std::vector<Id>& order) {
  std::vector<Id> places(order.size());
  for (size_t i = 0; i < order.size(); ++i) places[order[i]] = static_cast<Id>(i);
  return places;
}

}  // namespace

absl::StatusOr<ContextId> ContextNames::FindOrAdd(absl::string_view surface,
                                                  absl::string_view market,
                                                  absl::string_view cohort) {
  name_.clear();
  name_.append(surface.data(), surface.size()).push_back('\0');
  name_.append(market.data(), market.size()).push_back('\0');
  name_.append(cohort.data(), cohort.size());
  const auto found = ids_.find(name_);
  if (found != ids_.end()) return found->second;
  Context context = {std::string(surface), std::string(market), std::string(cohort)};
  OASIS_RETURN_IF_ERROR(ValidateContext(context));
  if (contexts_.size() == kMaxContexts) {
    return absl::ResourceExhaustedError(absl::StrCat("context ", FormatContext(context),
                                                     " is one more than the ", kMaxContexts,
                                                     " a snapshot can hold"));
  }
  const auto id = static_cast<ContextId>(contexts_.size());
  contexts_.push_back(std::move(context));
  ids_.emplace(name_, id);
  return id;
}

std::vector<Context> ContextNames::Sorted(std::vector<ContextId>* places) const {
  std::vector<ContextId> order(contexts_.size());
  std::iota(order.begin(), order.end(), ContextId{0});
  std::sort(order.begin(), order.end(),
            [this](ContextId a, ContextId b) { return contexts_[a] < contexts_[b]; });
  std::vector<Context> sorted;
  sorted.reserve(order.size());
  for (ContextId id : order) sorted.push_back(contexts_[id]);
  *places = Inverse(order);
  return sorted;
}

CampaignNames::CampaignNames(std::vector<Campaign> known)
    : fixed_(true), campaigns_(std::move(known)) {
  ids_.reserve(campaigns_.size());
  for (size_t i = 0; i < campaigns_.size(); ++i) {
    ids_.emplace(campaigns_[i].name, static_cast<CampaignId>(i));
  }
}

std::optional<CampaignId> CampaignNames::Find(absl::string_view name) const {
  if (name.empty()) return kNoCampaign;
  const auto found = ids_.find(name);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::string CampaignNames::Fault(absl::string_view name) const {
  if (fixed_) return absl::StrCat("campaign ", Shown(name), " is not in the campaigns file");
  if (campaigns_.size() == kMaxCampaigns) {
    return absl::StrCat("campaign ", Shown(name), " is one more than the ", kMaxCampaigns,
                        " a snapshot can hold");
  }
  return NameFault("campaign", name);
}

CampaignId CampaignNames::Add(absl::string_view name) {
  const auto id = static_cast<CampaignId>(campaigns_.size());
  campaigns_.push_back({.name = std::string(name), .licensor = ""});
  ids_.emplace(std::string(name), id);
  return id;
}

std::vector<Campaign> CampaignNames::Sorted(std::vector<CampaignId>* places) const {
  std::vector<CampaignId> order(campaigns_.size());
  std::iota(order.begin(), order.end(), CampaignId{0});
  if (!fixed_) {
    std::sort(order.begin(), order.end(), [this](CampaignId a, CampaignId b) {
      return campaigns_[a].name < campaigns_[b].name;
    });
  }
  std::vector<Campaign> sorted;
  sorted.reserve(order.size());
  for (CampaignId id : order) sorted.push_back(campaigns_[id]);
  *places = Inverse(order);
  return sorted;
}

}  // namespace oasis::build
