#pragma once
#include <vector>

#include "mid/base/archive.hpp"
#include "mid/model/tree/tree_codes.hpp"
#include "mid/model/tree/tree_split.hpp"

namespace mid {

using Histogram = std::vector<int>;  ///< rows by column, code, class

/// What growing needs to know of a node that may still be split.
struct OpenNode {
  int begin = 0, end = 0;  ///< its rows in the order of the growth
  Histogram histogram;     ///< empty: not counted yet
  int rows() const { return end - begin; }
};

/// A tree while it grows: which rows have come to which node. Splitting a node keeps its rows together. What a loop packs of it is the
/// tree as it was at the last settle().
class TreeGrowth {
 public:
  /// Begins with the root. All but the numbers in `data` are read later, too, and outlive it; `tree` has its columns and classes, and
  /// gets its cuts before lay_out_histograms().
  TreeGrowth(const TreeData& data, const TreeSpec& spec, const TreePenalty& penalty, Tree& tree);

  /// Call when all columns are coded.
  void lay_out_histograms();
  bool may_split(int node) const;
  /// Adds the rows from number `begin` to `end` of the order to a histogram, `by` times each.
  void count(Histogram& h, int begin, int end, int by) const;
  /// Call before try_column() of a node.
  void begin_search(int node);
  /// `best` becomes the best split of this column if that is better.
  void try_column(int node, int column, SplitCandidate& best) const;
  /// Entries of a histogram that belong to a column.
  std::size_t entries(int column) const { return static_cast<std::size_t>(tree_.codes(column)) * static_cast<std::size_t>(classes_); }
  /// Makes the children, each with its rows together; returns the first one's index (they come last in `nodes`).
  int split(int node, const SplitCandidate& chosen);

  /// Call when all that a node asks for is done: a save point holds the tree as it was then.
  void settle() { settled_ = tree_.nodes.size(); }
  /// The tree without what has begun since settle(): splitting the rows of a node again leaves them in the same order.
  void pack(Packer& out) const;
  void unpack(Unpacker& in);
  /// Throws Damaged unless `node`, to which a save point has come, is one of its tree.
  void check_place(int node) const { Unpacker::expect(node <= static_cast<int>(tree_.nodes.size())); }

  CodedRows coded;
  std::vector<OpenNode> open;  ///< beside tree.nodes
  std::size_t histogram_size = 0;

 private:
  const TreeNode& at(int node) const { return tree_.nodes[static_cast<std::size_t>(node)]; }
  int add_node(int parent, int begin, int end, VectorXd counts);
  void unpack_node(Unpacker& in, int node, int count);

  const TreeSpec& spec_;
  Tree& tree_;
  int classes_;
  const VectorXi& label_;
  SplitSearch search_;
  std::vector<bool> used_;            // columns that the nodes above the one at hand split on
  std::vector<int> order_, scratch_;  // rows, those of a node together
  std::vector<int> offset_;           // where each column's part of a histogram begins
  std::size_t settled_ = 0;           // nodes that a save point holds
};

}  // namespace mid
