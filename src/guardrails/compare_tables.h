// Reads two tables row by row.
#ifndef OASIS_GUARDRAILS_COMPARE_TABLES_H_
#define OASIS_GUARDRAILS_COMPARE_TABLES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "guardrails/joint_numbers.h"
#include "guardrails/tally.h"
#include "oasis/guardrails.h"
#include "oasis/table.h"

namespace oasis {

// What both tables have.
struct Overlap {
  int64_t items = 0;
  int64_t rows = 0;
  int64_t moved_rows = 0;  // of these, whose promotion score is another by move_bound or more

  void Merge(const Overlap& other) {
    items += other.items;
    rows += other.rows;
    moved_rows += other.moved_rows;
  }
};

struct ComparedTables {
  Tally candidate;
  Tally live;
  Overlap overlap;
};

// The candidate's rows, each beside the live one of its item, and the live table's; `live` may be
// null. Work is done part by part on run.threads threads.
absl::StatusOr<ComparedTables> CompareTables(const Table& candidate, const Table* live,
                                             const JointNumbers& joint, double move_bound,
                                             const GuardrailRun& run);

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_COMPARE_TABLES_H_
