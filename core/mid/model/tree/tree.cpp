#include "mid/model/tree/tree.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>

#include "mid/base/work.hpp"

namespace mid {
namespace {

/// -p log2 p, with 0 at 0.
double entropy_part(double p) { return p > 0 ? -p * std::log2(p) : 0; }

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

int majority(const VectorXd& counts) {
  Eigen::Index best = 0;
  counts.maxCoeff(&best);  // the first of equals
  return static_cast<int>(best);
}

int end_of(const Tree& tree, const MatrixD& values, Eigen::Index row) {
  int node = 0;
  while (!tree.nodes[static_cast<std::size_t>(node)].is_leaf()) {
    const TreeNode& n = tree.nodes[static_cast<std::size_t>(node)];
    const int branch = tree.branch(node, values(row, n.column));
    const int next = branch < 0 ? -1 : n.child[static_cast<std::size_t>(branch)];
    if (next < 0) break;
    node = next;
  }
  return node;
}

}  // namespace

int Tree::codes(int column) const {
  const auto c = static_cast<std::size_t>(column);
  return static_cast<int>(columns[c].numeric ? cuts[c].size() + 2 : columns[c].categories.size() + 1);
}

int Tree::code(int column, double value) const {
  const auto c = static_cast<std::size_t>(column);
  if (std::isnan(value)) return codes(column) - 1;
  if (columns[c].numeric) return static_cast<int>(std::lower_bound(cuts[c].begin(), cuts[c].end(), value) - cuts[c].begin());
  return value >= 0 && value < static_cast<double>(columns[c].categories.size()) ? static_cast<int>(value) : -1;
}

int Tree::branch(int node, double value) const {
  const TreeNode& n = nodes[static_cast<std::size_t>(node)];
  if (n.split == TreeNode::Split::multiway) return code(n.column, value);
  if (std::isnan(value)) return 2;
  return value <= cuts[static_cast<std::size_t>(n.column)][static_cast<std::size_t>(n.cut)] ? 0 : 1;
}

std::string Tree::branch_text(int node, int branch) const {
  const TreeNode& n = nodes[static_cast<std::size_t>(node)];
  const auto c = static_cast<std::size_t>(n.column), b = static_cast<std::size_t>(branch);
  const std::string& name = columns[c].name;
  if (branch + 1 == static_cast<int>(n.child.size())) return name + " missing";
  if (!columns[c].numeric) return name + " = " + columns[c].categories[b];
  if (n.split == TreeNode::Split::cut) return name + (branch == 0 ? " <= " : " > ") + number(cuts[c][static_cast<std::size_t>(n.cut)]);
  if (cuts[c].empty()) return name + " given";
  if (branch == 0) return name + " <= " + number(cuts[c][0]);
  const std::string above = number(cuts[c][b - 1]) + " < " + name;
  return b < cuts[c].size() ? above + " <= " + number(cuts[c][b]) : name + " > " + number(cuts[c][b - 1]);
}

int Tree::leaves() const {
  return static_cast<int>(std::count_if(nodes.begin(), nodes.end(), [](const TreeNode& n) { return n.is_leaf(); }));
}

int Tree::depth() const {
  int deepest = 0;
  for (const TreeNode& n : nodes) deepest = std::max(deepest, n.depth);
  return deepest;
}

VectorXi node_of(const Tree& tree, const MatrixD& values) {
  assert(!tree.nodes.empty() && values.cols() == static_cast<Eigen::Index>(tree.columns.size()));
  VectorXi out(values.rows());
  count_work(10. * static_cast<double>(values.rows()) * tree.depth());
  for (Eigen::Index row = 0; row < values.rows(); ++row) out[row] = end_of(tree, values, row);
  return out;
}

VectorXd confidence(const TreeNode& node) {
  const double n = node.rows();
  if (n <= 0) return VectorXd::Constant(node.counts.size(), 1.0 / static_cast<double>(node.counts.size()));
  return node.counts / n;
}

MatrixD confidences(const Tree& tree, const MatrixD& values) {
  const VectorXi node = node_of(tree, values);
  MatrixD out(values.rows(), static_cast<Eigen::Index>(tree.classes.size()));
  for (Eigen::Index row = 0; row < out.rows(); ++row) out.row(row) = confidence(tree.nodes[static_cast<std::size_t>(node[row])]);
  return out;
}

VectorXi predicted(const Tree& tree, const MatrixD& values) {
  VectorXi out = node_of(tree, values);
  for (int& node : out) node = majority(tree.nodes[static_cast<std::size_t>(node)].counts);
  return out;
}

double split_information(const Tree& tree, int node) {
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  const double rows = t.rows(), n = tree.nodes.front().rows();
  if (t.is_leaf() || rows <= 0) return 0;
  double h = 0;
  for (int c : t.child)
    if (c >= 0) h += entropy_part(tree.nodes[static_cast<std::size_t>(c)].rows() / rows);
  return rows / n * h;
}

double information(const Tree& tree, int column) {
  double sum = 0;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i)
    if (column < 0 || tree.nodes[i].column == column) sum += split_information(tree, static_cast<int>(i));
  return sum;
}

double leaf_information(const Tree& tree) {
  const double n = tree.nodes.front().rows();
  double h = 0;
  for (const TreeNode& t : tree.nodes)
    if (t.is_leaf() && n > 0) h += entropy_part(t.rows() / n);
  return h;
}

double label_information(const Tree& tree) {
  const double n = tree.nodes.front().rows();
  VectorXd rows = VectorXd::Zero(static_cast<Eigen::Index>(tree.classes.size()));
  for (const TreeNode& t : tree.nodes)
    if (t.is_leaf()) rows[majority(t.counts)] += t.rows();
  double h = 0;
  for (double r : rows)
    if (n > 0) h += entropy_part(r / n);
  return h;
}

}  // namespace mid
