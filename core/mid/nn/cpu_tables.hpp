#pragma once
// Tables of gather and gather_sum as a processor reads them fastest: neighbouring numbers that move together are moved together.
#include <vector>

namespace mid {

/// One row of Program::gather or gather_sum, with every sum in the order of the table.
class TableRuns {
 public:
  /// `summands` entries for each column of the result, each the number of a column of the operand, which has `columns`, or -1. The table
  /// outlives this.
  TableRuns(const std::vector<int>& table, int summands, int columns);
  /// Fills a row of the result from one of the operand; overlaps nothing, and writes nothing beyond the row.
  void read(const float* from, float* to) const;

 private:
  /// Columns `to`, `to` + 1, ... of the result, of which each term's numbers lie side by side: column `to` + j is the sum of the operand's
  /// columns `terms_[first + q]` + j. No terms: zeros.
  struct Run {
    int to, width, first, terms;
  };
  void find_runs(int summands, int columns);

  const std::vector<int>& table_;
  int summands_;
  std::vector<Run> runs_;  // empty: column by column is as fast
  std::vector<int> terms_;
};

}  // namespace mid
