// Guardrails: whether a snapshot looks right beside the one that is live (docs/guardrails.md).
#ifndef OASIS_GUARDRAILS_H_
#define OASIS_GUARDRAILS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/context.h"
#include "oasis/gate.h"
#include "oasis/gid.h"
#include "oasis/recent_requests.h"
#include "oasis/staleness.h"
#include "oasis/table.h"

namespace oasis {

// What is looked at, in the order of reports. All but the last ten need a live table.
enum class Check : int {
  kItems,             // change of their number, as a share of the live one; kRows alike
  kRows,              // (item, context) pairs
  kItemChurn,         // items added and removed, of the live ones
  kSurfaceRows,       // drop of the rows of one surface, as a share; those two alike
  kMarketRows,        // "*" being a market
  kLicensorRows,      // whose campaign is running; "" being that of rows without a campaign
  kVanishedContexts,  // with min_rows or more in the live table, and none now
  kNewContexts,
  kVanishedSignals,
  kScoreGrowth,         // of a signal: largest |score| by that of the live table
  kPsi,                 // of a surface and signal: population stability index
  kKs,                  // of a surface and signal: Kolmogorov-Smirnov distance
  kTopChurn,            // of the live top items of the promotion signal: share that left the top
  kMovedRows,           // rows in both: share whose promotion score moved by move_bound or more
  kReplayFound,         // of the items of recent requests: change of how many are found, as a share
  kReplayStatuses,      // of the same: share that one table finds and the other does not
  kReplayPsi,           // of the same: drift of the answered promotion scores
  kOlderThanLive,       // seconds by which it was created before the live one
  kEmpty,               // 1 when there is not one row
  kLargestPromotion,    // |score| of the promotion signal
  kZeros,               // of a surface and signal: share of rows whose score is 0
  kNotRunning,          // of the rows with a campaign: share whose campaign is not running
  kLicensorNotRunning,  // the same of one licensor
  kAge,                 // hours since it was created
  kFromTheFuture,       // seconds until it will have been created
  kReusedId,            // 1 when its id is that of another snapshot
  kSentinel,            // 1 when a sentinel of the policy is not answered as it must be
  kGate,                // a figure of the snapshot's maker, in parts of its limit
};
inline constexpr size_t kChecks = 28;

absl::string_view CheckName(Check check);   // "item_churn", as in a policy file
absl::string_view CheckTitle(Check check);  // for people: "items added and removed"

enum class Verdict { kPass, kWarn, kBlock };
absl::string_view VerdictName(Verdict verdict);  // "pass"

// A check warns, or blocks, when its value reaches the threshold; without one it never does.
struct Thresholds {
  std::optional<double> warn;
  std::optional<double> block;

  friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

// A request whose answer is known: the item must be found, with a score from min to max.
struct PolicySentinel {
  ItemKey key;
  Context context;
  std::string signal;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

// What a score set asks of its snapshots. Made with the defaults of docs/guardrails.md.
struct GuardrailPolicy {
  GuardrailPolicy();

  Thresholds& operator[](Check check) { return thresholds[static_cast<size_t>(check)]; }
  const Thresholds& operator[](Check check) const { return thresholds[static_cast<size_t>(check)]; }

  std::array<Thresholds, kChecks> thresholds;
  int64_t min_rows = 1000;  // slices with fewer are not judged: chance moves them too much
  double move_bound = 0.7;  // of kMovedRows
  std::vector<PolicySentinel> sentinels;
  // When its live snapshot is stale, and what the server then does; nothing: as the server is told.
  std::optional<absl::Duration> max_age;
  std::optional<WhenStale> when_stale;
};

// The policies of a policy file, by score set.
class GuardrailPolicies {
 public:
  // InvalidArgument names the place in the JSON and the rule; an unknown key, the nearest known.
  static absl::StatusOr<GuardrailPolicies> Parse(absl::string_view json);
  // As Parse, with the file's name in front. NotFound when there is none.
  static absl::StatusOr<GuardrailPolicies> Read(const std::filesystem::path& file);

  const GuardrailPolicy& Of(absl::string_view score_set) const;

  // What they say of staleness; `otherwise` holds where they say nothing.
  StalenessRules ToStalenessRules(const Staleness& otherwise) const;

 private:
  GuardrailPolicy defaults_;
  std::map<std::string, GuardrailPolicy, std::less<>> score_sets_;
};

// One answer of a check. The figures are what was counted or measured on each side, where there is
// such a thing; the value is what the thresholds are for.
struct Finding {
  Check check = Check::kItems;
  std::string scope;   // "surface radio", "licensor acme"; empty: the whole snapshot
  std::string signal;  // empty where none is meant
  std::optional<double> live;
  std::optional<double> candidate;
  double value = 0;
  Thresholds thresholds;
  Verdict verdict = Verdict::kPass;
  std::string detail;  // for people: names, counts; may be empty
};

// The scores of one surface and signal in equal bins over [low, high], the same for both sides.
struct ScoreDistribution {
  std::string surface;
  std::string signal;
  double low = 0;
  double high = 0;
  std::vector<int64_t> live;  // all 0 where the live table has no such rows
  std::vector<int64_t> candidate;
  std::optional<double> psi;  // nothing where there were too few rows to judge
  std::optional<double> ks;
};

// One of the two tables.
struct GuardrailSide {
  TableInfo info;
  int64_t items = 0;
  int64_t rows = 0;
};

// What recent requests were, that both tables were asked; without the items whose live campaign is
// not running.
struct GuardrailReplay {
  int64_t requests = 0;
  int64_t items = 0;
};

struct GuardrailReport {
  GuardrailSide candidate;
  std::optional<GuardrailSide> live;
  GuardrailReplay replay;
  absl::Time checked;
  Verdict verdict = Verdict::kPass;  // the worst of all
  std::vector<Finding> findings;     // worst first
  int64_t findings_left_out = 0;     // beyond kMaxFindingsPerCheck; none worse than kept
  std::vector<ScoreDistribution> distributions;  // those that drifted most first
};

struct GuardrailRun {
  absl::Time now;
  int threads = 1;
  std::vector<RecentRequest> recent = {};  // of the live table; may be empty
  std::vector<Gate> gates = {};            // of the candidate's manifest; may be empty
  // Whether a snapshot of other bytes has the candidate's id; nothing: it is not known.
  std::optional<bool> reuses_id = {};
  // Called once a part of the tables, by one thread at a time. Anything but OK ends the work.
  std::function<absl::Status(int64_t done, int64_t total)> progress = {};
};

// Compares the candidate with the live table (null: only what needs none is checked). Reads all
// rows of both once. The result does not depend on the number of threads.
absl::StatusOr<GuardrailReport> CheckGuardrails(const Table& candidate, const Table* live,
                                                const GuardrailPolicy& policy,
                                                const GuardrailRun& run);

// "blocked: items added and removed 62.0 % (blocks at 50.0 %); …": what did not pass, in one line
// with the worst finding of a check.
std::string GuardrailSummary(const GuardrailReport& report);

// The report for a terminal, for programs, and as one HTML page without references to others.
std::string GuardrailText(const GuardrailReport& report);
std::string GuardrailJson(const GuardrailReport& report);
std::string GuardrailHtml(const GuardrailReport& report);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_H_
