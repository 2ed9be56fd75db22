// Trees and forests from ONNX files: answers are those of a plain walk (tests/golden/make_golden_trees.py, some of them scikit-learn's),
// and what contradicts itself gets a sentence.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/onnx_trees.hpp"
#include "mid/model/file/to_onnx.hpp"
#include "mid/model/model.hpp"
#include "mid/model/outside/file_channel.hpp"
#include "tree_data.hpp"

using namespace mid;

namespace {

std::filesystem::path trees_folder() { return std::filesystem::path(__FILE__).parent_path() / "../../golden"; }
std::string trees_file(const std::string& name) { return read_file(trees_folder() / "onnx_trees" / (name + ".onnx")); }

Matrix records_of_json(const Json& j) {
  Matrix out(static_cast<Eigen::Index>(j.size()), static_cast<Eigen::Index>(j[0].size()));
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c) {
      const Json& v = j[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
      out(r, c) = v.is_null() ? std::nanf("") : v.get<float>();
    }
  return out;
}

/// Records as networks take them, and their names: numbers with an input that says what is missing, categories as 0/1 inputs, of two the
/// second's alone, and of the last column all but the first (data/encode.hpp).
Matrix as_inputs(const TreeData& data, std::vector<std::string>& names) {
  std::vector<VectorXf> columns;
  const auto add = [&](const std::string& name, VectorXf values) { names.push_back(name), columns.push_back(std::move(values)); };
  for (std::size_t c = 0; c < data.columns.size(); ++c) {
    const TreeColumn& column = data.columns[c];
    const VectorXd values = data.values.col(static_cast<Eigen::Index>(c));
    if (column.numeric) {
      add(column.name, values.array().isNaN().select(1, values).cast<float>());
      if (values.array().isNaN().any()) add(column.name + " missing", values.array().isNaN().cast<float>());
      continue;
    }
    const bool one_less = column.categories.size() == 2 || c + 1 == data.columns.size();
    for (std::size_t v = one_less ? 1 : 0; v < column.categories.size(); ++v)
      add(column.name + "=" + column.categories[v], (values.array() == static_cast<double>(v)).cast<float>());
  }
  Matrix out(data.values.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) out.col(static_cast<Eigen::Index>(i)) = columns[i];
  return out;
}

std::string refused_because(const std::string& bytes) {
  try {
    (void)read_onnx_trees(bytes, "m.onnx");
  } catch (const Error& e) {
    CHECK(e.field() == "m.onnx");
    return e.what();
  }
  return "accepted";
}

// What of the format of protocol buffers a file of trees needs.
std::string varint(std::uint64_t v) {
  std::string out;
  for (; v >= 128; v >>= 7) out += static_cast<char>((v & 127) | 128);
  return out + static_cast<char>(v);
}
std::string whole_field(unsigned tag, std::uint64_t v) { return varint(tag << 3) + varint(v); }
std::string bytes_field(unsigned tag, const std::string& content) { return varint(tag << 3 | 2) + varint(content.size()) + content; }

/// A chain of so many questions, each with a leaf beside it.
std::string chain_of(int questions) {
  std::string node = bytes_field(1, "x") + bytes_field(2, "label") + bytes_field(2, "p") + bytes_field(4, "TreeEnsembleClassifier") +
                     bytes_field(7, "ai.onnx.ml");
  const auto attribute = [&](const char* name, unsigned type, const std::string& content) {
    node += bytes_field(5, bytes_field(1, name) + content + whole_field(20, type));
  };
  const auto wholes = [&](const char* name, const std::vector<std::int64_t>& values) {
    std::string packed;
    for (const std::int64_t v : values) packed += varint(static_cast<std::uint64_t>(v));
    attribute(name, 7, bytes_field(8, packed));
  };
  const auto floats = [&](const char* name, const std::vector<float>& v) {
    attribute(name, 6, bytes_field(7, std::string(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float))));
  };
  const auto texts = [&](const char* name, const std::vector<std::string>& values) {
    std::string all;
    for (const std::string& v : values) all += bytes_field(9, v);
    attribute(name, 8, all);
  };
  const auto total = static_cast<std::size_t>(2 * questions + 1);
  std::vector<std::int64_t> id, yes, no, leaf;
  std::vector<std::string> mode;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(total); ++i) {
    const bool asks = i < questions;
    id.push_back(i), mode.emplace_back(asks ? "BRANCH_LEQ" : "LEAF");
    yes.push_back(asks ? i + 1 : 0), no.push_back(asks ? questions + 1 + i : 0);
    if (!asks) leaf.push_back(i);
  }
  const std::vector<std::int64_t> zeros(total, 0), zero_of_leaf(leaf.size(), 0);
  wholes("nodes_treeids", zeros), wholes("nodes_nodeids", id), wholes("nodes_featureids", zeros), wholes("nodes_truenodeids", yes);
  wholes("nodes_falsenodeids", no), texts("nodes_modes", mode), floats("nodes_values", std::vector<float>(total, .5f));
  wholes("class_treeids", zero_of_leaf), wholes("class_nodeids", leaf), wholes("class_ids", zero_of_leaf);
  floats("class_weights", std::vector<float>(leaf.size(), .25f)), texts("classlabels_strings", {"no", "yes"});
  return whole_field(1, 8) +
         bytes_field(7, bytes_field(1, node) + bytes_field(11, bytes_field(1, "x")) + bytes_field(12, bytes_field(1, "p")));
}

}  // namespace

TEST_CASE("trees of ONNX files answer as a plain walk does", "[onnx][golden]") {
  const Json all = Json::parse(read_file(trees_folder() / "onnx_trees.json"));
  for (const auto& [name, j] : all.items()) {
    if (j.contains("refused")) continue;
    CAPTURE(name);
    const std::string bytes = trees_file(name);
    const Matrix x = records_of_json(j["x"]), wanted = records_of_json(j["answers"]);
    CHECK(kind_of_onnx(bytes, name) == j["kind"].get<std::string>());
    const TreeEnsemble trees = read_onnx_trees(bytes, name);
    CHECK(trees.classes == j["classes"].get<std::vector<std::string>>());
    const Matrix found = trees.answers(x);
    REQUIRE(found.cols() == wanted.cols());
    CHECK((found - wanted).cwiseAbs().maxCoeff() < 1e-4);
    if (j["kind"] != "tree") continue;
    const Tree tree = std::get<Tree>(model_from_bytes("tree", bytes, name));
    CHECK((confidences(tree, x.cast<double>()).cast<float>() - wanted).cwiseAbs().maxCoeff() < 1e-4);
    // What midlab writes of it answers the same.
    const Tree again = std::get<Tree>(model_from_bytes("tree", model_bytes(tree, Json::object()), name));
    CHECK((confidences(again, x.cast<double>()).cast<float>() - wanted).cwiseAbs().maxCoeff() < 1e-4);
  }
}

TEST_CASE("a single tree keeps the counts that its file has", "[onnx]") {
  bool counts = false;
  const Tree tree = tree_of(read_onnx_trees(trees_file("tree_counts"), "m"), counts);
  CHECK(counts);
  CHECK(tree.nodes[0].counts.isApprox(Eigen::Vector2d(.75 * 20 + .1 * 40, .25 * 20 + .9 * 40), 1e-6));
  (void)tree_of(read_onnx_trees(trees_file("tree"), "m"), counts);
  CHECK_FALSE(counts);
  CHECK_THROWS_AS(model_from_bytes("tree", trees_file("forest"), "m"), Error);
}

TEST_CASE("a tree that midlab writes as ONNX answers as it does itself", "[onnx]") {
  for (const char* numeric : {"bins", "cuts"}) {
    CAPTURE(numeric);
    TreeData data = random_table(5, 600, 6, 3);
    // Missing categories are a category of their own; a column of two has none that are missing.
    for (Eigen::Index c = 1; c < 6; c += 2) {
      TreeColumn& column = data.columns[static_cast<std::size_t>(c)];
      const double missing = column.categories.size() == 2 ? 0 : static_cast<double>(column.categories.size());
      if (missing > 0) column.categories.emplace_back("?");
      data.values.col(c) = data.values.col(c).array().isNaN().select(missing, data.values.col(c)).eval();
    }
    data.values = data.values.cast<float>().cast<double>();
    TreeSpec spec;
    spec.numeric = numeric, spec.min_leaf = 3, spec.max_depth = 5;
    const Tree tree = grown(data, spec);
    REQUIRE(tree.leaves() > 10);
    std::vector<std::string> names;
    const Matrix x = as_inputs(data, names);
    const TreeEnsemble again = read_onnx_trees(to_onnx(tree, names), "own.onnx");
    CHECK(again.classes == tree.classes);
    CHECK(again.inputs == names);
    CHECK((again.answers(x) - confidences(tree, data.values).cast<float>()).cwiseAbs().maxCoeff() < 1e-5);
    CHECK(is_one_tree(again));
    std::vector<std::string> fewer = names;
    std::erase(fewer, tree.columns[static_cast<std::size_t>(tree.nodes[0].column)].name);
    if (fewer.size() < names.size()) CHECK_THROWS_AS(to_onnx(tree, fewer), Error);
  }
  // A cut between two neighbours of 32 bits, and a root that never split, which has its counts.
  Tree tree;
  tree.columns = {{"a", true, {}}}, tree.classes = {"n", "y"}, tree.nodes.resize(1), tree.nodes[0].counts = Eigen::Vector2d(1, 3);
  tree.cuts = {{}};
  bool counts = true;
  CHECK(tree_of(read_onnx_trees(to_onnx(tree, {"a"}), "m"), counts).nodes[0].counts.isApprox(Eigen::Vector2d(.25, .75), 1e-6));
  const float low = 1, high = std::nextafter(1.f, 2.f);
  tree.cuts = {{(static_cast<double>(low) + 3 * static_cast<double>(high)) / 4}};
  tree.nodes[0].split = TreeNode::Split::cut, tree.nodes[0].column = 0, tree.nodes[0].cut = 0, tree.nodes[0].child = {1, 2, -1};
  tree.nodes.resize(3);
  tree.nodes[1].counts = Eigen::Vector2d(1, 0), tree.nodes[2].counts = Eigen::Vector2d(0, 3);
  tree.nodes[1].parent = tree.nodes[2].parent = 0;
  Matrix x(2, 1);
  x << low, high;
  const TreeEnsemble again = read_onnx_trees(to_onnx(tree, {"a"}), "m");
  CHECK(again.answers(x) == (Matrix(2, 2) << 1, 0, 0, 1).finished());
  CHECK(tree_of(again, counts).nodes[0].counts.isApprox(Eigen::Vector2d(1, 3), 1e-6));
  CHECK(counts);
}

TEST_CASE("trees that contradict themselves are refused by what is wrong with them", "[onnx]") {
  const Json all = Json::parse(read_file(trees_folder() / "onnx_trees.json"));
  for (const auto& [name, j] : all.items()) {
    if (!j.contains("refused")) continue;
    CAPTURE(name);
    const std::string sentence = refused_because(trees_file(name));
    CAPTURE(sentence);
    for (const Json& word : j["refused"]) CHECK(sentence.find(word.get<std::string>()) != std::string::npos);
  }
  const std::string good = trees_file("forest");
  for (std::size_t cut = 1; cut < good.size(); cut += 97) CHECK(refused_because(good.substr(0, cut)) != "accepted");
}

TEST_CASE("a chain of questions is read as deep as people's trees go", "[onnx]") {
  const std::string deep = refused_because(chain_of(200'000));
  CAPTURE(deep);
  CHECK(deep.find("deeper than 1000 levels") != std::string::npos);
  const TreeEnsemble trees = read_onnx_trees(chain_of(900), "m");
  CHECK(trees.depth() == 900);
  CHECK(trees.answers(Matrix::Zero(1, 1)).isApprox(Matrix{{.75f, .25f}}));
  CHECK(kind_of_onnx(chain_of(900), "m") == "black_box");  // a Tree has 100 levels
}

TEST_CASE("a forest answers through its channel what it answers itself", "[onnx]") {
  const Json j = Json::parse(read_file(trees_folder() / "onnx_trees.json"))["forest"];
  const TreeEnsemble trees = read_onnx_trees(trees_file("forest"), "m");
  const Matrix x = records_of_json(j["x"]);
  Respondent asked;
  asked.columns = trees.inputs, asked.classes = trees.classes;
  Service service;
  service.columns = trees.inputs, service.classes = trees.classes, service.inputs = 4, service.outputs = 3;
  const auto channel = file_channel([&](const Matrix& rows) { return trees.answers(rows); }, service);
  std::string text;
  channel->send("", "", 1 << 20);
  REQUIRE(channel->receive(text));
  const ServedModel served = read_metadata(text, 4, asked);
  channel->send("/infer", infer_request(served, x), 1 << 20);
  REQUIRE(channel->receive(text));
  CHECK((read_infer_reply(text, served, x.rows(), asked).cast<float>() - records_of_json(j["answers"])).cwiseAbs().maxCoeff() < 1e-4);
}
