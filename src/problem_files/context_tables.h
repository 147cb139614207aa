// The tables of contexts and of zones.
#ifndef OASIS_PROBLEM_FILES_CONTEXT_TABLES_H_
#define OASIS_PROBLEM_FILES_CONTEXT_TABLES_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/allocation_problem.h"
#include "problem_files/row_lines.h"
#include "problem_files/table_reader.h"

namespace oasis::problem_files {

// Rows go to the tables that it was given, which must outlive it. Not thread-safe.
class ContextTables {
 public:
  ContextTables(AllocationTables* tables, Reading* reading)
      : tables_(*tables), reading_(*reading) {}

  // In this order; the first only where there is such a table.
  absl::Status ReadZones(const std::string& path);
  absl::Status ReadContexts(const std::string& path);

  // The place of a context, kNobody where it is not there. Allocates nothing, and is fast for the
  // one that was found last.
  uint32_t Find(absl::string_view surface, absl::string_view market, absl::string_view cohort);

  // Whether contexts are in such a surface and market; empty ones mean any.
  bool HasZone(absl::string_view surface, absl::string_view market) const;

  // False where some context could not be read: then one that Find misses may be there.
  bool whole() const { return whole_; }

  const RowLines& zone_lines() const { return zone_lines_; }
  const RowLines& context_lines() const { return context_lines_; }

 private:
  // Of names with a 0 between, which none of a context has inside.
  using Places = absl::flat_hash_map<std::string, uint32_t>;

  uint32_t ZoneOf(absl::string_view surface, absl::string_view market, int64_t line);
  void ReadContext(TableReader* row);
  void RequireContextsInZones(size_t zones_read);

  AllocationTables& tables_;
  Reading& reading_;
  Places zones_, contexts_;
  std::string name_;  // the one looked for; kept for its memory
  uint32_t last_found_ = kNobody;
  bool whole_ = false;  // until ReadContexts
  RowLines zone_lines_, context_lines_;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_CONTEXT_TABLES_H_
