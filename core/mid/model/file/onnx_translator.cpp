#include "mid/model/file/onnx_translator.hpp"

#include <algorithm>

#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {
namespace {

constexpr std::int64_t kMostColumns = 1 << 22;
constexpr double kMostNumbers = 1 << 26;
constexpr std::int64_t kFreeBatch = 1'000'003;  // stands for the number of records in shape arithmetic where a file leaves it open

bool whole_range(const std::vector<int>& order) {
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i] != static_cast<int>(i)) return false;
  return true;
}

}  // namespace

std::int64_t size_of_sides(const OnnxTranslator::Sides& sides) {
  std::int64_t n = 1;
  for (const std::int64_t s : sides) n = s != 0 && n > (std::int64_t{1} << 40) / s ? std::int64_t{1} << 40 : n * s;
  return n;
}

void OnnxTranslator::fail(const OnnxNode& node, const Message& problem) const {
  throw Error(file_, Message("refusal.onnx_node")
                         .with("node", shown(shortened(node.name.empty() ? node.outputs.empty() ? "" : node.outputs[0] : node.name, 80)))
                         .with("operator", printable(shortened(node.op, 80)))
                         .with("problem", problem));
}
void OnnxTranslator::fail_attribute(const OnnxNode& node, const std::string& attribute, const std::string& found,
                                    const std::string& allowed) const {
  fail(node, Message("refusal.onnx_attribute")
                 .with("attribute", attribute)
                 .with("found", printable(shortened(found, 80)))
                 .with("allowed", allowed));
}
void OnnxTranslator::fail_sides(const OnnxNode& node, const Value& value, const std::string& allowed) const {
  Json found = Json::array({"n"});
  for (const std::int64_t s : value.sides) found.push_back(s);
  const std::string of = value.constant ? shown_shape(value.constant->shape) : found.dump();
  fail(node, Message("refusal.onnx_sides").with("found", of).with("allowed", allowed));
}

const OnnxTranslator::Value& OnnxTranslator::value(const OnnxNode& node, std::size_t input) const {
  const auto found = given(node, input) ? values_.find(node.inputs[input]) : values_.end();
  if (found != values_.end()) return found->second;
  fail(node,
       Message("refusal.onnx_value").with("value", given(node, input) ? shown(shortened(node.inputs[input], 80)) : std::to_string(input)));
}
const OnnxTensor& OnnxTranslator::constant(const OnnxNode& node, std::size_t input) const {
  const Value& v = value(node, input);
  if (!v.constant) fail(node, Message("refusal.onnx_not_constant").with("value", shown(shortened(node.inputs[input], 80))));
  return *v.constant;
}
OnnxTranslator::Sides OnnxTranslator::wholes(const OnnxNode& node, std::size_t input, const std::string& attribute) const {
  if (!given(node, input)) return node.wholes(attribute);
  Sides out;
  for (const double v : constant(node, input).numbers) out.push_back(v == v ? static_cast<std::int64_t>(std::clamp(v, -9e15, 9e15)) : 0);
  return out;
}

void OnnxTranslator::give(const OnnxNode& node, Value v, std::size_t output) {
  if (whole_range(v.order)) v.order.clear();
  if (output >= node.outputs.size()) return;
  const std::string& name = node.outputs[output];
  if (const auto uses = uses_.find(name); !v.constant && uses != uses_.end() && uses->second > 1) wanted_again_ = v.at;
  values_[name] = std::move(v);
}

int OnnxTranslator::step(const OnnxNode& node, LayerGraph::Step s, std::int64_t columns) {
  numbers_ += static_cast<double>(columns);
  if (columns < 1 || columns > kMostColumns || numbers_ > kMostNumbers)
    fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(columns)));
  s.columns = static_cast<int>(columns);
  out_.steps.push_back(std::move(s));
  return static_cast<int>(out_.steps.size());
}
int OnnxTranslator::weight(Matrix value) {
  out_.weights.emplace_back().value = std::move(value);
  return static_cast<int>(out_.weights.size()) - 1;
}
Matrix OnnxTranslator::narrowed(const OnnxNode& node, const MatrixD& exact) const {
  Matrix out = exact.cast<float>();
  if (!out.allFinite()) fail(node, Message("refusal.onnx_finite"));
  return out;
}

int OnnxTranslator::picked(const OnnxNode& node, const Value& v, const std::vector<int>& numbers) {
  std::vector<int> table;
  for (const int i : numbers) table.push_back(i < 0 || v.order.empty() ? i : v.order[static_cast<std::size_t>(i)]);
  const auto columns = static_cast<std::int64_t>(table.size());
  if (columns == out_.columns(v.at) && whole_range(table)) return v.at;
  return step(node, {.kind = LayerGraph::Kind::gather, .a = v.at, .table = std::move(table)}, columns);
}
OnnxTranslator::Value OnnxTranslator::plain(const OnnxNode& node, const Value& v) { return {{}, arranged(node, v, {}), v.sides, {}}; }

int OnnxTranslator::arranged(const OnnxNode& node, const Value& v, const std::vector<int>& order) {
  if (v.order == order) return v.at;
  const auto n = static_cast<std::size_t>(size_of_sides(v.sides));
  std::vector<int> numbers(n);  // which number a column gets
  for (std::size_t i = 0; i < n; ++i) numbers[order.empty() ? i : static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  return picked(node, v, numbers);
}

LayerGraph::Step* OnnxTranslator::last_step(const Value& v, const std::string& name) {
  const auto uses = uses_.find(name);
  if (v.constant || v.at == 0 || v.at != static_cast<int>(out_.steps.size()) || uses == uses_.end() || uses->second != 1) return nullptr;
  return v.at == wanted_again_ ? nullptr : &out_.steps.back();
}

void OnnxTranslator::read_input() {
  if (graph_.inputs.size() != 1) {
    std::vector<std::string> names;
    for (const OnnxValue& v : graph_.inputs) names.push_back(shown(shortened(v.name, 80)));
    if (names.size() > 10) names.resize(10);
    throw Error(file_, Message(names.empty() ? "refusal.onnx_no_input" : "refusal.onnx_inputs").with("names", all_of(names)));
  }
  const OnnxValue& in = graph_.inputs[0];
  Value v;
  if (in.shape.size() > 1) v.sides.assign(in.shape.begin() + 1, in.shape.end());
  const std::int64_t n = size_of_sides(v.sides);
  if (in.shape.size() < 2 || std::any_of(v.sides.begin(), v.sides.end(), [](std::int64_t s) { return s < 1; }) || n > kMostColumns)
    throw Error(file_,
                Message("refusal.onnx_input_shape").with("name", shown(shortened(in.name, 80))).with("found", shown_shape(in.shape)));
  batch_ = in.shape[0] > 0 ? in.shape[0] : kFreeBatch;
  out_.inputs = static_cast<int>(n);
  values_[in.name] = v;
}

void OnnxTranslator::mark_needed(const std::string& output) {
  std::map<std::string, std::size_t> giver;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
    for (const std::string& name : graph_.nodes[i].outputs)
      if (!name.empty()) giver[name] = i;
  needed_.assign(graph_.nodes.size(), false);
  std::vector<std::string> open{output};
  while (!open.empty()) {
    const auto found = giver.find(open.back());
    open.pop_back();
    if (found == giver.end() || needed_[found->second]) continue;
    needed_[found->second] = true;
    for (const std::string& name : graph_.nodes[found->second].inputs)
      if (!name.empty()) ++uses_[name], open.push_back(name);
  }
  ++uses_[output];
}

bool OnnxTranslator::is_softmax_of_classes(const OnnxNode& node) const {
  if (node.op != "Softmax" && node.op != "LogSoftmax") return false;
  const std::int64_t axis = node.whole("axis", graph_.opset < 13 && graph_.opset > 0 ? 1 : -1);
  return axis == 1 || axis == -1;
}

/// The value that 1 - s and s beside each other are made of, as scikit-learn's converter writes the confidences in two classes.
std::string OnnxTranslator::of_both_classes(const OnnxNode& node) const {
  if (node.op != "Concat" || node.inputs.size() != 2) return {};
  for (const OnnxNode& less : graph_.nodes)
    if (less.op == "Sub" && less.inputs.size() == 2 && less.outputs == std::vector<std::string>{node.inputs[0]} &&
        less.inputs[1] == node.inputs[1])
      if (const auto one = graph_.constants.find(less.inputs[0]);
          one != graph_.constants.end() && one->second.numbers == std::vector<double>{1})
        return node.inputs[1];
  return {};
}

OnnxLayers OnnxTranslator::run(const std::string& output) {
  OnnxLayers out;
  std::string logits = output;
  bool both = false;
  // What makes confidences out of logits is no part of the network; what does nothing on the way is passed.
  for (std::size_t i = graph_.nodes.size(); i-- > 0;) {
    const OnnxNode& node = graph_.nodes[i];
    if (node.outputs.empty() || node.outputs[0] != logits || node.inputs.empty()) continue;
    if (node.op == "Identity" || node.op == "Cast" || node.op == "Dropout") {
      logits = node.inputs[0];
    } else if (out.end.empty() && !both && (node.op == "Squeeze" || node.op == "Flatten" || node.op == "Reshape")) {
      logits = node.inputs[0];  // the same numbers in the same order, if they are confidences
    } else if (out.end.empty() && (node.op == "Sigmoid" || is_softmax_of_classes(node))) {
      out.end = node.op, logits = node.inputs[0];
    } else if (std::string second = of_both_classes(node); out.end.empty() && !second.empty()) {
      logits = std::move(second), both = true;
    } else {
      break;
    }
  }
  if (out.end.empty() && !both) logits = output;
  if (both && out.end != "Sigmoid") throw Error(file_, Message("refusal.onnx_confidences"));
  read_input();
  for (const auto& [name, tensor] : graph_.constants)
    if (tensor.dtype != "STRING") values_[name] = {tensor, 0, {}, {}};
  mark_needed(logits);
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const OnnxNode& node = graph_.nodes[i];
    if (!needed_[i]) continue;
    const auto found = operators().find(node.domain.empty() ? node.op : node.domain + "." + node.op);
    for (const char* quantised : {"QLinear", "Quantize", "Dequantize", "DynamicQuantize", "ConvInteger", "MatMulInteger"})
      if (node.op.starts_with(quantised)) fail(node, Message("refusal.onnx_quantised_node"));
    if (found == operators().end()) fail(node, Message("refusal.onnx_operator").with("supported", all_of(supported_operators())));
    const std::size_t before = out_.steps.size();
    (this->*found->second)(node);
    if (out_.steps.size() > before || node.op == "BatchNormalization") names_.push_back(node.op);
  }
  const auto last = values_.find(logits);
  if (last == values_.end() || last->second.constant)
    throw Error(file_, Message("refusal.onnx_output").with("name", shown(shortened(logits, 80))));
  const Value& answer = last->second;
  if (out.end.ends_with("Softmax") && !answer.sides.empty() &&
      size_of_sides(answer.sides) > *std::max_element(answer.sides.begin(), answer.sides.end()))
    throw Error(file_, Message("refusal.onnx_output").with("name", shown(shortened(output, 80))));
  if (answer.at != static_cast<int>(out_.steps.size())) {  // what was computed last is not the answer
    OnnxNode end;
    end.op = "Identity", end.name = logits;
    Value moved = plain(end, answer);
    if (moved.at != static_cast<int>(out_.steps.size()))
      moved.at = step(end, {.kind = LayerGraph::Kind::scale, .a = moved.at, .number = 1}, out_.columns(moved.at));
    out.outputs = out_.outputs();
  } else {
    out.outputs = static_cast<int>(size_of_sides(answer.sides)), out.order = answer.order;
  }
  out.graph = std::move(out_), out.operators = std::move(names_);
  return out;
}

OnnxLayers layers_of_onnx(const OnnxGraph& graph, const std::string& output, const std::string& file) {
  return OnnxTranslator(graph, file).run(output);
}

std::vector<std::string> supported_operators() {
  std::vector<std::string> names;
  for (const auto& [name, op] : OnnxTranslator::operators()) names.push_back(name);
  return names;
}

const std::map<std::string, OnnxTranslator::Operator>& OnnxTranslator::operators() {
  using T = OnnxTranslator;
  static const std::map<std::string, Operator> kAll{{"Abs", &T::activation},
                                                    {"Add", &T::arithmetic},
                                                    {"AveragePool", &T::pool},
                                                    {"BatchNormalization", &T::batch_normalization},
                                                    {"Cast", &T::cast},
                                                    {"Celu", &T::composed_activation},
                                                    {"Clip", &T::clip},
                                                    {"Concat", &T::concat},
                                                    {"Constant", &T::constant_node},
                                                    {"ConstantOfShape", &T::constant_of_shape},
                                                    {"Conv", &T::convolution},
                                                    {"Div", &T::arithmetic},
                                                    {"Dropout", &T::identity},
                                                    {"Elu", &T::activation},
                                                    {"Erf", &T::activation},
                                                    {"Exp", &T::activation},
                                                    {"Flatten", &T::flatten},
                                                    {"Gather", &T::gather},
                                                    {"Gelu", &T::gelu},
                                                    {"Gemm", &T::gemm},
                                                    {"GlobalAveragePool", &T::global_pool},
                                                    {"GlobalMaxPool", &T::global_pool},
                                                    {"HardSigmoid", &T::composed_activation},
                                                    {"HardSwish", &T::composed_activation},
                                                    {"Identity", &T::identity},
                                                    {"LeakyRelu", &T::activation},
                                                    {"Log", &T::activation},
                                                    {"LogSoftmax", &T::softmax},
                                                    {"MatMul", &T::matmul},
                                                    {"Max", &T::extreme},
                                                    {"MaxPool", &T::pool},
                                                    {"Min", &T::extreme},
                                                    {"Mul", &T::arithmetic},
                                                    {"Neg", &T::activation},
                                                    {"Pad", &T::pad},
                                                    {"Pow", &T::power},
                                                    {"Reciprocal", &T::reciprocal},
                                                    {"ReduceMean", &T::reduce_mean},
                                                    {"Relu", &T::activation},
                                                    {"Reshape", &T::reshape},
                                                    {"Selu", &T::composed_activation},
                                                    {"Shape", &T::shape},
                                                    {"Sigmoid", &T::activation},
                                                    {"Slice", &T::slice},
                                                    {"Softmax", &T::softmax},
                                                    {"Softplus", &T::activation},
                                                    {"Sqrt", &T::activation},
                                                    {"Squeeze", &T::squeeze},
                                                    {"Sub", &T::arithmetic},
                                                    {"Tanh", &T::activation},
                                                    {"Transpose", &T::transpose},
                                                    {"Unsqueeze", &T::unsqueeze},
                                                    {"ai.onnx.ml.Scaler", &T::scaler}};
  return kAll;
}

}  // namespace mid
