// The differentially private tree: its limits, and that its noise is what it should be.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "mid/base/error.hpp"
#include "mid/model/tree/tree_private.hpp"
#include "tree_data.hpp"

using namespace mid;
using Catch::Approx;

namespace {

std::vector<std::vector<double>> public_cuts(const TreeData& data) {
  std::vector<std::vector<double>> cuts;
  for (std::size_t c = 0; c < data.columns.size(); ++c)
    cuts.push_back(data.columns[c].numeric ? even_cuts(0, c % 4 ? 1 : 12, 4) : std::vector<double>{});
  return cuts;
}

Tree grown_privately(const TreeData& data, double epsilon, int depth, std::uint64_t seed = 1) {
  const auto device = cpu_device();
  Context context{*device, Stream{1, 0}};
  Tree tree;
  finish(grow_private_tree(context, data, {epsilon, depth}, public_cuts(data), Stream{seed, 3}, tree));
  return tree;
}

}  // namespace

TEST_CASE("with a huge epsilon every split is the greedy one, and the counts are exact", "[tree][private]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const TreeData data = random_table(seed, 400, 6, 3);
    const Tree tree = grown_privately(data, 1e9, 3, seed);
    std::vector<std::vector<int>> rows(tree.nodes.size());
    for (int r = 0; r < 400; ++r) rows[0].push_back(r);
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      const TreeNode& t = tree.nodes[i];
      CHECK(t.rows() == Approx(static_cast<double>(rows[i].size())).margin(1e-4));
      if (t.is_leaf()) {
        CHECK(t.depth == 3);
        continue;
      }
      std::vector<double> u(6, -1);
      for (int c = 0; c < 6; ++c) {
        for (int up = t.parent; up >= 0; up = tree.nodes[static_cast<std::size_t>(up)].parent)
          if (tree.nodes[static_cast<std::size_t>(up)].column == c) u[static_cast<std::size_t>(c)] = -2;
        if (u[static_cast<std::size_t>(c)] == -2) continue;
        MatrixD count = MatrixD::Zero(tree.codes(c), 3);
        for (int r : rows[i]) count(tree.code(c, data.values(r, c)), data.label[r]) += 1;
        u[static_cast<std::size_t>(c)] = count.rowwise().maxCoeff().sum();
      }
      CHECK(u[static_cast<std::size_t>(t.column)] == *std::max_element(u.begin(), u.end()));
      CHECK(static_cast<int>(t.child.size()) == tree.codes(t.column));
      for (int r : rows[i])
        rows[static_cast<std::size_t>(t.child[static_cast<std::size_t>(tree.code(t.column, data.values(r, t.column)))])].push_back(r);
    }
  }
}

TEST_CASE("leaf counts carry Laplace noise of scale 2 / epsilon", "[tree][private]") {
  TreeData data = random_table(1, 2000, 2, 2);
  data.label.head(1000).setZero();
  data.label.tail(1000).setOnes();
  double mean = 0, absolute = 0;
  constexpr int kDraws = 2000;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const Tree tree = grown_privately(data, .1, 0, seed);
    REQUIRE(tree.nodes.size() == 1);
    const double noise = tree.nodes[0].counts[0] - 1000;
    mean += noise / kDraws, absolute += std::abs(noise) / kDraws;
  }
  CHECK(std::abs(mean) < 2);                  // sd of the mean: 20 sqrt(2) / sqrt(2000) = .63
  CHECK(absolute == Approx(20).epsilon(.1));  // E|Laplace| is its scale
}

TEST_CASE("with a tiny epsilon the column is a coin toss and the answers are still answers", "[tree][private]") {
  const TreeData data = random_table(2, 200, 4, 2);
  VectorXd chosen = VectorXd::Zero(4);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Tree tree = grown_privately(data, 1e-3, 1, seed);
    chosen[tree.nodes[0].column] += 1;
    CHECK(confidences(tree, data.values).rowwise().sum().isOnes(1e-12));
  }
  CHECK(chosen.minCoeff() > 70);
}

TEST_CASE("a private tree's size is judged by what is public", "[tree][private]") {
  TreeData data = random_table(3, 100, 8, 2);
  for (std::size_t c = 1; c < 8; c += 2)
    while (data.columns[c].categories.size() < 150)
      data.columns[c].categories.push_back("x" + std::to_string(data.columns[c].categories.size()));
  try {
    grown_privately(data, 1, 4);
    FAIL("grew");
  } catch (const Error& e) {
    CHECK(e.field() == "model.max_depth");
  }
  CHECK(grown_privately(random_table(3, 100, 2, 2), 1, 4).depth() == 2);  // no more columns
}

TEST_CASE("evenly spaced public cuts", "[tree][private]") {
  CHECK(even_cuts(0, 8) == std::vector<double>{1, 2, 3, 4, 5, 6, 7});
  CHECK(even_cuts(3, 3).empty());
}
