#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/report/sheets.hpp"

namespace mid::ui {

/// A tree as the page draws it. Names of a stranger's table are shortened.
class TreeView {
 public:
  explicit TreeView(const TreeSheet& sheet);

  int size() const { return static_cast<int>(nodes_.size()); }
  int leaves() const;
  const std::string& question(int node) const { return at(node).of.question; }      ///< the column it asks about; empty of a leaf
  const std::string& branch(int node) const { return at(node).of.branch; }          ///< the answer that leads here
  const std::string& answer(int node) const { return at(node).of.answer; }          ///< what the model says there
  bool asks(int node) const { return at(node).of.asks; }                            ///< about the secret itself
  double share(int node) const { return at(node).of.share; }                        ///< of all people
  double tells(int node) const { return at(node).of.tells; }                        ///< share of one value of the secret among its people,
  const std::string& tells_name(int node) const { return at(node).of.tells_name; }  ///< "married",
  double everyone(int node) const { return at(node).of.everyone; }                  ///< and of all
  double gain(int node) const { return at(node).of.gain; }
  double information(int node) const { return at(node).of.information; }
  /// Far from everyone's share: whoever ends here is given away.
  bool gives_away(int node) const { return at(node).of.gives_away; }
  const std::optional<TreeCut>& cut(int node) const { return at(node).of.cut; }
  bool has_cuts() const;
  bool leaf_gives_away() const;                    ///< any of them
  bool one_value() const { return values_ == 2; }  ///< every node tells of the same value
  const std::vector<int>& children(int node) const { return at(node).children; }
  int parent(int node) const { return at(node).of.parent; }
  /// From the root to where a victim ends.
  std::vector<int> path(int victim) const;

 private:
  struct Node {
    TreeSheetNode of;  ///< with short names
    std::vector<int> children;
  };
  const Node& at(int node) const { return nodes_[static_cast<std::size_t>(node)]; }
  std::vector<Node> nodes_;
  std::vector<int> victims_;
  int values_ = 0;
};

}  // namespace mid::ui
