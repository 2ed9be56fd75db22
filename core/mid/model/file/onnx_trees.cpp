#include "mid/model/file/onnx_trees.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"

namespace mid {
namespace {

using Node = TreeEnsemble::Node;
using Mode = TreeEnsemble::Mode;

constexpr std::size_t kMostTreeNodes = 2'000'000;
constexpr int kMostLevels = 1000, kMostOutputs = 10'000, kMostInputs = 1 << 20;

/// The attributes of one of these nodes, and every way in which they may contradict each other.
class TreeReader {
 public:
  TreeReader(const OnnxGraph& graph, const OnnxNode& node, std::string file)
      : graph_(graph), node_(node), file_(std::move(file)), classifier_(node.op == "TreeEnsembleClassifier") {}

  TreeEnsemble read() {
    refuse_others();
    read_outputs();
    read_nodes();
    connect();
    read_leaves();
    read_base();
    read_inputs();
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(const Message& problem) const {
    throw Error(
        file_,
        Message("refusal.onnx_node").with("node", shown(shortened(node_.name, 80))).with("operator", node_.op).with("problem", problem));
  }
  [[noreturn]] void fail_attribute(const std::string& name, const std::string& found, const std::string& allowed) const {
    fail(Message("refusal.onnx_attribute").with("attribute", name).with("found", printable(shortened(found, 80))).with("allowed", allowed));
  }

  /// Numbers as floats, or as the tensor that newer files have.
  std::vector<double> numbers(const std::string& name) const {
    const auto tensor = node_.attributes.find(name + "_as_tensor");
    if (tensor == node_.attributes.end() || tensor->second.tensors.empty()) return node_.numbers(name);
    return tensor->second.tensors[0].numbers;
  }
  std::vector<std::string> texts(const std::string& name) const {
    const auto found = node_.attributes.find(name);
    return found == node_.attributes.end() ? std::vector<std::string>{} : found->second.texts;
  }
  template <class T>
  void need(const std::vector<T>& list, const std::string& name, std::size_t wanted) const {
    if (list.size() != wanted)
      fail(Message("refusal.onnx_tree_list")
               .with("attribute", name)
               .with("found", std::to_string(list.size()))
               .with("wanted", std::to_string(wanted)));
  }

  /// Attributes that would change the answers.
  void refuse_others() const {
    static const std::set<std::string> kShared{"nodes_treeids",
                                               "nodes_nodeids",
                                               "nodes_featureids",
                                               "nodes_values",
                                               "nodes_values_as_tensor",
                                               "nodes_hitrates",
                                               "nodes_hitrates_as_tensor",
                                               "nodes_modes",
                                               "nodes_truenodeids",
                                               "nodes_falsenodeids",
                                               "nodes_missing_value_tracks_true",
                                               "post_transform",
                                               "base_values",
                                               "base_values_as_tensor"};
    static const std::set<std::string> kClasses{"class_treeids",           "class_nodeids",       "class_ids",         "class_weights",
                                                "class_weights_as_tensor", "classlabels_strings", "classlabels_int64s"};
    static const std::set<std::string> kTargets{"target_treeids",           "target_nodeids", "target_ids",        "target_weights",
                                                "target_weights_as_tensor", "n_targets",      "aggregate_function"};
    for (const auto& [name, value] : node_.attributes)
      if (!kShared.contains(name) && !(classifier_ ? kClasses : kTargets).contains(name))
        fail(Message("refusal.onnx_tree_attribute").with("attribute", printable(shortened(name, 80))));
  }

  void read_outputs() {
    const std::string after = node_.text("post_transform", "NONE");
    if (after == "LOGISTIC" && classifier_)
      out_.after = TreeEnsemble::After::logistic;
    else if (after == "SOFTMAX" && classifier_)
      out_.after = TreeEnsemble::After::softmax;
    else if (after != "NONE")
      fail_attribute("post_transform", after, classifier_ ? "NONE, LOGISTIC, SOFTMAX" : "NONE");
    if (classifier_) {
      out_.classes = texts("classlabels_strings");
      for (const std::int64_t label : node_.wholes("classlabels_int64s")) {
        if (out_.classes.size() > kMostOutputs) break;
        out_.classes.push_back(std::to_string(label)), out_.numbered_classes = true;
      }
      const std::set<std::string> distinct(out_.classes.begin(), out_.classes.end());
      if (out_.classes.size() < 2 || out_.classes.size() > kMostOutputs || distinct.size() != out_.classes.size())
        fail(Message("refusal.onnx_tree_classes").with("found", std::to_string(out_.classes.size())));
      out_.outputs = static_cast<int>(out_.classes.size());
      return;
    }
    if (const std::int64_t targets = node_.whole("n_targets", 1); targets != 1)
      fail(Message("refusal.onnx_many_numbers").with("found", std::to_string(targets)));
    const std::string together = node_.text("aggregate_function", "SUM");
    const std::map<std::string, TreeEnsemble::Together> known{{"SUM", TreeEnsemble::Together::sum},
                                                              {"AVERAGE", TreeEnsemble::Together::mean},
                                                              {"MIN", TreeEnsemble::Together::least},
                                                              {"MAX", TreeEnsemble::Together::most}};
    const auto found = known.find(together);
    if (found == known.end()) fail_attribute("aggregate_function", together, "SUM, AVERAGE, MIN, MAX");
    out_.together = found->second;
  }

  void read_nodes() {
    const std::vector<std::int64_t> tree = node_.wholes("nodes_treeids"), id = node_.wholes("nodes_nodeids"),
                                    input = node_.wholes("nodes_featureids"), yes = node_.wholes("nodes_truenodeids"),
                                    no = node_.wholes("nodes_falsenodeids"), missing = node_.wholes("nodes_missing_value_tracks_true");
    const std::vector<std::string> mode = texts("nodes_modes");
    const std::vector<double> value = numbers("nodes_values"), rows = numbers("nodes_hitrates");
    const std::size_t n = id.size();
    if (n == 0) fail(Message("refusal.onnx_tree_list").with("attribute", "nodes_nodeids").with("found", "0").with("wanted", "1 or more"));
    if (n > kMostTreeNodes)
      fail(Message("refusal.onnx_tree_size").with("found", std::to_string(n)).with("most", std::to_string(kMostTreeNodes)));
    need(tree, "nodes_treeids", n), need(input, "nodes_featureids", n), need(yes, "nodes_truenodeids", n),
        need(no, "nodes_falsenodeids", n);
    need(mode, "nodes_modes", n), need(value, "nodes_values", n);
    if (!missing.empty()) need(missing, "nodes_missing_value_tracks_true", n);
    if (!rows.empty()) need(rows, "nodes_hitrates", n);
    static const std::map<std::string, Mode> kModes{
        {"LEAF", Mode::leaf},      {"BRANCH_LEQ", Mode::at_most}, {"BRANCH_LT", Mode::less},    {"BRANCH_GTE", Mode::at_least},
        {"BRANCH_GT", Mode::more}, {"BRANCH_EQ", Mode::equal},    {"BRANCH_NEQ", Mode::unequal}};
    for (std::size_t i = 0; i < n; ++i) {
      if (!place_.emplace(std::pair(tree[i], id[i]), static_cast<int>(i)).second)
        fail(Message("refusal.onnx_tree_twice").with("tree", std::to_string(tree[i])).with("node", std::to_string(id[i])));
      const auto known = kModes.find(mode[i]);
      if (known == kModes.end())
        fail_attribute("nodes_modes", mode[i], "LEAF, BRANCH_LEQ, BRANCH_LT, BRANCH_GTE, BRANCH_GT, BRANCH_EQ, BRANCH_NEQ");
      Node& node = out_.nodes.emplace_back();
      node.mode = known->second, node.missing_yes = !missing.empty() && missing[i] != 0;
      node.rows = rows.empty() ? 0 : rows[i];
      if (!std::isfinite(node.rows) || node.rows < 0) node.rows = 0;
      if (node.mode == Mode::leaf) continue;
      if (input[i] < 0 || input[i] >= kMostInputs) fail(Message("refusal.onnx_tree_input").with("found", std::to_string(input[i])));
      node.input = static_cast<int>(input[i]), node.value = static_cast<float>(value[i]);
      if (std::isnan(node.value)) fail(Message("refusal.onnx_finite"));
      most_input_ = std::max(most_input_, node.input);
    }
    tree_ids_ = tree, yes_ids_ = yes, no_ids_ = no;
  }

  /// Every node hangs on at most one other of its tree, the only one that hangs on none is its root, and nodes are put in the order in
  /// which a walk from the roots meets them, so that children stand behind their parents.
  void connect() {
    const auto n = static_cast<int>(out_.nodes.size());
    std::vector<int> parents(out_.nodes.size(), 0);
    for (int i = 0; i < n; ++i) {
      Node& node = out_.nodes[static_cast<std::size_t>(i)];
      if (node.mode == Mode::leaf) continue;
      const auto u = static_cast<std::size_t>(i);
      for (const bool yes : {true, false}) {
        const std::int64_t id = yes ? yes_ids_[u] : no_ids_[u];
        const auto found = place_.find({tree_ids_[u], id});
        if (found == place_.end())
          fail(Message("refusal.onnx_tree_child").with("tree", std::to_string(tree_ids_[u])).with("node", std::to_string(id)));
        (yes ? node.yes : node.no) = found->second;
      }
      if (node.yes == node.no) fail(Message("refusal.onnx_tree_circle").with("tree", std::to_string(tree_ids_[u])));
      ++parents[static_cast<std::size_t>(node.yes)], ++parents[static_cast<std::size_t>(node.no)];
    }
    std::set<std::int64_t> with_root;
    std::vector<std::pair<int, int>> open;  // node and level
    std::vector<int> order, place(out_.nodes.size(), -1);
    for (int i = 0; i < n; ++i) {
      const auto u = static_cast<std::size_t>(i);
      if (parents[u] > 1) fail(Message("refusal.onnx_tree_circle").with("tree", std::to_string(tree_ids_[u])));
      if (parents[u] == 1) continue;
      if (!with_root.insert(tree_ids_[u]).second) fail(Message("refusal.onnx_tree_roots").with("tree", std::to_string(tree_ids_[u])));
      out_.roots.push_back(static_cast<int>(order.size()));
      open.assign(1, {i, 0});
      while (!open.empty()) {
        const auto [at, level] = open.back();
        open.pop_back();
        if (level > kMostLevels) fail(Message("refusal.onnx_tree_levels").with("most", std::to_string(kMostLevels)));
        place[static_cast<std::size_t>(at)] = static_cast<int>(order.size()), order.push_back(at);
        const Node& node = out_.nodes[static_cast<std::size_t>(at)];
        if (node.mode != Mode::leaf) open.emplace_back(node.no, level + 1), open.emplace_back(node.yes, level + 1);
      }
    }
    // What no root leads to turns in a circle.
    for (int i = 0; i < n; ++i)
      if (place[static_cast<std::size_t>(i)] < 0)
        fail(Message("refusal.onnx_tree_circle").with("tree", std::to_string(tree_ids_[static_cast<std::size_t>(i)])));
    std::vector<Node> sorted;
    sorted.reserve(out_.nodes.size());
    for (const int i : order) {
      Node& node = sorted.emplace_back(std::move(out_.nodes[static_cast<std::size_t>(i)]));
      if (node.mode != Mode::leaf) node.yes = place[static_cast<std::size_t>(node.yes)], node.no = place[static_cast<std::size_t>(node.no)];
    }
    out_.nodes = std::move(sorted), sorted_ = std::move(place);
  }

  void read_leaves() {
    const std::string of = classifier_ ? "class" : "target";
    const std::vector<std::int64_t> tree = node_.wholes(of + "_treeids"), id = node_.wholes(of + "_nodeids"),
                                    which = node_.wholes(of + "_ids");
    const std::vector<double> weight = numbers(of + "_weights");
    const std::size_t n = weight.size();
    need(tree, of + "_treeids", n), need(id, of + "_nodeids", n), need(which, of + "_ids", n);
    if (n > 64 * kMostTreeNodes)
      fail(Message("refusal.onnx_tree_size").with("found", std::to_string(n)).with("most", std::to_string(64 * kMostTreeNodes)));
    const std::set<std::int64_t> outputs(which.begin(), which.end());
    // Two classes of which one number is told: what it is about, if it stands in the place of the first class, is the second.
    const bool one = classifier_ && out_.classes.size() == 2 && outputs.size() < 2;
    if (one && outputs.contains(1)) fail(Message("refusal.onnx_tree_second"));
    if (one && out_.after == TreeEnsemble::After::softmax) fail_attribute("post_transform", "SOFTMAX", "NONE, LOGISTIC");
    if (one && out_.after == TreeEnsemble::After::none && std::ranges::any_of(weight, [](double w) { return w < 0; }))
      fail(Message("refusal.onnx_tree_margin"));
    for (std::size_t i = 0; i < n; ++i) {
      const auto found = place_.find({tree[i], id[i]});
      if (found == place_.end())
        fail(Message("refusal.onnx_tree_child").with("tree", std::to_string(tree[i])).with("node", std::to_string(id[i])));
      if (which[i] < 0 || which[i] >= out_.outputs)
        fail_attribute(of + "_ids", std::to_string(which[i]), "0 to " + std::to_string(out_.outputs - 1));
      if (!std::isfinite(weight[i])) fail(Message("refusal.onnx_finite"));
      Node& node = out_.nodes[static_cast<std::size_t>(sorted_[static_cast<std::size_t>(found->second)])];
      if (node.mode != Mode::leaf)
        fail(Message("refusal.onnx_tree_inner").with("tree", std::to_string(tree[i])).with("node", std::to_string(id[i])));
      node.numbers.emplace_back(one ? 0 : static_cast<int>(which[i]), weight[i]);
    }
    if (one) out_.outputs = 1;
  }

  void read_base() {
    out_.base = numbers("base_values");
    if (classifier_ && out_.classes.size() == 2 && out_.base.size() == 2) fail(Message("refusal.onnx_tree_two_bases"));
    if (!out_.base.empty()) need(out_.base, "base_values", static_cast<std::size_t>(out_.outputs));
    for (const double b : out_.base)
      if (!std::isfinite(b)) fail(Message("refusal.onnx_finite"));
  }

  /// What they compare is the graph's one input; nothing but a change of type stands before them.
  void read_inputs() {
    if (node_.inputs.empty()) fail(Message("refusal.onnx_value").with("value", shown("")));
    std::string value = node_.inputs[0];
    for (std::size_t step = 0; step <= graph_.nodes.size(); ++step) {
      const auto in = std::ranges::find(graph_.inputs, value, &OnnxValue::name);
      if (in != graph_.inputs.end()) {
        if (graph_.inputs.size() != 1) break;
        if (in->shape.size() > 2) fail(Message("refusal.onnx_sides").with("found", Json(in->shape).dump()).with("allowed", "[n, inputs]"));
        if (in->shape.size() == 2 && in->shape[1] > 0 && in->shape[1] < kMostInputs) out_.input_count = static_cast<int>(in->shape[1]);
        return check_inputs();
      }
      const auto giver =
          std::ranges::find_if(graph_.nodes, [&](const OnnxNode& g) { return std::ranges::find(g.outputs, value) != g.outputs.end(); });
      if (giver == graph_.nodes.end()) fail(Message("refusal.onnx_value").with("value", shown(shortened(value, 80))));
      if (!giver->domain.empty() || (giver->op != "Cast" && giver->op != "Identity") || giver->inputs.empty())
        fail(Message("refusal.onnx_tree_before").with("found", printable(shortened(giver->op, 80))));
      value = giver->inputs[0];
    }
    std::vector<std::string> names;
    for (const OnnxValue& v : graph_.inputs)
      if (names.size() < 10) names.push_back(shown(shortened(v.name, 80)));
    throw Error(file_, Message("refusal.onnx_inputs").with("names", all_of(names)));
  }
  void check_inputs() {
    if (out_.input_count > 0 && most_input_ >= out_.input_count)
      fail(Message("refusal.onnx_tree_input").with("found", std::to_string(most_input_)));
    const auto named = graph_.metadata.find("inputs");
    if (named == graph_.metadata.end()) return;
    const Json j = json_or_discarded(named->second);
    if (!j.is_array() || !std::ranges::all_of(j, [](const Json& n) { return n.is_string(); }))
      throw Error(file_, Message("refusal.metadata_names").with("key", shown("inputs")).with("found", shown(shortened(named->second, 80))));
    if (static_cast<int>(j.size()) <= most_input_ || (out_.input_count > 0 && static_cast<int>(j.size()) != out_.input_count))
      throw Error(file_, Message("refusal.metadata_count")
                             .with("key", shown("inputs"))
                             .with("found", std::to_string(j.size()))
                             .with("wanted", std::to_string(std::max(out_.input_count, most_input_ + 1))));
    out_.inputs = j.get<std::vector<std::string>>(), out_.input_count = static_cast<int>(j.size());
  }

  const OnnxGraph& graph_;
  const OnnxNode& node_;
  std::string file_;
  bool classifier_;
  TreeEnsemble out_;
  std::map<std::pair<std::int64_t, std::int64_t>, int> place_;  // of a tree's node in the file
  std::vector<int> sorted_;                                     // of the file's node i in out_.nodes
  std::vector<std::int64_t> tree_ids_, yes_ids_, no_ids_;
  int most_input_ = -1;
};

}  // namespace

const OnnxNode* trees_of_onnx(const OnnxGraph& graph) {
  for (const OnnxNode& node : graph.nodes)
    if (node.domain == "ai.onnx.ml" && (node.op == "TreeEnsembleClassifier" || node.op == "TreeEnsembleRegressor")) return &node;
  return nullptr;
}

TreeEnsemble trees_of(const OnnxGraph& graph, const OnnxNode& node, const std::string& file) {
  return TreeReader(graph, node, file).read();
}

TreeEnsemble read_onnx_trees(std::string_view bytes, const std::string& file) {
  const OnnxGraph graph = read_onnx(bytes, file);
  const OnnxNode* node = trees_of_onnx(graph);
  if (!node) throw Error(file, Message("refusal.onnx_no_trees"));
  return trees_of(graph, *node, file);
}

}  // namespace mid
