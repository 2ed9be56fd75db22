#include "mid/run/tree_sheet.hpp"

#include <cmath>

namespace mid {
namespace {

constexpr std::size_t kMostVictims = 1000;

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
    if (child >= 0) left += tree.nodes[static_cast<std::size_t>(child)].rows() / node.rows() * entropy(tree.nodes[static_cast<std::size_t>(child)].counts);
  return node.rows() / all * (entropy(node.counts) - left);
}

Json numbers(const VectorXd& v) { return Json(std::vector<double>(v.begin(), v.end())); }

}  // namespace

Json tree_sheet(const Tree& tree, const Data& data) {
  const Secret& secret = *data.set.secret;
  const auto values = static_cast<Eigen::Index>(secret.values.size());
  std::vector<VectorXd> inside(tree.nodes.size(), VectorXd::Zero(values));
  const VectorXi end = node_of(tree, rows_of(data.set.inputs, data.split.train).cast<double>());
  for (std::size_t i = 0; i < data.split.train.size(); ++i) {
    const int v = secret.of_row[data.split.train[i]];
    if (v < 0) continue;
    for (int node = end[static_cast<Eigen::Index>(i)]; node >= 0; node = tree.nodes[static_cast<std::size_t>(node)].parent) inside[static_cast<std::size_t>(node)][v] += 1;
  }
  const auto share = [](const VectorXd& counts) { return numbers(counts / std::max(1., counts.sum())); };

  Json nodes = Json::array();
  const double all = tree.nodes[0].rows();
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    std::string branch;
    if (node.parent >= 0) {
      const TreeNode& parent = tree.nodes[static_cast<std::size_t>(node.parent)];
      for (std::size_t b = 0; b < parent.child.size(); ++b)
        if (parent.child[b] == static_cast<int>(i)) branch = tree.branch_text(node.parent, static_cast<int>(b));
    }
    Eigen::Index answer = 0;
    const VectorXd confident = confidence(node);
    confident.maxCoeff(&answer);
    nodes.push_back({{"parent", node.parent}, {"branch", branch},
                     {"question", node.is_leaf() ? "" : tree.columns[static_cast<std::size_t>(node.column)].name},
                     {"asks", !node.is_leaf() && node.column == secret.inputs[0]},
                     {"answer", tree.classes[static_cast<std::size_t>(answer)]}, {"confidence", confident[answer]},
                     {"share", all > 0 ? node.rows() / all : 0}, {"values", share(inside[i])}, {"gain", gain(tree, node, all)},
                     {"told", split_information(tree, static_cast<int>(i))}});
  }
  std::vector<int> shown;
  for (const int row : data.split.attacked)
    if (secret.of_row[row] >= 0 && shown.size() < kMostVictims) shown.push_back(row);
  const VectorXi victims = node_of(tree, rows_of(data.set.inputs, shown).cast<double>());
  return {{"values", secret.values}, {"secret", secret.name}, {"everyone", share(inside[0])}, {"nodes", nodes},
          {"victims", std::vector<int>(victims.begin(), victims.end())}};
}

}  // namespace mid
