// What is to be shared out: the tables an allocation starts from, and the form it is solved in.
#ifndef OASIS_ALLOCATION_PROBLEM_H_
#define OASIS_ALLOCATION_PROBLEM_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "oasis/gid.h"

namespace oasis {

inline constexpr uint32_t kNobody = 0xFFFFFFFF;  // no artist, licensor, campaign or pool

// A surface in a market: where streams per slot and royalties are alike, and what a satisfaction
// guardrail is kept for.
struct Zone {
  std::string surface;
  std::string market;
  double streams_per_slot = 1.0;        // predicted streams of one slot; > 0
  double reference_satisfaction = 0.0;  // of the content that promotion displaces; 0 to 1
  // Guardrail: sum of slots * (reference satisfaction - item's satisfaction) over all promoted
  // slots of the zone may not be more, in slots. Infinite: no guardrail.
  double satisfaction_budget = std::numeric_limits<double>::infinity();
};

struct AllocationContext {
  uint32_t zone = 0;        // place in AllocationTables::zones
  std::string cohort;       // may be empty
  double supply = 0.0;      // slots in the horizon; >= 0
  double load_limit = 1.0;  // the most of them that may be promoted, 0 to 1
  double tau = 0.02;        // how dear it is to leave the organic shares, in units of value; > 0
};

struct AllocationItem {
  ItemKey key;
  uint32_t artist = kNobody;        // places in the names of AllocationTables
  uint32_t licensor = kNobody;      //
  uint32_t campaign = kNobody;      //
  uint32_t pool = kNobody;          // a group of any kind: new artists, a genre
  float royalty_per_stream = 0.0F;  // money; what a budget in royalty counts
};

// A part of what a slot is worth that is looked at by itself: revenue, growth, reward…
struct ValueTerm {
  std::string name;     // no two alike
  double weight = 1.0;  // value of a unit of the term
};

// Pairs of an item and a context that may be promoted, a column each, in any order.
struct AllocationEdges {
  std::vector<uint32_t> context;
  std::vector<uint32_t> item;
  std::vector<float> organic;  // the pair's share of the context's slots without promotion
  std::vector<float> value;    // of a slot, net of what the displaced content would have earned
  std::vector<float> satisfaction;  // predicted, 0 to 1; kept in steps of 1/65535
  // Instead of `value`, which is empty then: of a slot, a column for each term, in the term's unit.
  std::vector<std::vector<float>> terms;
};

enum class ConstraintKind {
  kCap,             // hard: at most `bound`
  kCommitment,      // soft: at least `bound`; each unit short costs `price`
  kLogFairness,     // earns price * log(kFairnessFloor + delivered / bound)
  kMaxMinFairness,  // earns AllocationTables::max_min_weight * the least (delivered / bound)
};
enum class ConstraintScope { kAll, kItem, kCampaign, kArtist, kLicensor, kPool };
enum class ConstraintUnit { kSlots, kStreams, kRoyalty };

// Limits or rewards what the promoted slots of some items in some zones sum up to.
struct AllocationConstraint {
  std::string name;  // no two alike; prices of an earlier solution are found by it
  ConstraintKind kind = ConstraintKind::kCap;
  ConstraintScope scope = ConstraintScope::kAll;
  uint32_t subject = kNobody;  // the item, campaign, artist…; no use for kAll
  std::string surface;         // empty: all
  std::string market;          // empty: all
  ConstraintUnit unit = ConstraintUnit::kSlots;
  double bound = 0.0;  // in `unit`; >= 0, of fairness (the target) > 0
  double price = 0.0;  // a unit short, in value, or the weight of fairness; > 0. No use for others
};

// As read from files or made by a generator.
struct AllocationTables {
  std::vector<Zone> zones;
  std::vector<AllocationContext> contexts;
  std::vector<std::string> artists, licensors, campaigns, pools;  // names
  std::vector<AllocationItem> items;
  std::vector<ValueTerm> terms;  // of which the edges have columns; none: these have `value`
  AllocationEdges edges;
  std::vector<AllocationConstraint> constraints;
  double max_min_weight = 0.0;  // in value
};

// A row of a table that breaks a rule.
struct AllocationFault {
  const char* table;  // "contexts", "edges"…
  int64_t row;        // from 0
  std::string rule;   // what is wrong with it, and what would be right
};
struct AllocationFaults {
  std::vector<AllocationFault> first;  // kMaxFaultsShown at most
  int64_t count = 0;
};

// All faults, in one reading of the tables.
AllocationFaults CheckTables(const AllocationTables& tables);

// The tables in an order of their own (zones by surface and market, contexts by cohort, items by
// key, constraints by name), so that what is computed does not depend on the order of the input.
// 14 bytes an edge and 4 for each term. Immutable by convention: made by Create, then only read,
// from any thread.
//
// An item in a zone is an offer. All that constraints say of an edge depends on its offer alone, so
// prices are folded into one for each offer: an edge reads one price whatever the constraints.
struct AllocationProblem {
  struct ZoneRange {  // contexts and offers of a zone lie together
    uint32_t first_context = 0;
    uint32_t first_offer = 0;
    double supply = 0.0;   // of its contexts
    double min_tau = 0.0;  // of its contexts; 1 where there is none
  };
  struct Context {
    uint32_t zone = 0;
    uint32_t cohort = 0;     // place in `cohorts`
    int64_t first_edge = 0;  // edges of a context lie together, ascending by offer
    double supply = 0.0;
    double load_limit = 1.0;
    double tau = 0.0;
    double rest = 1.0;  // the organic share of all other content: 1 - sum of organic
  };
  struct Entry {  // one slot of the offer adds `coefficient` to what the constraint counts
    uint32_t constraint = 0;
    float coefficient = 0.0F;
  };

  std::vector<Zone> zones;
  std::vector<ZoneRange> zone_ranges;  // one more than zones: the last ends the ranges
  std::vector<std::string> cohorts;    // names, ascending
  std::vector<Context> contexts;       // one more than there are: the last ends the ranges
  std::vector<std::string> artists, licensors, campaigns, pools;
  std::vector<AllocationItem> items;
  std::vector<AllocationConstraint> constraints;  // coefficients of fairness are per bound
  double max_min_weight = 0.0;

  std::vector<uint32_t> offer_item;
  std::vector<uint32_t> offer_first_entry;  // one more than offers
  std::vector<Entry> entries;               // of an offer ascending by constraint

  // A few (kEdgePadding) more than edges() each, so that a vector may be read past the last one.
  std::vector<uint32_t> edge_offer;  // from the first of its zone
  std::vector<float> edge_value;
  std::vector<float> edge_organic;
  std::vector<uint16_t> edge_satisfaction;  // in steps of 1/65535

  std::vector<ValueTerm> terms;
  std::vector<std::vector<float>> edge_terms;  // a column each; no pass over the edges reads them

  // InvalidArgument names the first faults and says how many there are. The tables are used up:
  // their columns are freed as they are read. Takes at most 40 bytes an edge meanwhile.
  static absl::StatusOr<AllocationProblem> Create(AllocationTables tables);

  // The place of a term; NotFound names those that there are.
  absl::StatusOr<size_t> FindTerm(absl::string_view name) const;

  // Gives the terms other weights, one each, and the edges their value by them. InvalidArgument
  // where a weight is not finite or an edge's value would be beyond kMaxEdgeValue; nothing has
  // changed then.
  absl::Status Reweigh(absl::Span<const double> weights);

  int64_t edges() const { return contexts.empty() ? 0 : contexts.back().first_edge; }
  uint32_t context_count() const { return static_cast<uint32_t>(contexts.size()) - 1; }
  uint32_t offers() const { return static_cast<uint32_t>(offer_item.size()); }
  double supply() const;           // of all contexts, in slots
  int64_t resident_bytes() const;  // of edges, offers and entries
};

// The problem without its regulariser as a linear program in free MPS form, so that anyone can
// check a plan with another solver. Columns are slots of edges (e0, e1…, as in the problem) and
// what commitments are short of (u0…, by constraint); the objective is to be minimised: it is the
// value's negative. InvalidArgument for logarithmic fairness, which is not linear, and beyond
// kMaxMpsEdges.
absl::StatusOr<std::string> ToMps(const AllocationProblem& problem);

}  // namespace oasis

#endif  // OASIS_ALLOCATION_PROBLEM_H_
