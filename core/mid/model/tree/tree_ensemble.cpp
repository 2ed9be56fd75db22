#include "mid/model/tree/tree_ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace mid {
namespace {

using Node = TreeEnsemble::Node;
using Mode = TreeEnsemble::Mode;

constexpr double kShareTolerance = 1e-3;  // of a leaf's shares from 1 in sum

bool says_yes(const Node& node, float x) {
  if (std::isnan(x)) return node.missing_yes;
  switch (node.mode) {
    case Mode::at_most: return x <= node.value;
    case Mode::less: return x < node.value;
    case Mode::at_least: return x >= node.value;
    case Mode::more: return x > node.value;
    case Mode::equal: return x == node.value;
    case Mode::unequal: return x != node.value;
    case Mode::leaf: break;
  }
  return false;
}

double logistic(double s) { return 1 / (1 + std::exp(-s)); }

/// Probabilities of the classes from what the leaves gave together.
void to_answer(const TreeEnsemble& trees, std::vector<double>& s, Eigen::Ref<Matrix> row) {
  using After = TreeEnsemble::After;
  if (trees.outputs == 1) {
    const double p = trees.after == After::none ? s[0] : logistic(s[0]);
    row(0, trees.place(0)) = static_cast<float>(1 - p), row(0, trees.place(1)) = static_cast<float>(p);
    return;
  }
  if (trees.after == After::softmax) {
    const double most = *std::ranges::max_element(s);
    double sum = 0;
    for (double& v : s) v = std::exp(v - most), sum += v;
    for (double& v : s) v /= sum;
  } else if (trees.after == After::logistic) {
    double sum = 0;
    for (double& v : s) v = logistic(v), sum += v;
    for (double& v : s) v = sum > 0 ? v / sum : 1 / static_cast<double>(s.size());
  }
  for (std::size_t k = 0; k < s.size(); ++k) row(0, trees.place(static_cast<int>(k))) = static_cast<float>(s[k]);
}

/// The largest float that is less.
float below(float value) { return std::nextafter(value, -std::numeric_limits<float>::infinity()); }

}  // namespace

int TreeEnsemble::depth() const {
  std::vector<int> level(nodes.size(), 0);
  int deepest = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {  // children stand behind
    deepest = std::max(deepest, level[i]);
    if (nodes[i].mode == Mode::leaf) continue;
    level[static_cast<std::size_t>(nodes[i].yes)] = level[static_cast<std::size_t>(nodes[i].no)] = level[i] + 1;
  }
  return deepest;
}

Matrix TreeEnsemble::answers(const Matrix& x) const {
  const bool number = regression(), extreme = together == Together::least || together == Together::most;
  Matrix out(x.rows(), number ? 1 : static_cast<Eigen::Index>(classes.size()));
  std::vector<double> s;
  for (Eigen::Index r = 0; r < x.rows(); ++r) {
    s.assign(static_cast<std::size_t>(outputs), 0);
    for (std::size_t t = 0; t < roots.size(); ++t) {
      int at = roots[t];
      while (nodes[static_cast<std::size_t>(at)].mode != Mode::leaf) {
        const Node& node = nodes[static_cast<std::size_t>(at)];
        at = says_yes(node, x(r, node.input)) ? node.yes : node.no;
      }
      for (const auto& [which, number_of_leaf] : nodes[static_cast<std::size_t>(at)].numbers) {
        double& sum = s[static_cast<std::size_t>(which)];
        if (!extreme || t == 0)
          sum += number_of_leaf;
        else
          sum = together == Together::least ? std::min(sum, number_of_leaf) : std::max(sum, number_of_leaf);
      }
    }
    for (std::size_t k = 0; k < s.size(); ++k) {
      if (together == Together::mean) s[k] /= static_cast<double>(roots.size());
      if (!base.empty()) s[k] += base[k];
    }
    if (number)
      out(r, 0) = static_cast<float>(s[0]);
    else
      to_answer(*this, s, out.row(r));
  }
  return out;
}

bool is_one_tree(const TreeEnsemble& trees) {
  constexpr int kMostTreeLevels = 100;  // what walks a Tree may call itself for each
  if (trees.regression() || trees.roots.size() != 1 || trees.after != TreeEnsemble::After::none || trees.depth() > kMostTreeLevels)
    return false;
  for (const Node& node : trees.nodes) {
    if (node.mode == Mode::equal || node.mode == Mode::unequal) return false;
    if (node.mode != Mode::leaf) continue;
    double sum = 0;
    for (const auto& [which, share] : node.numbers) {
      if (share < 0) return false;
      sum += share;
    }
    for (const double b : trees.base)
      if (b != 0) return false;
    if (trees.outputs == 1 ? sum > 1 : std::abs(sum - 1) > kShareTolerance) return false;
  }
  return true;
}

Tree tree_of(const TreeEnsemble& trees, bool& has_counts) {
  Tree out;
  int inputs = trees.input_count;
  for (const Node& node : trees.nodes) inputs = std::max(inputs, node.input + 1);
  for (int i = 0; i < inputs; ++i)
    out.columns.push_back({trees.inputs.empty() ? "input " + std::to_string(i + 1) : trees.inputs[static_cast<std::size_t>(i)], true, {}});
  out.classes = trees.classes, out.criterion = "unknown";
  // x <= cut; "less" asks for the float below.
  const auto cut_of = [](const Node& node) {
    return static_cast<double>(node.mode == Mode::less || node.mode == Mode::at_least ? below(node.value) : node.value);
  };
  std::vector<std::set<double>> cuts(static_cast<std::size_t>(inputs));
  double rows = 0;
  has_counts = false;
  for (const Node& node : trees.nodes) {
    if (node.mode != Mode::leaf)
      cuts[static_cast<std::size_t>(node.input)].insert(cut_of(node));
    else if (rows == 0)
      rows = node.rows;
    else if (node.rows != rows)
      has_counts = true;  // converters that do not know them write the same everywhere
  }
  for (const Node& node : trees.nodes) has_counts = has_counts && (node.mode != Mode::leaf || node.rows > 0);
  for (const std::set<double>& c : cuts) out.cuts.emplace_back(c.begin(), c.end());
  out.nodes.resize(trees.nodes.size());
  const auto classes = static_cast<Eigen::Index>(trees.classes.size());
  for (std::size_t i = 0; i < trees.nodes.size(); ++i) {
    const Node& from = trees.nodes[i];
    TreeNode& node = out.nodes[i];
    node.counts = VectorXd::Zero(classes);
    if (from.mode == Mode::leaf) {
      for (const auto& [which, share] : from.numbers) node.counts[trees.place(trees.outputs == 1 ? 1 : which)] += share;
      if (trees.outputs == 1) node.counts[trees.place(0)] = 1 - node.counts[trees.place(1)];
      if (has_counts) node.counts *= from.rows;
      continue;
    }
    const auto& its = out.cuts[static_cast<std::size_t>(from.input)];
    const bool turned = from.mode == Mode::at_least || from.mode == Mode::more;  // yes is what is larger
    node.split = TreeNode::Split::cut, node.column = from.input;
    node.cut = static_cast<int>(std::ranges::lower_bound(its, cut_of(from)) - its.begin());
    node.child = {turned ? from.no : from.yes, turned ? from.yes : from.no, -1};  // inputs are never missing
    for (const int child : {from.yes, from.no}) {
      TreeNode& below_it = out.nodes[static_cast<std::size_t>(child)];
      below_it.parent = static_cast<int>(i), below_it.depth = node.depth + 1;
    }
  }
  for (std::size_t i = out.nodes.size(); i-- > 1;) out.nodes[static_cast<std::size_t>(out.nodes[i].parent)].counts += out.nodes[i].counts;
  return out;
}

}  // namespace mid
