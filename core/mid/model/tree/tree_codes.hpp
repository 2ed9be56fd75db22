#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "mid/model/tree/tree.hpp"

namespace mid {

/// Throws Error when a tree cannot be grown on `data`, naming the field of the specification: data.drop for a column of more
/// than 200 categories, model.kind where there are no classes (a regression). Throws Failure where there are no rows.
void check_tree_data(const TreeData& data);

/// The inner quantiles of the finite numbers among `values` at k/8, k = 1 .. 7, linear between neighbours,
/// duplicates removed: at most 7 cuts, none where there is no number. Linear in the number of values.
/// method.md section 3, "Tree, pinned".
std::vector<double> quantile_cuts(std::span<const double> values);

/// The rows' codes (Tree::code) as bytes, one row after the other.
struct CodedRows {
  int columns = 0;
  std::vector<std::uint8_t> code;  ///< rows x columns
  const std::uint8_t* row(int i) const { return code.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(columns); }
};

/// Writes the codes of `column`, whose values are `values`; `out.code` must have room for all rows. A category outside its
/// column's list is a broken promise: training data list theirs.
void code_column(const Tree& tree, int column, std::span<const double> values, CodedRows& out);

}  // namespace mid
