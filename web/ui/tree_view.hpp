#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/base/json.hpp"

namespace mid::ui {

/// Reads a tree as the Session draws it (core/mid/experiment/tree_sheet.hpp). Names of a stranger's table are shortened.
class TreeView {
 public:
  explicit TreeView(const Json& sheet);

  /// What the defence kept from being asked below a leaf.
  struct Cut {
    std::string question;
    bool asks = false;  ///< about the secret itself
    int leaves = 0;     ///< that would have grown there
  };

  int size() const { return static_cast<int>(nodes_.size()); }
  int leaves() const;
  const std::string& question(int node) const { return at(node).question; }      ///< the column it asks about; empty of a leaf
  const std::string& branch(int node) const { return at(node).branch; }          ///< the answer that leads here
  const std::string& answer(int node) const { return at(node).answer; }          ///< what the model says there
  bool asks(int node) const { return at(node).asks; }                            ///< about the secret itself
  double share(int node) const { return at(node).share; }                        ///< of all people
  double tells(int node) const { return at(node).tells; }                        ///< share of one value of the secret among its people,
  const std::string& tells_name(int node) const { return at(node).tells_name; }  ///< "married",
  double everyone(int node) const { return at(node).everyone; }                  ///< and of all
  double gain(int node) const { return at(node).gain; }
  double told(int node) const { return at(node).told; }
  /// Far from everyone's share: whoever ends here is given away.
  bool gives_away(int node) const { return at(node).away; }
  const std::optional<Cut>& cut(int node) const { return at(node).cut; }
  bool has_cuts() const;
  bool leaf_gives_away() const;                    ///< any of them
  bool one_value() const { return values_ == 2; }  ///< every node tells of the same value
  const std::vector<int>& children(int node) const { return at(node).children; }
  int parent(int node) const { return at(node).parent; }
  /// From the root to where a victim ends.
  std::vector<int> path(int victim) const;

 private:
  struct Node {
    int parent = -1;
    std::string branch, question, answer, tells_name;
    bool asks = false, away = false;
    double share = 0, tells = 0, everyone = 0, gain = 0, told = 0;
    std::optional<Cut> cut;
    std::vector<int> children;
  };
  const Node& at(int node) const { return nodes_[static_cast<std::size_t>(node)]; }
  std::vector<Node> nodes_;
  std::vector<int> victims_;
  int values_ = 0;
};

}  // namespace mid::ui
