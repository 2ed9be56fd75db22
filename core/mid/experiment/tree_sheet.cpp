#include "mid/experiment/tree_sheet.hpp"

#include <algorithm>
#include <cmath>

namespace mid {
namespace {

constexpr std::size_t kMostVictims = 1000;
constexpr double kGivesAway = .25;    // so far from everyone's share
constexpr double kWorkOfNode = 5000;  // operations of telling of one: mostly memory for its words

double entropy(const VectorXd& counts) {
  const double n = counts.sum();
  double h = 0;
  for (const double c : counts)
    if (c > 0) h -= c / n * std::log2(c / n);
  return h;
}

/// Bits that a split tells about the class, weighted by the records it is about.
double gain(const Tree& tree, const TreeNode& node, double all) {
  if (node.is_leaf() || node.rows() <= 0) return 0;
  double left = 0;
  for (const int child : node.child)
    if (child >= 0)
      left +=
          tree.nodes[static_cast<std::size_t>(child)].rows() / node.rows() * entropy(tree.nodes[static_cast<std::size_t>(child)].counts);
  return node.rows() / all * (entropy(node.counts) - left);
}

/// The nodes of `uncut` that stand where those of `tree` do.
std::vector<int> twins(const Tree& tree, const Tree& uncut) {
  std::vector<int> twin(tree.nodes.size(), 0);
  for (std::size_t i = 1; i < tree.nodes.size(); ++i) {
    const auto parent = static_cast<std::size_t>(tree.nodes[i].parent);
    const std::vector<int>& child = tree.nodes[parent].child;
    const auto branch = std::find(child.begin(), child.end(), static_cast<int>(i)) - child.begin();
    twin[i] = uncut.nodes[static_cast<std::size_t>(twin[parent])].child[static_cast<std::size_t>(branch)];
  }
  return twin;
}

int leaves_below(const Tree& tree, int node) {
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  if (t.is_leaf()) return 1;
  int leaves = 0;
  for (const int child : t.child)
    if (child >= 0) leaves += leaves_below(tree, child);
  return leaves;
}

/// Whether the secret alone determines that column.
bool is_about(const Secret& secret, int column) { return std::ranges::find(secret.inputs, column) != secret.inputs.end(); }

/// What would have been asked next; empty where the tree ends by itself.
std::optional<TreeCut> cut_below(const Tree& uncut, int node, const Secret& secret) {
  const TreeNode& t = uncut.nodes[static_cast<std::size_t>(node)];
  if (t.is_leaf()) return std::nullopt;
  return TreeCut{uncut.columns[static_cast<std::size_t>(t.column)].name, is_about(secret, t.column), leaves_below(uncut, node)};
}

/// The value of the secret that a node with these shares tells of: of two always the same one, "yes" or else the last.
Eigen::Index shown_value(const Secret& secret, const VectorXd& share, const VectorXd& everyone) {
  if (secret.values.size() != 2) {
    Eigen::Index most = 0;
    (share - everyone).maxCoeff(&most);
    return most;
  }
  return secret.values[0] == "yes" ? 0 : 1;
}

}  // namespace

Task tree_sheet(const Tree& tree, const Tree& uncut, const Data& data, TreeSheet& out) {
  const Secret& secret = *data.set.secret;
  const auto values = static_cast<Eigen::Index>(secret.values.size());
  std::vector<VectorXd> inside(tree.nodes.size(), VectorXd::Zero(values));
  const VectorXi end = node_of(tree, rows_of(data.set.inputs, data.split.train).cast<double>());
  if (tick_due(static_cast<double>(data.split.train.size()) * (4. * static_cast<double>(data.set.inputs.cols()) + 10. * tree.depth())))
    co_await Tick{};
  for (std::size_t i = 0; i < data.split.train.size(); ++i) {
    const int v = secret.of_row[data.split.train[i]];
    if (v < 0) continue;
    for (int node = end[static_cast<Eigen::Index>(i)]; node >= 0; node = tree.nodes[static_cast<std::size_t>(node)].parent)
      inside[static_cast<std::size_t>(node)][v] += 1;
  }
  const auto share = [](const VectorXd& counts) { return VectorXd(counts / std::max(1., counts.sum())); };
  const VectorXd everyone = share(inside[0]);

  std::vector<TreeSheetNode> nodes;
  const std::vector<int> twin = twins(tree, uncut);
  const double all = tree.nodes[0].rows();
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    if (tick_due(kWorkOfNode + 20. * static_cast<double>(tree.classes.size()))) co_await Tick{};
    const TreeNode& node = tree.nodes[i];
    std::string branch;
    if (node.parent >= 0) {
      const TreeNode& parent = tree.nodes[static_cast<std::size_t>(node.parent)];
      for (std::size_t b = 0; b < parent.child.size(); ++b)
        if (parent.child[b] == static_cast<int>(i)) branch = tree.branch_text(node.parent, static_cast<int>(b));
    }
    const VectorXd its = share(inside[i]);
    const Eigen::Index value = shown_value(secret, its, everyone);
    const std::string& shown_name = secret.values[static_cast<std::size_t>(value)];
    Eigen::Index answer = 0;
    const VectorXd confident = confidence(node);
    confident.maxCoeff(&answer);
    TreeSheetNode& shown = nodes.emplace_back();
    shown.parent = node.parent, shown.branch = branch;
    shown.question = node.is_leaf() ? "" : tree.columns[static_cast<std::size_t>(node.column)].name;
    shown.asks = !node.is_leaf() && is_about(secret, node.column);
    shown.answer = tree.classes[static_cast<std::size_t>(answer)], shown.confidence = confident[answer];
    shown.share = all > 0 ? node.rows() / all : 0, shown.values.assign(its.begin(), its.end());
    shown.tells = its[value], shown.tells_name = shown_name == "yes" ? secret.name : shown_name, shown.everyone = everyone[value];
    shown.gives_away = std::abs(its[value] - everyone[value]) > kGivesAway;
    shown.gain = gain(tree, node, all), shown.information = split_information(tree, static_cast<int>(i));
    if (node.is_leaf()) shown.cut = cut_below(uncut, twin[i], secret);
  }
  std::vector<int> shown;
  for (const int row : data.split.attacked)
    if (secret.of_row[row] >= 0 && shown.size() < kMostVictims) shown.push_back(row);
  const VectorXi victims = node_of(tree, rows_of(data.set.inputs, shown).cast<double>());
  out = {secret.values, secret.name, std::move(nodes), std::vector<int>(victims.begin(), victims.end())};
}

}  // namespace mid
