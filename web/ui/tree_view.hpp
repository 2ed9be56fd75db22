#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mid/report/tree_drawing.hpp"
#include "ui/runs.hpp"

namespace mid::ui {

/// The tree of a run as the page draws it, while the run lives. Names are looked up in the page's language, and a stranger's shortened,
/// when they are read, since a large tree has thousands of which few are drawn.
class TreeView {
 public:
  explicit TreeView(const Shown& shown);

  int size() const { return static_cast<int>(sheet_.nodes.size()); }
  int leaves() const;
  bool leaf(int node) const { return at(node).question.empty(); }
  std::string question(int node) const;                          ///< what it asks, "Married?"; empty of a leaf
  std::string branch(int node) const;                            ///< the answer that leads here
  std::string answer(int node) const;                            ///< what the model says there
  bool asks(int node) const { return at(node).asks; }            ///< about the secret itself
  double share(int node) const { return at(node).share; }        ///< of all people
  double tells(int node) const { return at(node).tells; }        ///< share of one value of the secret among its people,
  std::string tells_name(int node) const;                        ///< "married",
  double everyone(int node) const { return at(node).everyone; }  ///< and of all
  double gain(int node) const { return at(node).gain; }
  double information(int node) const { return at(node).information; }
  /// Far from everyone's share: whoever ends here is given away.
  bool gives_away(int node) const { return at(node).gives_away; }
  std::optional<TreeCut> cut(int node) const;
  bool has_cuts() const;
  bool leaf_gives_away() const;                                 ///< any of them
  bool one_value() const { return sheet_.values.size() == 2; }  ///< every node tells of the same value
  std::span<const int> children(int node) const;
  int parent(int node) const { return at(node).parent; }
  int by_share(int node) const;   ///< its child with most people
  int end_of(int victim) const {  ///< the node where a victim ends
    return victim < static_cast<int>(sheet_.victims.size()) ? sheet_.victims[static_cast<std::size_t>(victim)] : 0;
  }
  /// What its names are in the language of the page, by their keys: for a file of it.
  Json said() const;
  /// From the root to where a victim ends.
  std::vector<int> path(int victim) const;

 private:
  const TreeSheetNode& at(int node) const { return sheet_.nodes[static_cast<std::size_t>(node)]; }
  std::string asked(const std::string& column) const;
  const TreeSheet& sheet_;
  TreeWords names_;
  std::vector<int> first_child_;  ///< where a node's children begin in children_; one more than nodes
  std::vector<int> children_;
};

}  // namespace mid::ui
