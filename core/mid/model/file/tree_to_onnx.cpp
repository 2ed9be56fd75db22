#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/param.hpp"
#include "mid/model/file/onnx_writer.hpp"
#include "mid/model/file/to_onnx.hpp"

namespace mid {
namespace {

/// ONNX asks "input <= value" alone, so a split of many branches becomes a chain of such questions.
class TreeWriter {
 public:
  TreeWriter(const Tree& tree, const std::vector<std::string>& inputs, std::vector<std::vector<float>> cuts)
      : tree_(tree), inputs_(inputs), cuts_(std::move(cuts)) {
    if (!cuts_.empty()) return;
    for (const std::vector<double>& column : tree.cuts)
      std::ranges::transform(column, std::back_inserter(cuts_.emplace_back()), rounded_down);
  }

  std::string write() {
    // A stack and no recursion: trees from files may be thousands of questions deep.
    open_.push_back({0, -1, false});
    while (!open_.empty()) {
      const Open next = open_.back();
      open_.pop_back();
      add(next);
    }
    const std::vector<std::int64_t> node_trees(modes_.size(), 0), leaf_trees(weights_.size(), 0);
    std::vector<std::int64_t> ids(modes_.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
    std::vector<OnnxWriter::Attribute> attributes{
        OnnxWriter::wholes("nodes_treeids", node_trees),   OnnxWriter::wholes("nodes_nodeids", ids),
        OnnxWriter::wholes("nodes_featureids", features_), OnnxWriter::numbers("nodes_values", values_),
        OnnxWriter::texts("nodes_modes", modes_),          OnnxWriter::wholes("nodes_truenodeids", yes_),
        OnnxWriter::wholes("nodes_falsenodeids", no_),     OnnxWriter::wholes("class_treeids", leaf_trees),
        OnnxWriter::wholes("class_nodeids", leaves_),      OnnxWriter::wholes("class_ids", classes_),
        OnnxWriter::numbers("class_weights", weights_),    OnnxWriter::texts("classlabels_strings", tree_.classes)};
    if (counted_) attributes.push_back(OnnxWriter::numbers("nodes_hitrates", rows_));
    OnnxWriter out;
    const std::string x =
        out.node("TreeEnsembleClassifier", {OnnxWriter::kInput}, {"label", "probabilities"}, attributes, OnnxWriter::kTreesAndRegressions);
    return out.finish(static_cast<Eigen::Index>(inputs_.size()), x, static_cast<Eigen::Index>(tree_.classes.size()),
                      {{"inputs", Json(inputs_).dump()}, {"classes", Json(tree_.classes).dump()}});
  }

 private:
  /// "Input <= value": one of the two answers leads to a child, the other to the next question.
  struct Question {
    int input = 0;
    float value = 0;
    int child = -1;
    bool yes = false;  ///< leads to the child
  };
  struct Chain {
    std::vector<Question> questions;
    int last = -1;  ///< the child to which the last question leads otherwise
  };
  /// What is still to be written below row `from`: a node, or where `own` is set a leaf with its shares.
  struct Open {
    int node = 0;
    int from = -1;  ///< -1: the root
    bool yes = false, own = false;
  };

  int place(const std::string& input) const {
    const auto found = std::ranges::find(inputs_, input);
    return found == inputs_.end() ? -1 : static_cast<int>(found - inputs_.begin());
  }
  [[noreturn]] static void refuse(const std::string& column) {
    throw Error("run", Message("refusal.export_tree_input").with("column", shown(Json(column))));
  }

  int row(const char* mode, double rows) {
    features_.push_back(0), values_.push_back(0), modes_.emplace_back(mode), yes_.push_back(0), no_.push_back(0);
    rows_.push_back(static_cast<float>(rows));
    return static_cast<int>(modes_.size()) - 1;
  }
  void connect(int from, bool yes, int to) {
    if (from >= 0) (yes ? yes_ : no_)[static_cast<std::size_t>(from)] = to;
  }
  /// Where no training row went the node itself answers.
  void later(int node, int child, int from, bool yes) { open_.push_back({child >= 0 ? child : node, from, yes, child < 0}); }

  void add(const Open& open) {
    const TreeNode& node = tree_.nodes[static_cast<std::size_t>(open.node)];
    if (node.is_leaf() || open.own) {
      const int id = row("LEAF", open.own ? 0 : node.rows());
      connect(open.from, open.yes, id);
      // A leaf that counted nobody has no count to give; then the file says shares alone.
      counted_ = counted_ && rows_.back() > 0;
      const VectorXd shares = confidence(node);
      for (Eigen::Index k = 0; k < shares.size(); ++k)
        leaves_.push_back(id), classes_.push_back(k), weights_.push_back(static_cast<float>(shares[k]));
      return;
    }
    const Chain chain = chain_of(node);
    double rows = node.rows();
    int from = open.from;
    bool yes = open.yes;
    for (const Question& q : chain.questions) {
      const int id = row("BRANCH_LEQ", rows);
      connect(from, yes, id);
      features_.back() = q.input, values_.back() = q.value;
      later(open.node, q.child, id, q.yes);
      if (q.child >= 0) rows -= tree_.nodes[static_cast<std::size_t>(q.child)].rows();
      from = id, yes = !q.yes;
    }
    later(open.node, chain.last, from, yes);
  }

  Chain chain_of(const TreeNode& node) const {
    const TreeColumn& column = tree_.columns[static_cast<std::size_t>(node.column)];
    return column.numeric ? numbers(node, column) : categories(node, column);
  }

  Chain numbers(const TreeNode& node, const TreeColumn& column) const {
    const int at = place(column.name), missing = place(column.name + " missing");
    if (at < 0) refuse(column.name);
    const std::vector<float>& cuts = cuts_[static_cast<std::size_t>(node.column)];
    Chain chain;
    if (missing >= 0) chain.questions.push_back({missing, .5f, node.child.back(), false});
    if (node.split == TreeNode::Split::cut) {
      chain.questions.push_back({at, cuts[static_cast<std::size_t>(node.cut)], node.child[0], true});
      chain.last = node.child[1];
      return chain;
    }
    for (std::size_t b = 0; b < cuts.size(); ++b) chain.questions.push_back({at, cuts[b], node.child[b], true});
    chain.last = node.child[cuts.size()];
    return chain;
  }

  /// Every category has a 0/1 input, or all but one, which is what none of the others is.
  Chain categories(const TreeNode& node, const TreeColumn& column) const {
    Chain chain;
    int without = 0;
    for (std::size_t c = 0; c < column.categories.size(); ++c) {
      const int at = place(column.name + "=" + column.categories[c]);
      if (at >= 0)
        chain.questions.push_back({at, .5f, node.child[c], false});
      else
        ++without, chain.last = node.child[c];
    }
    if (without > 1) refuse(column.name);
    return chain;
  }

  const Tree& tree_;
  const std::vector<std::string>& inputs_;
  std::vector<std::vector<float>> cuts_;
  std::vector<Open> open_;
  std::vector<std::int64_t> features_, yes_, no_;  // of each row
  std::vector<float> values_, rows_;
  std::vector<std::string> modes_;
  std::vector<std::int64_t> leaves_, classes_;  // of each weight
  std::vector<float> weights_;
  bool counted_ = true;
};

}  // namespace

float rounded_down(double v) {
  const auto f = static_cast<float>(v);
  return static_cast<double>(f) > v ? std::nextafter(f, -std::numeric_limits<float>::infinity()) : f;
}

std::string to_onnx(const Tree& tree, const std::vector<std::string>& inputs, std::vector<std::vector<float>> cuts) {
  return TreeWriter(tree, inputs, std::move(cuts)).write();
}

}  // namespace mid
