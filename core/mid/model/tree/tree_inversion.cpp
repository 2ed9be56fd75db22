#include "mid/model/tree/tree_inversion.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <map>

namespace mid {
namespace {

constexpr double kLeastMass = 1e-12;

/// The codes of each column asked on the way that lead to a node.
std::map<int, std::vector<bool>> allowed(const Tree& tree, int node) {
  std::map<int, std::vector<bool>> out;
  for (int up = tree.nodes[static_cast<std::size_t>(node)].parent; up >= 0;
       node = up, up = tree.nodes[static_cast<std::size_t>(up)].parent) {
    const TreeNode& t = tree.nodes[static_cast<std::size_t>(up)];
    const int branch = static_cast<int>(std::find(t.child.begin(), t.child.end(), node) - t.child.begin());
    const int codes = tree.codes(t.column);
    std::vector<bool>& codes_of_column = out.try_emplace(t.column, static_cast<std::size_t>(codes), true).first->second;
    for (int code = 0; code < codes; ++code) {
      const int its = t.split == TreeNode::Split::multiway ? code : code == codes - 1 ? 2 : code > t.cut;
      if (its != branch) codes_of_column[static_cast<std::size_t>(code)] = false;
    }
  }
  return out;
}

/// Operations of looking at these.
double work_of_way(const Tree& tree, const std::map<int, std::vector<bool>>& codes) {
  double work = 100;
  for (const auto& [column, its] : codes) work += 10. * static_cast<double>(its.size()) * tree.depth();
  return work;
}

/// What a column holds for value v of the secret; null: the secret says nothing of it.
const double* told_by_secret(const TreePriors& priors, int column, Eigen::Index v) {
  if (column == priors.secret) return &priors.secret_value[v];
  const auto found = priors.also.find(column);
  return found == priors.also.end() ? nullptr : &found->second[v];
}

/// The leaf that a record with value v of the secret reaches; -1 where its way ends at an inner node.
int leaf_with(const Tree& tree, const TreePriors& priors, const MatrixD& known, Eigen::Index record, Eigen::Index v) {
  int node = 0;
  while (!tree.nodes[static_cast<std::size_t>(node)].is_leaf()) {
    const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
    const double* told = told_by_secret(priors, t.column, v);
    const int branch = tree.branch(node, told ? *told : known(record, t.column));
    node = branch < 0 ? -1 : t.child[static_cast<std::size_t>(branch)];
    if (node < 0) return -1;
  }
  return node;
}

/// n_l, or n_{l,y} where the class is known.
double weight(const TreeNode& leaf, const VectorXi& label, Eigen::Index record) {
  return label.size() == 0 ? leaf.rows() : leaf.counts[label[record]];
}

bool holds(const std::map<int, std::vector<bool>>& codes, int column, int code) {
  const auto found = codes.find(column);
  return found == codes.end() || (code >= 0 && found->second[static_cast<std::size_t>(code)]);
}

/// Whether the secret's value v may lead there.
bool consistent_with(const Tree& tree, const TreePriors& priors, const std::map<int, std::vector<bool>>& codes, Eigen::Index v) {
  return std::all_of(codes.begin(), codes.end(), [&](const auto& of_column) {
    const double* told = told_by_secret(priors, of_column.first, v);
    return !told || holds(codes, of_column.first, tree.code(of_column.first, *told));
  });
}

/// All columns but the secret are known, so one leaf at most is consistent with a record and a value: the sums over leaves
/// have one term.
using Term = std::function<double(Eigen::Index record, Eigen::Index value, int leaf)>;
Task score(const Tree& tree, const TreePriors& priors, const MatrixD& known, Term term, MatrixD& out) {
  assert(priors.prior.size() == priors.secret_value.size() && known.cols() == static_cast<Eigen::Index>(tree.columns.size()));
  out.resize(known.rows(), priors.prior.size());
  const double work_of_record = static_cast<double>(out.cols()) * (40. + 10. * tree.depth());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    for (Eigen::Index v = 0; v < out.cols(); ++v) {
      const int leaf = leaf_with(tree, priors, known, i, v);
      out(i, v) = leaf < 0 ? std::log(0.) : std::log(priors.prior[v]) + std::log(term(i, v, leaf));
    }
    if (tick_due(work_of_record)) co_await Tick{};
  }
}

}  // namespace

Task code_shares(const Tree& tree, const MatrixD& values, std::vector<VectorXd>& out) {
  out.clear();
  for (int c = 0; c < static_cast<int>(tree.columns.size()); ++c) {
    VectorXd share = VectorXd::Zero(tree.codes(c));
    for (Eigen::Index row = 0; row < values.rows(); ++row)
      if (const int code = tree.code(c, values(row, c)); code >= 0) share[code] += 1;
    out.push_back(share / std::max(1., share.sum()));
    if (tick_due(20. * static_cast<double>(values.rows()))) co_await Tick{};
  }
}

std::vector<VectorXd> code_shares(const Tree& tree, const MatrixD& values) {
  std::vector<VectorXd> out;
  finish(code_shares(tree, values, out));
  return out;
}

Task density_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label, MatrixD& out) {
  VectorXd mass = VectorXd::Ones(static_cast<Eigen::Index>(tree.nodes.size()));  // pi_l
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    if (!tree.nodes[node].is_leaf()) continue;
    const auto codes = allowed(tree, static_cast<int>(node));
    if (tick_due(work_of_way(tree, codes))) co_await Tick{};
    double of_secret = 0;
    for (Eigen::Index v = 0; v < priors.prior.size(); ++v)
      if (consistent_with(tree, priors, codes, v)) of_secret += priors.prior[v];
    mass[static_cast<Eigen::Index>(node)] *= std::max(of_secret, kLeastMass);
    for (const auto& [column, its] : codes) {
      if (told_by_secret(priors, column, 0)) continue;
      double sum = 0;
      for (std::size_t code = 0; code < its.size(); ++code)
        if (its[code]) sum += priors.share[static_cast<std::size_t>(column)][static_cast<Eigen::Index>(code)];
      mass[static_cast<Eigen::Index>(node)] *= std::max(sum, kLeastMass);
    }
  }
  const double n = tree.nodes.front().rows();
  const Term term = [&](Eigen::Index i, Eigen::Index, int leaf) {
    return weight(tree.nodes[static_cast<std::size_t>(leaf)], label, i) / n / mass[leaf];
  };
  co_await score(tree, priors, known, term, out);
}

MatrixD density_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label) {
  MatrixD out;
  finish(density_score(tree, priors, known, label, out));
  return out;
}

Task ratio_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label, MatrixD& out) {
  // Counts by class of all leaves consistent with each value.
  MatrixD consistent = MatrixD::Zero(priors.prior.size(), static_cast<Eigen::Index>(tree.classes.size()));
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    if (!tree.nodes[node].is_leaf()) continue;
    const auto codes = allowed(tree, static_cast<int>(node));
    if (tick_due(work_of_way(tree, codes) + 4. * static_cast<double>(consistent.size()))) co_await Tick{};
    for (Eigen::Index v = 0; v < consistent.rows(); ++v)
      if (consistent_with(tree, priors, codes, v)) consistent.row(v) += tree.nodes[node].counts.transpose();
  }
  const Term term = [&](Eigen::Index i, Eigen::Index v, int leaf) {
    const double all = label.size() == 0 ? consistent.row(v).sum() : consistent(v, label[i]);
    return all > 0 ? weight(tree.nodes[static_cast<std::size_t>(leaf)], label, i) / all : 0;
  };
  co_await score(tree, priors, known, term, out);
}

MatrixD ratio_score(const Tree& tree, const TreePriors& priors, const MatrixD& known, const VectorXi& label) {
  MatrixD out;
  finish(ratio_score(tree, priors, known, label, out));
  return out;
}

}  // namespace mid
