#include "mid/model/tree/tree_private.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "mid/base/error.hpp"
#include "mid/model/tree/tree_codes.hpp"

namespace mid {
namespace {

constexpr double kMostNodes = 500'000;

/// Nodes in the worst case: the largest columns, one a level. A function of what is public alone.
void check_size(const Tree& tree, int depth) {
  std::vector<int> codes;
  for (std::size_t c = 0; c < tree.columns.size(); ++c) codes.push_back(tree.codes(static_cast<int>(c)));
  std::sort(codes.begin(), codes.end(), std::greater<>());
  double level = 1, nodes = 1;
  for (int d = 0; d < depth; ++d) level *= codes[static_cast<std::size_t>(d)], nodes += level;
  if (nodes > kMostNodes)
    throw Error("model.max_depth", Message("refusal.private_tree")
                                       .with("depth", std::to_string(depth))
                                       .with("nodes", std::to_string(static_cast<long long>(nodes)))
                                       .with("most", std::to_string(static_cast<long long>(kMostNodes))));
}

/// Draws an index with probability proportional to exp(rate u / 2).
std::size_t exponential_mechanism(const std::vector<double>& u, double rate, double uniform) {
  const double most = *std::max_element(u.begin(), u.end());
  std::vector<double> weight;
  double total = 0;
  for (double score : u) weight.push_back(std::exp(rate * (score - most) / 2)), total += weight.back();
  double left = uniform * total;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if (left < weight[i]) return i;
    left -= weight[i];
  }
  return static_cast<std::size_t>(std::max_element(u.begin(), u.end()) - u.begin());  // rounding ate the last bit
}

double laplace(double scale, double uniform) {
  const double u = uniform - .5 + 0x1p-33;  // in the middle of its 2^-32, so that the logarithm is finite
  return u < 0 ? scale * std::log1p(2 * u) : -scale * std::log1p(-2 * u);
}

struct Builder {
  const TreeData& data;
  Tree& tree;
  CodedRows coded;
  std::vector<std::vector<int>> rows;  // of each node that has not been split, beside tree.nodes

  /// Columns not asked on the way to `node`.
  std::vector<int> free_columns(int node) const {
    std::vector<bool> used(tree.columns.size());
    for (int up = tree.nodes[static_cast<std::size_t>(node)].parent; up >= 0; up = tree.nodes[static_cast<std::size_t>(up)].parent)
      used[static_cast<std::size_t>(tree.nodes[static_cast<std::size_t>(up)].column)] = true;
    std::vector<int> out;
    for (std::size_t c = 0; c < used.size(); ++c)
      if (!used[c]) out.push_back(static_cast<int>(c));
    return out;
  }

  /// u(a): the rows that their child's majority would get right.
  double score(int node, int column) const {
    const int classes = static_cast<int>(data.classes.size());
    Eigen::MatrixXi count = Eigen::MatrixXi::Zero(classes, tree.codes(column));
    for (int r : rows[static_cast<std::size_t>(node)]) ++count(data.label[r], coded.row(r)[column]);
    return count.colwise().maxCoeff().sum();
  }

  void split(int node, int column) {
    const int codes = tree.codes(column), first = static_cast<int>(tree.nodes.size());
    TreeNode child;
    child.counts = VectorXd::Zero(static_cast<Eigen::Index>(data.classes.size()));
    child.parent = node;
    child.depth = tree.nodes[static_cast<std::size_t>(node)].depth + 1;
    tree.nodes.insert(tree.nodes.end(), static_cast<std::size_t>(codes), child);
    rows.resize(tree.nodes.size());
    const std::vector<int> its = std::move(rows[static_cast<std::size_t>(node)]);
    rows[static_cast<std::size_t>(node)].clear();
    for (int r : its) rows[static_cast<std::size_t>(first + coded.row(r)[column])].push_back(r);
    TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
    t.split = TreeNode::Split::multiway;
    t.column = column;
    for (int code = 0; code < codes; ++code) t.child.push_back(first + code);
  }

  void count_leaf(int node, double epsilon, Stream noise) {
    VectorXd& counts = tree.nodes[static_cast<std::size_t>(node)].counts;
    for (int r : rows[static_cast<std::size_t>(node)]) ++counts[data.label[r]];
    for (Eigen::Index y = 0; y < counts.size(); ++y)
      counts[y] = std::max(0., counts[y] + laplace(2 / epsilon, uniform_at(noise, static_cast<std::uint64_t>(node) *
                                                                                          static_cast<std::uint64_t>(counts.size()) +
                                                                                      static_cast<std::uint64_t>(y))));
  }
};

}  // namespace

std::vector<Param> PrivateTreeSpec::params() {
  using S = PrivateTreeSpec;
  const std::string source = "method.md section 3, \"DP tree\"";
  return {
      param(&S::epsilon, "epsilon", 1e-3, 1e9, "", "defense.dp_tree.epsilon", source),
      param(&S::depth, "depth", 0, 10, "levels", "defense.dp_tree.depth", source),
  };
}

std::vector<double> even_cuts(double low, double high, int bins) {
  std::vector<double> cuts;
  for (int k = 1; k < bins && low < high; ++k) cuts.push_back(low + (high - low) * k / bins);
  return cuts;
}

Task grow_private_tree(Context& context, TreeData data, PrivateTreeSpec spec, std::vector<std::vector<double>> public_cuts, Stream random,
                       Tree& out) {
  check_tree_data(data);
  assert(public_cuts.size() == data.columns.size());
  out = {data.columns, std::move(public_cuts), data.classes, {}, "entropy"};
  const int columns = static_cast<int>(data.columns.size()), depth = std::min(spec.depth, columns);
  check_size(out, depth);
  context.progress.total = depth + 1;
  Builder builder{data, out, {columns, {}}, {}};
  builder.coded.code.resize(static_cast<std::size_t>(data.values.size()));
  for (int c = 0; c < columns; ++c) {
    const VectorXd values = data.values.col(c);
    code_column(out, c, {values.data(), static_cast<std::size_t>(values.size())}, builder.coded);
    if (tick_due(20. * static_cast<double>(values.size()))) co_await Tick{};
  }

  TreeNode root;
  root.counts = VectorXd::Zero(static_cast<Eigen::Index>(data.classes.size()));
  out.nodes.push_back(root);
  builder.rows.emplace_back();
  for (int r = 0; r < data.label.size(); ++r) builder.rows[0].push_back(r);
  const double epsilon_level = depth > 0 ? spec.epsilon / (2 * depth) : 0;
  int leaves = 0;
  for (int node = 0; node < static_cast<int>(out.nodes.size()); ++node) {
    context.progress.done = out.nodes[static_cast<std::size_t>(node)].depth;
    if (out.nodes[static_cast<std::size_t>(node)].depth < depth) {
      const std::vector<int> choice = builder.free_columns(node);
      std::vector<double> u;
      for (int c : choice) {
        u.push_back(builder.score(node, c));
        if (tick_due(6. * static_cast<double>(builder.rows[static_cast<std::size_t>(node)].size()) +
                     2. * static_cast<double>(out.codes(c)) * static_cast<double>(out.classes.size()) + 256))
          co_await Tick{};
      }
      const double uniform = uniform_at(random.sub("structure"), static_cast<std::uint64_t>(node));
      count_work(10. * static_cast<double>(builder.rows[static_cast<std::size_t>(node)].size() + out.columns.size()));
      builder.split(node, choice[exponential_mechanism(u, epsilon_level, uniform)]);
    } else {
      builder.count_leaf(node, spec.epsilon, random.sub("leaves"));
      context.progress.live["leaves"] = ++leaves;
      if (tick_due(80. * static_cast<double>(out.classes.size()))) co_await Tick{};
    }
  }
  // Post-processing of what was released; children stand behind their parents.
  for (std::size_t i = out.nodes.size(); i-- > 1;) out.nodes[static_cast<std::size_t>(out.nodes[i].parent)].counts += out.nodes[i].counts;
  context.progress.done = context.progress.total;
}

}  // namespace mid
