#pragma once
#include <string>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// A column as a tree sees it.
struct TreeColumn {
  std::string name;
  bool numeric = true;
  std::vector<std::string> categories;  ///< of a categorical column, in order of the values 0, 1, ...
};

/// What a tree learns from: rows of mixed columns with a class each.
struct TreeData {
  std::vector<TreeColumn> columns;
  MatrixD values;                    ///< rows x columns: the number, or the category's index; NaN where missing
  VectorXi label;                    ///< each row's class, 0 .. classes - 1
  std::vector<std::string> classes;  ///< names of the classes
};

/// A node of a tree. Children come by code (Tree::code): a multiway split has one place for every code of its column, a cut
/// has three: x <= cut, x > cut, missing.
struct TreeNode {
  enum class Split { leaf, multiway, cut };
  Split split = Split::leaf;
  int column = -1;
  int cut = -1;            ///< of a cut: its index in Tree::cuts[column]
  std::vector<int> child;  ///< indices in Tree::nodes; -1 where no training row went
  VectorXd counts;         ///< training rows of each class, n_{l,y}; noisy, perhaps fractional, in a private tree
  int parent = -1;
  int depth = 0;  ///< the root's is 0
  bool is_leaf() const { return split == Split::leaf; }
  double rows() const { return counts.sum(); }
};

/// A decision tree as plain data. method.md section 3, "Tree, pinned".
///
/// A column's values become codes. Categorical: the category's index, and one more code, the last, for a missing value.
/// Numeric: the number of the bin, x <= cuts[0], x <= cuts[1], ..., above all cuts, and again one more where missing.
struct Tree {
  std::vector<TreeColumn> columns;
  std::vector<std::vector<double>> cuts;  ///< each column's, ascending; empty for categorical columns
  std::vector<std::string> classes;
  std::vector<TreeNode> nodes;        ///< nodes[0] is the root; a parent stands before its children
  std::string criterion = "entropy";  ///< with "gini" the gain is no information, and lambda is not comparable

  int codes(int column) const;               ///< how many codes the column has, missing included
  int code(int column, double value) const;  ///< -1 for a category that the column does not list
  /// The place in `nodes[node].child` where `value` of the node's column belongs; -1 for an unlisted category.
  int branch(int node, double value) const;
  /// What a branch asks, in words: "age <= 37", "sex = Male", "age missing".
  std::string branch_text(int node, int branch) const;
  int leaves() const;
  int depth() const;  ///< of the deepest leaf; 0 for a single leaf
};

/// Where each row of `values` (rows x columns, as in TreeData) ends: the index of a leaf, or of the inner node that has no
/// child for the row's value (an unseen category, an empty child): that node's own counts then answer.
VectorXi node_of(const Tree& tree, const MatrixD& values);
/// The answer of one node: n_{l,y} / n_l for each class; even where all counts are 0.
VectorXd confidence(const TreeNode& node);
/// Confidences of each row, rows x classes.
MatrixD confidences(const Tree& tree, const MatrixD& values);
/// The majority class of each row's node; ties to the lowest class.
VectorXi predicted(const Tree& tree, const MatrixD& values);

/// dI of a split in bits: (n_t/n) H({n_c/n_t}); 0 of a leaf. n is the root's rows.
double split_information(const Tree& tree, int node);
/// Sum of dI over the splits; over those on `column` alone if it is not -1 (what targeted MID keeps small). Over all splits
/// it equals leaf_information.
double information(const Tree& tree, int column = -1);
/// H(L) in bits: what the answer tells of the record when the leaf or its confidences are released.
double leaf_information(const Tree& tree);
/// H(m_L) in bits: the same when only the majority label is released.
double label_information(const Tree& tree);

}  // namespace mid
