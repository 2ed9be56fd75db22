#pragma once
#include <string>
#include <vector>

#include "mid/base/json.hpp"

namespace mid::ui {

/// Reads a tree as the Session draws it (core/mid/run/tree_sheet.hpp). Of the secret one value is told of: "yes" of a
/// question, else the last.
class TreeView {
 public:
  explicit TreeView(const Json& sheet);

  int size() const { return static_cast<int>(nodes_.size()); }
  int leaves() const;
  const std::string& question(int node) const { return at(node).question; }  ///< the column it asks about; empty of a leaf
  const std::string& branch(int node) const { return at(node).branch; }      ///< the answer that leads here
  bool asks(int node) const { return at(node).asks; }                        ///< about the secret itself
  double share(int node) const { return at(node).share; }                    ///< of all people
  double tells(int node) const { return at(node).tells; }                    ///< share of the told value among its people
  double gain(int node) const { return at(node).gain; }
  double told(int node) const { return at(node).told; }
  double everyone() const { return nodes_.empty() ? 0 : nodes_[0].tells; }
  /// Far from everyone's share: whoever ends here is given away.
  bool gives_away(int node) const;
  const std::string& tells_name() const { return name_; }  ///< "married"
  std::vector<int> children(int node) const { return at(node).children; }
  /// From the root to where a victim ends.
  std::vector<int> path(int victim) const;

 private:
  struct Node {
    int parent = -1;
    std::string branch, question;
    bool asks = false;
    double share = 0, tells = 0, gain = 0, told = 0;
    std::vector<int> children;
  };
  const Node& at(int node) const { return nodes_[static_cast<std::size_t>(node)]; }
  std::vector<Node> nodes_;
  std::vector<int> victims_;
  std::string name_;
};

}  // namespace mid::ui
