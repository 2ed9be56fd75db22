#include "mid/model/file/onnx_model.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/model/file/onnx_layers.hpp"
#include "mid/model/file/onnx_trees.hpp"

namespace mid {
namespace {

using Kind = LayerGraph::Kind;
using Step = LayerGraph::Step;

constexpr std::size_t kMostHidden = 8;
constexpr std::size_t kMostNamed = 12;  // layers in a sentence

/// Where an answer comes from: an operator of scikit-learn's models, or (no node) the graph itself.
struct Answer {
  std::string value;                      ///< the value of the graph
  const OnnxNode* node = nullptr;         ///< the classifier or regressor that gives it
  bool normalised = false;                ///< whether a Normalizer comes behind
  std::vector<std::string> classes = {};  ///< what a ZipMap or the classifier calls them; empty: nothing, or places
};

/// What an operator of scikit-learn's calls its classes. Numbers counted up from 0 are places and no names.
std::vector<std::string> classes_of_node(const OnnxNode& node) {
  if (const auto texts = node.attributes.find("classlabels_strings"); texts != node.attributes.end() && !texts->second.texts.empty())
    return texts->second.texts;
  std::vector<std::string> out;
  bool counted_up = true;
  for (const char* name : {"classlabels_ints", "classlabels_int64s"})
    for (const std::int64_t label : node.wholes(name))
      counted_up = counted_up && label == static_cast<std::int64_t>(out.size()), out.push_back(std::to_string(label));
  return counted_up ? std::vector<std::string>() : out;
}

const OnnxNode* giver_of(const OnnxGraph& graph, const std::string& value, std::size_t& output) {
  for (const OnnxNode& node : graph.nodes)
    for (std::size_t o = 0; o < node.outputs.size(); ++o)
      if (node.outputs[o] == value) {
        output = o;
        return &node;
      }
  return nullptr;
}

/// Whether a value is the class that was chosen, not what is thought of each.
bool is_choice(const OnnxGraph& graph, std::string value) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    std::size_t place = 0;
    const OnnxNode* node = giver_of(graph, value, place);
    if (!node || node->inputs.empty()) return false;
    for (const char* choosing : {"ArgMax", "ArgMin", "ArrayFeatureExtractor", "LabelEncoder"})
      if (node->op == choosing) return true;
    const bool handing = node->op == "Cast" || node->op == "Identity" || node->op == "Reshape" || node->op == "Squeeze";
    if (!handing) return false;
    value = node->inputs[0];
  }
  return false;
}

/// Past what only hands the answer on.
Answer source_of(const OnnxGraph& graph, const std::string& output) {
  std::string value = output, computed = output;
  bool normalised = false;
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    std::size_t place = 0;
    const OnnxNode* node = giver_of(graph, value, place);
    if (!node || node->inputs.empty()) break;
    const bool learning = node->domain == "ai.onnx.ml";
    if (learning && (node->op == "ZipMap" || node->op == "Normalizer")) {
      value = node->inputs[0], normalised = normalised || node->op == "Normalizer";
      if (node->op == "ZipMap") computed = value, classes = classes_of_node(*node);
    } else if (!learning && (node->op == "Identity" || node->op == "Cast") && value != output) {
      value = node->inputs[0];
    } else if (learning && (node->op.ends_with("Classifier") || node->op.ends_with("Regressor"))) {
      if (node->op.ends_with("Regressor") || place == 1) return {value, node, normalised, classes_of_node(*node)};
      break;
    } else {
      break;
    }
  }
  return {computed, nullptr, false, std::move(classes)};
}

/// Of several outputs that of a classifier's confidences, else the first that is no choice of a class.
Answer answer_of(const OnnxGraph& graph, const std::string& file, std::vector<Message>& remarks) {
  if (graph.outputs.empty()) throw Error(file, Message("refusal.onnx_no_output"));
  for (const OnnxValue& output : graph.outputs)
    if (const Answer a = source_of(graph, output.name); a.node) return a;
  const auto found =
      std::find_if(graph.outputs.begin(), graph.outputs.end(), [&](const OnnxValue& o) { return !is_choice(graph, o.name); });
  const std::string& name = (found == graph.outputs.end() ? graph.outputs.front() : *found).name;
  if (graph.outputs.size() > 1) remarks.push_back(Message("warning.onnx_outputs").with("name", shown(shortened(name, 80))));
  return source_of(graph, name);
}

class OnnxModelReader {
 public:
  OnnxModelReader(std::string_view bytes, const std::string& file)
      : file_(file), graph_(read_onnx(bytes, file)), answer_(answer_of(graph_, file, remarks_)) {}

  std::string kind() {
    if (answer_.node) return answer_.node->op == "LinearRegressor" ? "linear" : "network";
    const OnnxLayers layers = layers_of_onnx(graph_, answer_.value, file_);
    const auto& steps = layers.graph.steps;
    return layers.end.empty() && steps.size() == 1 && steps[0].kind == Kind::dense && layers.outputs == 1 ? "linear" : "network";
  }

  bool ends_openly() {
    if (answer_.node) return false;
    const OnnxLayers layers = layers_of_onnx(graph_, answer_.value, file_);
    return layers.end.empty() && !layers.graph.steps.empty() && layers.graph.steps.back().kind != Kind::dense;
  }

  /// `number`: its one output is what is predicted, and no logit.
  Network network(std::vector<Message>* remarks, bool number = false) {
    OnnxLayers layers = answer_.node ? learnt() : layers_of_onnx(graph_, answer_.value, file_);
    if (number && !layers.end.empty()) fail(Message("refusal.onnx_no_number").with("operator", layers.end));
    if (number && layers.outputs != 1) fail_numbers(layers.outputs);
    if (layers.end == "Sigmoid" && layers.outputs > 1)
      fail(Message("refusal.onnx_many_sigmoids").with("found", std::to_string(layers.outputs)));
    Network net;
    LayerGraph& graph = layers.graph;
    // The head is the last layer where that is dense; else its numbers are the logits already.
    MatrixD weight, bias;
    if (!graph.steps.empty() && graph.steps.back().kind == Kind::dense && layers.order.empty() && layers.outputs == graph.outputs()) {
      const Step last = graph.steps.back();
      if (last.a == static_cast<int>(graph.steps.size()) - 1) {
        weight = number_of(graph, last.weight), bias = number_of(graph, last.bias);
        graph.steps.pop_back();
      }
    }
    if (weight.size() == 0) {
      weight = MatrixD::Zero(graph.outputs(), layers.outputs), bias = MatrixD::Zero(1, layers.outputs);
      for (int i = 0; i < layers.outputs; ++i) weight(layers.order.empty() ? i : layers.order[static_cast<std::size_t>(i)], i) = 1;
    }
    net.classes = std::max(2, static_cast<int>(weight.cols()));
    if (weight.cols() == 2) {  // what a network of two classes has here, and what a release rounds and adds noise to
      weight = MatrixD(weight.col(1) - weight.col(0)), bias = MatrixD(bias.col(1) - bias.col(0));
      remark(Message("warning.model_two_outputs"));
    } else if (weight.cols() == 1 && layers.end.empty() && !number) {
      remark(Message("warning.onnx_one_logit"));
    }
    net.head.weight.value = weight.cast<float>(), net.head.bias.value = bias.cast<float>();
    net.input_mean = Matrix::Zero(1, graph.inputs), net.input_sd = Matrix::Ones(1, graph.inputs);
    if (!take_chain(graph, net)) net.front = std::move(graph);
    net.input_names = names("inputs", net.inputs());
    if (!number) net.class_names = names("classes", net.classes);
    if (net.class_names.empty() && answer_.classes.size() == static_cast<std::size_t>(net.classes)) net.class_names = answer_.classes;
    std::vector<std::string> operators = layers.operators;
    if (operators.size() > kMostNamed) operators.resize(kMostNamed), operators.emplace_back("...");
    std::string list;
    for (const std::string& o : operators) list += (list.empty() ? "" : ", ") + o;
    remark(Message("warning.onnx_read")
               .with("layers", list.empty() ? "-" : list)
               .with("answers", Message(number               ? "warning.part.onnx_number"
                                        : layers.end.empty() ? "warning.part.onnx_logits"
                                                             : "warning.part.onnx_confidences")
                                    .with("operator", layers.end)));
    tell(remarks);
    return net;
  }

  Linear linear(std::vector<Message>* remarks) {
    const OnnxLayers layers = answer_.node ? learnt() : layers_of_onnx(graph_, answer_.value, file_);
    const LayerGraph& graph = layers.graph;
    if (!layers.end.empty()) fail(Message("refusal.onnx_not_linear"));
    if (layers.outputs != 1) fail_numbers(layers.outputs);
    // Scaling before it is part of the weights.
    VectorXd scale = VectorXd::Ones(graph.inputs), shift = VectorXd::Zero(graph.inputs);
    Linear model;
    for (std::size_t i = 0; i < graph.steps.size(); ++i) {
      const Step& s = graph.steps[i];
      if (s.a != static_cast<int>(i)) fail(Message("refusal.onnx_not_linear"));
      const bool last = i + 1 == graph.steps.size();
      if (is_scale(s) && !last) {
        const VectorXd by = row_of(graph, s).cast<double>().row(0).transpose();
        scale.array() *= by.array(), shift.array() *= by.array();
      } else if (is_shift(s) && !last) {
        shift += row_of(graph, s).cast<double>().row(0).transpose();
      } else if (s.kind == Kind::dense && last) {
        const VectorXd w = number_of(graph, s.weight).col(0);
        model.weight = w.array() * scale.array(), model.bias = number_of(graph, s.bias)(0, 0) + w.dot(shift);
      } else {
        fail(Message("refusal.onnx_not_linear"));
      }
    }
    if (model.weight.size() == 0) fail(Message("refusal.onnx_not_linear"));
    model.input_names = names("inputs", model.weight.size());
    tell(remarks);
    return model;
  }

 private:
  [[noreturn]] void fail(const Message& problem) const { throw Error(file_, problem); }
  /// Several numbers where the data have one.
  [[noreturn]] void fail_numbers(int found) const {
    std::size_t place = 0;
    const OnnxNode* node = answer_.node ? answer_.node : giver_of(graph_, answer_.value, place);
    fail(Message("refusal.onnx_node")
             .with("node", shown(shortened(node ? node->name : answer_.value, 80)))
             .with("operator", node ? node->op : "")
             .with("problem", Message("refusal.onnx_many_numbers").with("found", std::to_string(found))));
  }
  void remark(const Message& m) { remarks_.push_back(m); }
  void tell(std::vector<Message>* remarks) const {
    if (remarks) remarks->insert(remarks->end(), remarks_.begin(), remarks_.end());
  }
  static MatrixD number_of(const LayerGraph& graph, int weight) {
    return graph.weights[static_cast<std::size_t>(weight)].value.cast<double>();
  }

  std::vector<std::string> names(const char* key, std::int64_t wanted) const {
    const auto found = graph_.metadata.find(key);
    if (found == graph_.metadata.end()) return {};
    const Json j = json_or_discarded(found->second);
    if (!j.is_array() || !std::all_of(j.begin(), j.end(), [](const Json& n) { return n.is_string(); }))
      fail(Message("refusal.metadata_names").with("key", shown(key)).with("found", shown(shortened(found->second, 80))));
    if (static_cast<std::int64_t>(j.size()) != wanted)
      fail(Message("refusal.metadata_count")
               .with("key", shown(key))
               .with("found", std::to_string(j.size()))
               .with("wanted", std::to_string(wanted)));
    return j.get<std::vector<std::string>>();
  }

  /// A linear model of scikit-learn's.
  OnnxLayers learnt() {
    const OnnxNode& node = *answer_.node;
    if (node.op != "LinearClassifier" && node.op != "LinearRegressor")
      fail(Message("refusal.onnx_learnt").with("operator", printable(shortened(node.op, 80))));
    OnnxLayers out = layers_of_onnx(graph_, node.inputs[0], file_);
    if (!out.end.empty() || !out.order.empty()) fail(Message("refusal.onnx_learnt").with("operator", printable(shortened(out.end, 80))));
    const std::vector<double> w = node.numbers("coefficients"), b = node.numbers("intercepts");
    const auto inputs = static_cast<std::size_t>(out.outputs), rows = inputs ? w.size() / inputs : 0;
    if (rows < 1 || rows * inputs != w.size() || rows > 10'000 || (!b.empty() && b.size() != rows))
      fail(Message("refusal.onnx_coefficients").with("found", std::to_string(w.size())).with("inputs", std::to_string(inputs)));
    Matrix weight(static_cast<Eigen::Index>(inputs), static_cast<Eigen::Index>(rows)),
        bias = Matrix::Zero(1, static_cast<Eigen::Index>(rows));
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t i = 0; i < inputs; ++i)
        weight(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(r)) = static_cast<float>(w[r * inputs + i]);
      if (!b.empty()) bias(0, static_cast<Eigen::Index>(r)) = static_cast<float>(b[r]);
    }
    if (!weight.allFinite() || !bias.allFinite())
      fail(Message("refusal.onnx_coefficients").with("found", "NaN").with("inputs", std::to_string(inputs)));
    const std::string after = node.text("post_transform", "NONE");
    // What decides between two classes is one number, which is written for one of them with the other sign.
    const bool mirrored = rows == 2 && weight.col(0) == -weight.col(1) && bias(0, 0) == -bias(0, 1);
    if (mirrored && after != "SOFTMAX") weight = Matrix(weight.col(1)), bias = Matrix(bias.col(1));
    if (after == "LOGISTIC" && mirrored)
      out.end = "Sigmoid";
    else if (after == "LOGISTIC" && rows == 1)
      out.end = "Sigmoid";
    else if (after == "SOFTMAX")
      out.end = "Softmax";
    else if (after != "NONE" && after != "LOGISTIC")
      fail(Message("refusal.onnx_after").with("operator", node.op).with("found", printable(shortened(after, 80))));
    out.outputs = static_cast<int>(weight.cols());
    LayerGraph& g = out.graph;
    const auto push = [&](Step s) { s.a = static_cast<int>(g.steps.size()), s.columns = out.outputs, g.steps.push_back(std::move(s)); };
    Step dense{.kind = Kind::dense, .weight = static_cast<int>(g.weights.size()), .bias = static_cast<int>(g.weights.size()) + 1};
    g.weights.emplace_back().value = weight, g.weights.emplace_back().value = bias;
    push(std::move(dense));
    out.operators.push_back(node.op);
    if (after == "LOGISTIC" && weight.cols() > 1) {  // each class by itself, then by their sum: logits ln sigmoid(s) = -softplus(-s)
      push({.kind = Kind::scale, .number = -1}), push({.kind = Kind::softplus}), push({.kind = Kind::scale, .number = -1});
      out.end = "Sigmoid / sum";
      if (!answer_.normalised) remark(Message("warning.onnx_each_class"));
    }
    return out;
  }

  static bool is_shift(const Step& s) { return s.kind == Kind::row_shift || s.kind == Kind::shift; }
  static bool is_scale(const Step& s) { return s.kind == Kind::row_scale || s.kind == Kind::scale; }
  /// What such a step adds to each column, or multiplies it by.
  static Matrix row_of(const LayerGraph& graph, const Step& s) {
    return s.weight >= 0 ? graph.weights[static_cast<std::size_t>(s.weight)].value : Matrix(Matrix::Constant(1, s.columns, s.number));
  }

  /// Whether what is left before the head is a chain that a plain network has: scaling, then dense layers of one activation.
  static bool take_chain(const LayerGraph& graph, Network& net) {
    std::size_t i = 0;
    const auto& steps = graph.steps;
    for (std::size_t k = 0; k < steps.size(); ++k)
      if (steps[k].a != static_cast<int>(k)) return false;
    Matrix mean = net.input_mean, sd = net.input_sd;
    if (steps.size() >= 2 && is_shift(steps[0]) && is_scale(steps[1])) {
      const Matrix scale = row_of(graph, steps[1]);
      if ((scale.array() <= 0).any()) return false;
      mean = -row_of(graph, steps[0]), sd = scale.cwiseInverse();
      if (!sd.allFinite()) return false;
      i = 2;
    }
    std::vector<DenseLayer> hidden;
    std::optional<std::string> activation;
    for (; i < steps.size(); i += 2) {
      if (steps[i].kind != Kind::dense || i + 1 == steps.size()) return false;
      const Step& bend = steps[i + 1];
      std::string name;
      if (bend.kind == Kind::tanh) name = "tanh";
      if (bend.kind == Kind::leaky_relu && bend.number == 0) name = "relu";
      if (bend.kind == Kind::leaky_relu && bend.number == .01f) name = "leaky_relu";
      if (name.empty() || activation.value_or(name) != name) return false;
      activation = name;
      DenseLayer& layer = hidden.emplace_back();
      layer.weight.value = graph.weights[static_cast<std::size_t>(steps[i].weight)].value;
      layer.bias.value = graph.weights[static_cast<std::size_t>(steps[i].bias)].value;
    }
    if (hidden.size() > kMostHidden) return false;
    net.hidden = std::move(hidden), net.activation = activation.value_or("relu"), net.input_mean = mean, net.input_sd = sd;
    return true;
  }

  std::string file_;
  std::vector<Message> remarks_;
  OnnxGraph graph_;
  Answer answer_;
};

}  // namespace

std::string kind_of_onnx(std::string_view bytes, const std::string& file) {
  const OnnxGraph graph = read_onnx(bytes, file);
  if (const OnnxNode* trees = trees_of_onnx(graph)) try {
      return is_one_tree(trees_of(graph, *trees, file)) ? "tree" : "black_box";
    } catch (const Error&) {  // whoever reads them says what is wrong
      return "black_box";
    }
  return OnnxModelReader(bytes, file).kind();
}

bool ends_openly(std::string_view bytes, const std::string& file) { return OnnxModelReader(bytes, file).ends_openly(); }

Network network_from_onnx(std::string_view bytes, const std::string& file, std::vector<Message>* remarks) {
  Network net = OnnxModelReader(bytes, file).network(remarks);
  if (net.front) net.source = bytes;
  return net;
}

Network number_network_from_onnx(std::string_view bytes, const std::string& file, std::vector<Message>* remarks) {
  return OnnxModelReader(bytes, file).network(remarks, true);
}

Linear linear_from_onnx(std::string_view bytes, const std::string& file, std::vector<Message>* remarks) {
  return OnnxModelReader(bytes, file).linear(remarks);
}

}  // namespace mid
