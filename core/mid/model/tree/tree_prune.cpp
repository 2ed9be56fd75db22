#include "mid/model/tree/tree_prune.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace mid {
namespace {

constexpr double kSamePrice = 1e-12;

double strength(double as_leaf, const TreeCost& below) { return below.information > 0 ? (as_leaf - below.error) / below.information : 0; }

/// What every node costs as a leaf, and its own dI.
struct Parts {
  std::vector<double> error, information;
  explicit Parts(const Tree& tree) {
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      error.push_back(node_error(tree, static_cast<int>(i)));
      information.push_back(split_information(tree, static_cast<int>(i)));
    }
  }
};

template <class Visit>
void for_each_child(const TreeNode& t, Visit visit) {
  for (int c : t.child)
    if (c >= 0) visit(static_cast<std::size_t>(c));
}

/// The tree with the marked inner nodes as leaves.
Tree without_subtrees(const Tree& tree, const std::vector<bool>& collapsed) {
  Tree out{tree.columns, tree.cuts, tree.classes, {}, tree.criterion};
  std::vector<int> place(tree.nodes.size(), -1);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& t = tree.nodes[i];
    const int parent = t.parent < 0 ? -1 : place[static_cast<std::size_t>(t.parent)];
    if (t.parent >= 0 && (parent < 0 || out.nodes[static_cast<std::size_t>(parent)].is_leaf())) continue;
    place[i] = static_cast<int>(out.nodes.size());
    TreeNode copy = t;
    copy.parent = parent;
    if (collapsed[i]) copy.split = TreeNode::Split::leaf, copy.column = copy.cut = -1, copy.child.clear();
    out.nodes.push_back(std::move(copy));
  }
  for (TreeNode& t : out.nodes)
    for (int& c : t.child)
      if (c >= 0) c = place[static_cast<std::size_t>(c)];
  return out;
}

}  // namespace

double node_error(const Tree& tree, int node) {
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  const double rows = t.rows(), n = tree.nodes.front().rows();
  double h = 0;
  for (double count : t.counts)
    if (count > 0) h -= count * std::log2(count / rows);
  return n > 0 ? h / n : 0;
}

TreeCost subtree_cost(const Tree& tree, int node) {
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  if (t.is_leaf()) return {node_error(tree, node), 0};
  TreeCost sum{0, split_information(tree, node)};
  for_each_child(t, [&](std::size_t c) {
    const TreeCost below = subtree_cost(tree, static_cast<int>(c));
    sum.error += below.error, sum.information += below.information;
  });
  return sum;
}

double link_strength(const Tree& tree, int node) { return strength(node_error(tree, node), subtree_cost(tree, node)); }

std::vector<PruneStep> prune_path(const Tree& tree) {
  const Parts parts(tree);
  const std::size_t nodes = tree.nodes.size();
  std::vector<TreeCost> below(nodes);
  std::vector<int> leaves(nodes, 0);
  std::set<std::pair<double, std::size_t>> links;  // g of every inner node that still stands
  for (std::size_t i = nodes; i-- > 0;) {
    const TreeNode& t = tree.nodes[i];
    if (t.is_leaf()) {
      below[i] = {parts.error[i], 0}, leaves[i] = 1;
      continue;
    }
    below[i] = {0, parts.information[i]};
    for_each_child(
        t, [&](std::size_t c) { below[i].error += below[c].error, below[i].information += below[c].information, leaves[i] += leaves[c]; });
    links.insert({strength(parts.error[i], below[i]), i});
  }

  std::vector<bool> gone(nodes, false);
  const auto link = [&](std::size_t i) { return std::pair{strength(parts.error[i], below[i]), i}; };
  const auto collapse = [&](std::size_t top) {
    std::vector<std::size_t> inside{top};
    for (std::size_t k = 0; k < inside.size(); ++k) {
      const std::size_t i = inside[k];
      if (tree.nodes[i].is_leaf() || gone[i]) continue;
      links.erase(link(i));
      gone[i] = true;
      for_each_child(tree.nodes[i], [&](std::size_t c) { inside.push_back(c); });
    }
    const TreeCost change{parts.error[top] - below[top].error, -below[top].information};
    const int fewer = leaves[top] - 1;
    below[top] = {parts.error[top], 0}, leaves[top] = 1;
    for (int up = tree.nodes[top].parent; up >= 0; up = tree.nodes[static_cast<std::size_t>(up)].parent) {
      const auto i = static_cast<std::size_t>(up);
      links.erase(link(i));
      below[i].error += change.error, below[i].information += change.information, leaves[i] -= fewer;
      links.insert(link(i));
    }
  };

  std::vector<PruneStep> path;
  for (double lambda = 0;; lambda = std::max(lambda, links.begin()->first)) {
    PruneStep step{lambda, 0, {}, {}};
    while (!links.empty() && links.begin()->first <= lambda + kSamePrice) {
      step.collapsed.push_back(static_cast<int>(links.begin()->second));
      collapse(links.begin()->second);
    }
    step.leaves = leaves[0];
    step.cost = below[0];
    path.push_back(std::move(step));
    if (links.empty()) return path;
  }
}

Tree pruned(const Tree& tree, double lambda) {
  const Parts parts(tree);
  std::vector<TreeCost> below(tree.nodes.size());
  std::vector<bool> collapsed(tree.nodes.size(), false);
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {
    const TreeNode& t = tree.nodes[i];
    below[i] = {t.is_leaf() ? parts.error[i] : 0, parts.information[i]};
    if (t.is_leaf()) continue;
    for_each_child(t, [&](std::size_t c) { below[i].error += below[c].error, below[i].information += below[c].information; });
    if (lambda >= strength(parts.error[i], below[i]) - kSamePrice) collapsed[i] = true, below[i] = {parts.error[i], 0};
  }
  return without_subtrees(tree, collapsed);
}

}  // namespace mid
