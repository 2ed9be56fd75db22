// A tree as JSON and back, as DOT and as text.
#include <catch2/catch_test_macros.hpp>

#include "mid/base/error.hpp"
#include "mid/model/tree/tree_text.hpp"
#include "tree_data.hpp"

using namespace mid;

namespace {

Tree two_questions() {
  Tree tree{{{"age", true, {}}, {"sex", false, {"f", "m \"x\""}}}, {{30, 40.5}, {}}, {"no", "yes"}, {}, "entropy"};
  const auto node = [&](int parent, int depth, double no, double yes) {
    TreeNode t;
    t.parent = parent, t.depth = depth;
    t.counts = (VectorXd(2) << no, yes).finished();
    tree.nodes.push_back(t);
  };
  node(-1, 0, 6, 4), node(0, 1, 5, 1), node(0, 1, 1, 3), node(2, 2, 0, 3), node(2, 2, 1, 0);
  tree.nodes[0].split = TreeNode::Split::cut, tree.nodes[0].column = 0, tree.nodes[0].cut = 1, tree.nodes[0].child = {1, 2, -1};
  tree.nodes[2].split = TreeNode::Split::multiway, tree.nodes[2].column = 1, tree.nodes[2].child = {3, 4, -1};
  return tree;
}

std::string refused(const Json& j) {
  try {
    tree_from_json(j, "tree.json");
  } catch (const Error& e) {
    return e.field();
  }
  return "";
}

}  // namespace

TEST_CASE("a tree comes back from JSON as it was", "[tree][text]") {
  for (const char* numeric : {"bins", "cuts"})
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const TreeData data = random_table(seed, 500, 6, 3);
      const Tree tree = grown(data, {5, 3, numeric, "entropy"});
      const Json j = tree_json(tree);
      const Tree back = tree_from_json(Json::parse(j.dump()), "tree.json");
      CHECK(tree_json(back) == j);
      CHECK(back.cuts == tree.cuts);
      CHECK(node_of(back, data.values) == node_of(tree, data.values));
      CHECK(leaf_information(back) == leaf_information(tree));
      for (std::size_t i = 0; i < tree.nodes.size(); ++i) CHECK(back.nodes[i].parent == tree.nodes[i].parent);
    }
}

TEST_CASE("JSON that is no tree is refused by name", "[tree][text]") {
  const Json good = tree_json(two_questions());
  CHECK(refused(good).empty());
  const auto with = [&](const char* pointer, Json value) {
    Json j = good;
    j[Json::json_pointer(pointer)] = std::move(value);
    return refused(j);
  };
  CHECK(refused(Json::array()) == "tree.json");
  CHECK(with("/format", "other") == "tree.json.format");
  CHECK(with("/classes", 3) == "tree.json.classes");
  CHECK(with("/nodes", Json::array()) == "tree.json.nodes");
  CHECK(with("/columns/0/cuts", {2, 1}) == "tree.json.columns[0].cuts");
  CHECK(with("/nodes/0/column", 7) == "tree.json.nodes[0].column");
  CHECK(with("/nodes/0/cut", 2) == "tree.json.nodes[0].cut");
  CHECK(with("/nodes/0/child", {1, 9, -1}) == "tree.json.nodes[0].child");
  CHECK(with("/nodes/0/child", {1, 2}) == "tree.json.nodes[0].child");
  CHECK(with("/nodes/2/child", {1, 4, -1}) == "tree.json.nodes[2].child");
  CHECK(with("/nodes/0/child", {1, -1, -1}) == "tree.json.nodes[2]");
  CHECK(with("/nodes/2/child", {0, 4, -1}) == "tree.json.nodes[2].child");
  CHECK(with("/nodes/1/counts", {1, -1}) == "tree.json.nodes[1].counts");
  CHECK(with("/nodes/1/counts", {1}) == "tree.json.nodes[1].counts");
  CHECK(with("/nodes/1/depth", 3) == "tree.json.nodes[1].depth");
  CHECK(with("/nodes/1/depth", 1e300) == "tree.json.nodes[1].depth");
  CHECK(with("/nodes/0/column", true) == "tree.json.nodes[0].column");
  CHECK(with("/nodes/0/child", {1, 2e99, -1}) == "tree.json.nodes[0].child");
  CHECK(with("/nodes/1/counts", {1e308, 1e308}) == "tree.json.nodes[1].counts");  // their sum is infinite
  CHECK(with("/columns/1/name", "age") == "tree.json.columns");
}

TEST_CASE("a tree of more than 100 levels is refused", "[tree][text]") {
  const auto chain = [](int levels) {
    Json j = tree_json(two_questions());
    j["nodes"] = Json::array();
    for (int i = 0; i <= levels; ++i) {
      Json node{{"depth", i}, {"counts", {1, 2}}};
      if (i < levels) node.update({{"split", "cut"}, {"column", 0}, {"cut", 0}, {"child", {i + 1, -1, -1}}});
      j["nodes"].push_back(node);
    }
    return j;
  };
  CHECK(tree_text(tree_from_json(chain(100), "tree.json")).size() < 100 * 250);
  CHECK(refused(chain(101)) == "tree.json");
  CHECK(refused(chain(20000)) == "tree.json");
}

TEST_CASE("a tree to read", "[tree][text]") {
  CHECK(tree_text(two_questions()) ==
        "all: 10 rows, no 60 %\n"
        "  age <= 40.5: 6 rows, no 83 %\n"
        "  age > 40.5: 4 rows, yes 75 %\n"
        "    sex = f: 3 rows, yes 100 %\n"
        "    sex = m \"x\": 1 rows, no 100 %\n");
}

TEST_CASE("a tree to draw: quotes are escaped", "[tree][text]") {
  const std::string dot = tree_dot(two_questions());
  CHECK(dot.starts_with("digraph tree {\n"));
  CHECK(dot.find("n2 -> n4 [label=\"sex = m \\\"x\\\"\"];") != dot.npos);
  CHECK(dot.find("n0 [label=\"10 rows, no 60 %; no 6, yes 4\"];") != dot.npos);
}

TEST_CASE("branches of bins say what they hold", "[tree][text]") {
  Tree tree = two_questions();
  tree.nodes[0].split = TreeNode::Split::multiway;
  tree.nodes[0].child = {1, 2, -1, -1};
  CHECK(tree.branch_text(0, 0) == "age <= 30");
  CHECK(tree.branch_text(0, 1) == "30 < age <= 40.5");
  CHECK(tree.branch_text(0, 2) == "age > 40.5");
  CHECK(tree.branch_text(0, 3) == "age missing");
}
