// The tables of edges and of the terms of their value.
#ifndef OASIS_PROBLEM_FILES_EDGE_TABLE_H_
#define OASIS_PROBLEM_FILES_EDGE_TABLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "oasis/allocation_problem.h"
#include "problem_files/context_tables.h"
#include "problem_files/item_tables.h"
#include "problem_files/row_lines.h"
#include "problem_files/table_reader.h"

namespace oasis::problem_files {

// Rows go to `tables`; all it was given must outlive it. Not thread-safe.
class EdgeTable {
 public:
  EdgeTable(AllocationTables* tables, ContextTables* contexts, const ItemTables* items,
            Reading* reading)
      : tables_(*tables), contexts_(*contexts), items_(*items), reading_(*reading) {}

  // In this order; the first only where there is such a table.
  absl::Status ReadTerms(const std::string& path);
  // All files must have the same columns of values, those of the terms where there is such a table.
  absl::Status ReadEdges(const std::vector<std::string>& paths);

  const RowLines& term_lines() const { return term_lines_; }
  const RowLines& edge_lines() const { return edge_lines_; }

 private:
  using TermColumns = std::vector<TableReader::OtherColumn>;

  absl::Status ReadFile(const std::string& path);
  // Puts the columns that the value is in into the order of the terms. InvalidArgument says what is
  // wrong with them.
  absl::Status BindTerms(const TableReader& file, TermColumns* columns);
  // Makes terms of the columns, where no table names them.
  absl::Status AddTerms(const TableReader& file, const TermColumns& columns);
  void ReadEdge(const TermColumns& terms, TableReader* row);

  AllocationTables& tables_;
  ContextTables& contexts_;
  const ItemTables& items_;
  Reading& reading_;
  bool terms_known_ = false;   // from their table, or the first file of edges
  std::vector<float> values_;  // of the edge that is read
  RowLines term_lines_, edge_lines_;
};

}  // namespace oasis::problem_files

#endif  // OASIS_PROBLEM_FILES_EDGE_TABLE_H_
