#include "oasis/context.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
}

}  // namespace

bool IsMarket(absl::string_view market) {
  return market.size() == 2 && absl::ascii_isupper(static_cast<unsigned char>(market[0])) &&
         absl::ascii_isupper(static_cast<unsigned char>(market[1]));
}

absl::Status ValidateName(absl::string_view what, absl::string_view name) {
  if (!name.empty() && name.size() <= kMaxNameBytes && name[0] != '.' &&
      std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, " '", absl::CHexEscape(name.substr(0, 2 * kMaxNameBytes)),
                   "' is not a valid name: give 1 to ", kMaxNameBytes,
                   " characters of A-Z, a-z, 0-9, '.', '_', '-', not beginning with a dot"));
}

absl::Status ValidateContext(const Context& context) {
  OASIS_RETURN_IF_ERROR(ValidateName("surface", context.surface));
  if (context.market != kAny && !IsMarket(context.market)) {
    return absl::InvalidArgumentError(
        absl::StrCat("market '", absl::CHexEscape(context.market.substr(0, 2 * kMaxNameBytes)),
                     "' is not ISO 3166-1 alpha-2: give two capital letters (SE), or * for any"));
  }
  if (context.cohort != kAny) OASIS_RETURN_IF_ERROR(ValidateName("cohort", context.cohort));
  return absl::OkStatus();
}

std::string FormatContext(const Context& context) {
  return absl::StrCat(context.surface, "/", context.market, "/", context.cohort);
}

absl::StatusOr<ContextIndex> ContextIndex::Create(std::vector<Context> contexts) {
  if (contexts.size() > kMaxContexts) {
    return absl::InvalidArgumentError(absl::StrCat("there are ", contexts.size(),
                                                   " different contexts; one snapshot can hold ",
                                                   kMaxContexts));
  }
  ContextIndex index;
  index.contexts_ = std::move(contexts);
  index.ids_.reserve(index.contexts_.size());
  for (size_t id = 0; id < index.contexts_.size(); ++id) {
    const Context& context = index.contexts_[id];
    OASIS_RETURN_IF_ERROR(ValidateContext(context));
    const Name name(context.surface, context.market, context.cohort);
    if (!index.ids_.emplace(name, static_cast<ContextId>(id)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("context ", FormatContext(context), " stands twice in the list"));
    }
  }
  return index;
}

ContextId ContextIndex::Find(const Name& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? kNoContext : found->second;
}

FallbackChain ContextIndex::Resolve(absl::string_view surface, absl::string_view market,
                                    absl::string_view cohort) const {
  const bool has_market = !market.empty() && market != kAny;
  const bool has_cohort = !cohort.empty() && cohort != kAny;
  FallbackChain chain;
  const auto set = [&](MatchLevel level, absl::string_view m, absl::string_view c) {
    chain.contexts[static_cast<size_t>(level)] = Find(Name(surface, m, c));
  };
  if (has_market && has_cohort) set(MatchLevel::kSurfaceMarketCohort, market, cohort);
  if (has_market) set(MatchLevel::kSurfaceMarket, market, kAny);
  if (has_cohort) set(MatchLevel::kSurfaceCohort, kAny, cohort);
  set(MatchLevel::kSurface, kAny, kAny);
  return chain;
}

}  // namespace oasis
