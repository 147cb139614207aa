// Contexts: where (surface), in which market and for which listeners (cohort) a score holds.
#ifndef OASIS_CONTEXT_H_
#define OASIS_CONTEXT_H_

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace oasis {

inline constexpr absl::string_view kAny = "*";

// A context as a row names it. `market` and `cohort` may be "*" (any); `surface` may not.
struct Context {
  std::string surface;
  std::string market = "*";
  std::string cohort = "*";

  friend auto operator<=>(const Context&, const Context&) = default;
};

// Two capital letters, the form of ISO 3166-1 alpha-2.
bool IsMarket(absl::string_view market);

// surface and cohort: 1 to kMaxNameBytes of [A-Za-z0-9._-] (cohort or "*"). market: two capital
// letters or "*". The error names the field, the value and the rule.
absl::Status ValidateContext(const Context& context);

// Names of score sets, variants, snapshot ids and signals: 1 to kMaxNameBytes of [A-Za-z0-9._-],
// not starting with a dot. `what` is the noun for the message ("score set").
absl::Status ValidateName(absl::string_view what, absl::string_view name);

// "radio/SE/*"
std::string FormatContext(const Context& context);

// The place of a context in its snapshot's list.
using ContextId = uint16_t;

// How specific a match was, most specific first. The order is the order of the fallback.
enum class MatchLevel : uint8_t {
  kSurfaceMarketCohort = 0,
  kSurfaceMarket = 1,
  kSurfaceCohort = 2,
  kSurface = 3,
  kNone = 4,
};
inline constexpr int kMatchLevels = 4;

// The contexts that may answer one request, by level; kNoContext where the snapshot has none or the
// request leaves that level out.
inline constexpr ContextId kNoContext = 0x7FFE;
struct FallbackChain {
  std::array<ContextId, kMatchLevels> contexts = {kNoContext, kNoContext, kNoContext, kNoContext};
};

// The contexts of one snapshot, by name and by id. Immutable, movable, safe for concurrent reads.
class ContextIndex {
 public:
  // Ids are places in `contexts`. InvalidArgument on a bad or repeated context or too many of them.
  static absl::StatusOr<ContextIndex> Create(std::vector<Context> contexts);

  ContextIndex() = default;
  ContextIndex(ContextIndex&&) = default;
  ContextIndex& operator=(ContextIndex&&) = default;

  const std::vector<Context>& contexts() const { return contexts_; }

  // An empty or "*" market or cohort means the request names none. Allocates nothing.
  FallbackChain Resolve(absl::string_view surface, absl::string_view market,
                        absl::string_view cohort) const;

 private:
  using Name = std::tuple<absl::string_view, absl::string_view, absl::string_view>;
  ContextId Find(const Name& name) const;

  std::vector<Context> contexts_;
  absl::flat_hash_map<Name, ContextId> ids_;  // the names are views into contexts_
};

}  // namespace oasis

#endif  // OASIS_CONTEXT_H_
