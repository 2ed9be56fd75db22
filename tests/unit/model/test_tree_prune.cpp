// Pruning against every pruning there is.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "mid/model/tree/tree_prune.hpp"
#include "tree_data.hpp"

using namespace mid;
using Catch::Approx;

namespace {

/// R and I of every pruning of the subtree below a node.
std::vector<TreeCost> all_prunings(const Tree& tree, int node) {
  std::vector<TreeCost> out{{node_error(tree, node), 0}};
  const TreeNode& t = tree.nodes[static_cast<std::size_t>(node)];
  if (t.is_leaf()) return out;
  std::vector<TreeCost> with_split{{0, split_information(tree, node)}};
  for (int c : t.child) {
    if (c < 0) continue;
    std::vector<TreeCost> more;
    for (const TreeCost& a : with_split)
      for (const TreeCost& b : all_prunings(tree, c)) more.push_back({a.error + b.error, a.information + b.information});
    with_split = std::move(more);
  }
  out.insert(out.end(), with_split.begin(), with_split.end());
  return out;
}

Tree small_tree(std::uint64_t seed) { return grown(random_table(seed, 60, 4, 2), {3, 4, seed % 2 ? "cuts" : "bins", "entropy"}); }

}  // namespace

TEST_CASE("pruning is the optimum over all prunings", "[tree][prune]") {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Tree tree = small_tree(seed);
    const auto all = all_prunings(tree, 0);
    compared += static_cast<int>(all.size());
    for (double lambda : {0., .01, .03, .07, .12, .2, .5, 2.}) {
      double least = 1e9;
      for (const TreeCost& c : all) least = std::min(least, c.error + lambda * c.information);
      const TreeCost found = subtree_cost(pruned(tree, lambda));
      CHECK(found.error + lambda * found.information == Approx(least).margin(1e-12));
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("the path holds the same prunings, each one inside the one before", "[tree][prune]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Tree tree = small_tree(seed);
    const auto path = prune_path(tree);
    REQUIRE(!path.empty());
    CHECK(path.front().lambda == 0);
    CHECK(path.back().leaves == 1);
    std::set<int> collapsed;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const double next = i + 1 < path.size() ? path[i + 1].lambda : path[i].lambda + 1;
      CHECK(next > path[i].lambda);
      for (double lambda : {path[i].lambda, (path[i].lambda + next) / 2}) {
        const Tree at = pruned(tree, lambda);
        CHECK(at.leaves() == path[i].leaves);
        CHECK(subtree_cost(at).error == Approx(path[i].cost.error).margin(1e-12));
        CHECK(leaf_information(at) == Approx(path[i].cost.information).margin(1e-12));
      }
      if (i > 0) CHECK(path[i].leaves < path[i - 1].leaves);
      for (int node : path[i].collapsed) CHECK(collapsed.insert(node).second);
    }
  }
}

TEST_CASE("a pruned tree answers as the tree would, cut off", "[tree][prune]") {
  const TreeData data = random_table(4, 900, 6, 3);
  const Tree tree = grown(data, {6, 5, "bins", "entropy"}), less = pruned(tree, .015);
  REQUIRE(less.leaves() > 1);
  REQUIRE(less.leaves() < tree.leaves());
  const VectorXi node = node_of(less, data.values);
  VectorXd ended = VectorXd::Zero(static_cast<Eigen::Index>(less.nodes.size()));
  for (int i : node) ended[i] += 1;
  for (std::size_t i = 0; i < less.nodes.size(); ++i) {
    const TreeNode& t = less.nodes[i];
    if (t.is_leaf())
      CHECK(ended[static_cast<Eigen::Index>(i)] == t.rows());
    else
      CHECK(link_strength(less, static_cast<int>(i)) > .015);
    if (i > 0) CHECK(t.parent < static_cast<int>(i));
  }
  CHECK(pruned(tree, 0).leaves() == tree.leaves());
  CHECK(pruned(tree, 1e9).nodes.size() == 1);
}
