// The table of constraints.
#ifndef OASIS_PROBLEM_FILES_CONSTRAINT_TABLE_H_
#define OASIS_PROBLEM_FILES_CONSTRAINT_TABLE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "oasis/allocation_problem.h"
#include "problem_files/context_tables.h"
#include "problem_files/item_tables.h"
#include "problem_files/row_lines.h"
#include "problem_files/table_reader.h"

namespace oasis::problem_files {

// Rows go to `tables`; all it was given must outlive it. Not thread-safe.
class ConstraintTable {
 public:
  ConstraintTable(AllocationTables* tables, const ContextTables* contexts, const ItemTables* items,
                  Reading* reading)
      : tables_(*tables), contexts_(*contexts), items_(*items), reading_(*reading) {}

  absl::Status Read(const std::string& path);

  const RowLines& lines() const { return lines_; }

 private:
  void ReadConstraint(TableReader* row);
  void ReadSubject(TableReader* row, AllocationConstraint* constraint);
  void ReadPlace(TableReader* row, AllocationConstraint* constraint);
  void ReadPrice(TableReader* row, AllocationConstraint* constraint);

  AllocationTables& tables_;
  const ContextTables& contexts_;
  const ItemTables& items_;
  Reading& reading_;
  RowLines lines_;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_CONSTRAINT_TABLE_H_
