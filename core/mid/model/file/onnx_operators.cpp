#include <algorithm>
#include <cmath>

#include "mid/base/param.hpp"
#include "mid/model/file/onnx_translator.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {
namespace {

using Kind = LayerGraph::Kind;
using Sides = OnnxTranslator::Sides;

/// A tensor of two sides.
MatrixD matrix_of(const OnnxTensor& t) {
  return Eigen::Map<const MatrixD>(t.numbers.data(), static_cast<Eigen::Index>(t.shape[0]), static_cast<Eigen::Index>(t.shape[1]));
}

}  // namespace

std::optional<std::vector<double>> OnnxTranslator::spread(const OnnxTensor& c, const Sides& sides) {
  Sides own = c.shape;
  if (own.size() == sides.size() + 1 && own[0] == 1) own.erase(own.begin());  // the same for every record
  if (own.size() > sides.size()) return std::nullopt;
  Sides filled(sides.size() - own.size(), 1);
  filled.insert(filled.end(), own.begin(), own.end());
  for (std::size_t d = 0; d < sides.size(); ++d)
    if (filled[d] != 1 && filled[d] != sides[d]) return std::nullopt;
  std::vector<double> out(static_cast<std::size_t>(size_of_sides(sides)));
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::size_t rest = i, from = 0, stride = 1;
    for (std::size_t d = sides.size(); d-- > 0;) {
      const std::size_t at = rest % static_cast<std::size_t>(sides[d]);
      rest /= static_cast<std::size_t>(sides[d]);
      if (filled[d] != 1) from += at * stride;
      stride *= static_cast<std::size_t>(filled[d]);
    }
    out[i] = c.numbers[from];
  }
  return out;
}

MatrixD OnnxTranslator::row_in_order(const std::vector<double>& numbers, const std::vector<int>& order) {
  MatrixD row(1, static_cast<Eigen::Index>(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i) row(0, order.empty() ? static_cast<Eigen::Index>(i) : order[i]) = numbers[i];
  return row;
}

void OnnxTranslator::dense(const OnnxNode& node, const Value& x, const MatrixD& w, const MatrixD& bias) {
  MatrixD weights = w;
  for (std::size_t i = 0; i < x.order.size(); ++i) weights.row(x.order[i]) = w.row(static_cast<Eigen::Index>(i));
  const int at_weight = weight(narrowed(node, weights)), at_bias = weight(narrowed(node, bias));
  const int at = step(node, {.kind = Kind::dense, .a = x.at, .weight = at_weight, .bias = at_bias}, w.cols());
  give(node, {{}, at, {w.cols()}, {}});
}

void OnnxTranslator::gemm(const OnnxNode& node) {
  const Value& x = value(node, 0);
  if (x.constant || x.sides.size() != 1) fail_sides(node, x, "[n, k]");
  if (node.whole("transA", 0) != 0) fail_attribute(node, "transA", "1", "0");
  const OnnxTensor& b = constant(node, 1);
  if (b.shape.size() != 2) fail_sides(node, value(node, 1), "[k, m]");
  MatrixD w = matrix_of(b);
  if (node.whole("transB", 0) != 0) w = MatrixD(w.transpose());
  if (w.rows() != x.sides[0] || w.cols() < 1) fail_sides(node, x, "[n, " + std::to_string(w.rows()) + "]");
  MatrixD bias = MatrixD::Zero(1, w.cols());
  if (given(node, 2)) {
    const auto row = spread(constant(node, 2), {w.cols()});
    if (!row) fail_sides(node, value(node, 2), "[" + std::to_string(w.cols()) + "]");
    bias = row_in_order(*row, {}) * node.number("beta", 1);
  }
  dense(node, x, w * node.number("alpha", 1), bias);
}

void OnnxTranslator::matmul(const OnnxNode& node) {
  const Value& x = value(node, 0);
  const OnnxTensor& b = constant(node, 1);
  if (x.constant || x.sides.size() != 1) fail_sides(node, x, "[n, k]");
  if (b.shape.size() != 2 || b.shape[1] < 1) fail_sides(node, value(node, 1), "[k, m]");
  if (b.shape[0] != x.sides[0]) fail_sides(node, x, "[n, " + std::to_string(b.shape[0]) + "]");
  dense(node, x, matrix_of(b), MatrixD::Zero(1, b.shape[1]));
}

void OnnxTranslator::with_constant(const OnnxNode& node, const Value& x, const OnnxTensor& c, bool constant_first) {
  const auto numbers = spread(c, x.sides);
  if (!numbers) fail_sides(node, {c, 0, {}, {}}, shown_shape(x.sides));
  const bool add = node.op == "Add" || node.op == "Sub";
  if (node.op == "Div" && constant_first) {
    const int at_above = weight(narrowed(node, row_in_order(*numbers, x.order)));
    const int none = step(node, {.kind = Kind::scale, .a = x.at, .number = 0}, out_.columns(x.at));
    const int above = step(node, {.kind = Kind::row_shift, .a = none, .weight = at_above}, out_.columns(x.at));
    return give(node, unary(x, step(node, {.kind = Kind::div, .a = above, .b = x.at}, out_.columns(x.at))));
  }
  std::vector<double> by = *numbers;
  for (double& v : by) v = node.op == "Div" ? 1 / v : node.op == "Sub" && !constant_first ? -v : v;
  const bool one = std::all_of(by.begin(), by.end(), [&](double v) { return v == by[0]; });
  const MatrixD row = row_in_order(by, x.order);
  (void)narrowed(node, row);
  int from = x.at;
  if (node.op == "Sub" && constant_first) from = step(node, {.kind = Kind::scale, .a = x.at, .number = -1}, out_.columns(x.at));
  LayerGraph::Step* before = add && from == x.at ? last_step(x, node.inputs[constant_first ? 1 : 0]) : nullptr;
  if (before && (before->kind == Kind::dense || before->kind == Kind::convolution)) {
    Matrix& bias = out_.weights[static_cast<std::size_t>(before->bias)].value;
    const Eigen::Index places = row.cols() / bias.cols();
    bool alike = true;  // of a convolution each channel has one number
    for (Eigen::Index i = 0; i < row.cols(); ++i) alike = alike && row(0, i) == row(0, i % bias.cols());
    if (places * bias.cols() == row.cols() && alike) {
      bias = narrowed(node, bias.cast<double>() + row.leftCols(bias.cols()));
      return give(node, x);
    }
  }
  if (one)
    return give(node, unary(x, step(node, {.kind = add ? Kind::shift : Kind::scale, .a = from, .number = static_cast<float>(by[0])},
                                    out_.columns(x.at))));
  const int at = weight(narrowed(node, row));
  give(node, unary(x, step(node, {.kind = add ? Kind::row_shift : Kind::row_scale, .a = from, .weight = at}, out_.columns(x.at))));
}

void OnnxTranslator::arithmetic(const OnnxNode& node) {
  const Value a = value(node, 0), b = value(node, 1);
  if (a.constant && b.constant) return give(node, {computed(node, *a.constant, *b.constant), 0, {}, {}});
  if (a.constant) return with_constant(node, b, *a.constant, true);
  if (b.constant) return with_constant(node, a, *b.constant, false);
  if (a.sides.size() != b.sides.size()) fail_sides(node, b, shown_shape(a.sides));
  Sides sides;
  for (std::size_t d = 0; d < a.sides.size(); ++d) {
    if (a.sides[d] != b.sides[d] && a.sides[d] != 1 && b.sides[d] != 1) fail_sides(node, b, shown_shape(a.sides));
    sides.push_back(std::max(a.sides[d], b.sides[d]));
  }
  const std::int64_t n = size_of_sides(sides);
  if (n > 1 << 22) fail(node, Message("refusal.onnx_too_large").with("found", std::to_string(n)));
  const std::vector<int>& order = a.sides == sides ? a.order : b.order;
  const auto laid_out = [&](const Value& v) {
    if (v.sides == sides) return arranged(node, v, order);
    std::vector<int> picks(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
      std::int64_t rest = i, from = 0, stride = 1;
      for (std::size_t d = sides.size(); d-- > 0;) {
        const std::int64_t at = rest % sides[d];
        rest /= sides[d];
        if (v.sides[d] != 1) from += at * stride;
        stride *= v.sides[d];
      }
      picks[order.empty() || (a.sides != sides && b.sides != sides) ? static_cast<std::size_t>(i)
                                                                    : static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] =
          static_cast<int>(from);
    }
    return picked(node, v, picks);
  };
  const bool neither = a.sides != sides && b.sides != sides;
  const int first = laid_out(a), second = laid_out(b);
  if (node.op == "Max" || node.op == "Min") {  // a + relu(b - a), a - relu(a - b)
    const bool most = node.op == "Max";
    const int more = step(node, {.kind = Kind::sub, .a = most ? second : first, .b = most ? first : second}, n);
    const int bent = step(node, {.kind = Kind::leaky_relu, .a = more}, n);
    const int at = step(node, {.kind = most ? Kind::add : Kind::sub, .a = first, .b = bent}, n);
    return give(node, {{}, at, sides, neither ? std::vector<int>{} : order});
  }
  const Kind kind = node.op == "Add" ? Kind::add : node.op == "Sub" ? Kind::sub : node.op == "Mul" ? Kind::mul : Kind::div;
  give(node, {{}, step(node, {.kind = kind, .a = first, .b = second}, n), sides, neither ? std::vector<int>{} : order});
}

void OnnxTranslator::reciprocal(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (x.constant) fail(node, Message("refusal.onnx_constant"));
  OnnxNode quotient = node;
  quotient.op = "Div";
  with_constant(quotient, x, {{}, {1}, false, "FLOAT"}, true);
}

void OnnxTranslator::activation(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (x.constant) fail(node, Message("refusal.onnx_constant"));
  LayerGraph::Step s{.kind = Kind::leaky_relu, .a = x.at};
  static const std::map<std::string, Kind> kPlain{{"Sigmoid", Kind::sigmoid}, {"Tanh", Kind::tanh}, {"Softplus", Kind::softplus},
                                                  {"Erf", Kind::erf},         {"Exp", Kind::exp},   {"Log", Kind::log},
                                                  {"Sqrt", Kind::sqrt},       {"Abs", Kind::abs}};
  if (const auto plain = kPlain.find(node.op); plain != kPlain.end()) {
    s.kind = plain->second;
    const LayerGraph::Step* before = x.at > 0 ? &out_.steps[static_cast<std::size_t>(x.at) - 1] : nullptr;
    if (s.kind == Kind::log && before && before->kind == Kind::softmax)  // probabilities end at the least float, logarithms go on
      s.kind = Kind::log_softmax, s.a = before->a;
  } else if (node.op == "LeakyRelu") {
    s.number = static_cast<float>(node.number("alpha", .01));
    if (!(s.number >= 0 && s.number <= 1)) fail_attribute(node, "alpha", shown(double{s.number}), "0 - 1");
  } else if (node.op == "Elu") {
    s.kind = Kind::elu, s.number = static_cast<float>(node.number("alpha", 1));
    if (!std::isfinite(s.number)) fail(node, Message("refusal.onnx_finite"));
  } else if (node.op == "Neg") {
    s.kind = Kind::scale, s.number = -1;
  }
  give(node, unary(x, step(node, std::move(s), out_.columns(x.at))));
}

void OnnxTranslator::clip(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (x.constant) fail(node, Message("refusal.onnx_constant"));
  constexpr double kMost = 1e30;  // beyond it a bound bounds nothing, and would be infinite in the arithmetic
  const auto bound = [&](std::size_t input, const char* attribute, double otherwise) {
    if (!given(node, input)) return node.number(attribute, otherwise);
    const OnnxTensor& t = constant(node, input);
    if (t.numbers.size() != 1) fail_sides(node, value(node, input), "[]");
    return t.numbers[0];
  };
  const double low = bound(1, "min", -HUGE_VAL), high = bound(2, "max", HUGE_VAL);
  if (!(low <= high)) fail_attribute(node, "min", shown(low), "<= " + shown(high));
  const int columns = out_.columns(x.at);
  if (low > -kMost && high < kMost)
    return give(node,
                unary(x, step(node, {.kind = Kind::clip, .a = x.at, .number = static_cast<float>(low), .upper = static_cast<float>(high)},
                              columns)));
  if (low <= -kMost && high >= kMost) return give(node, x);
  const bool below = low > -kMost;
  give(node, unary(x, bounded(node, x.at, static_cast<float>(below ? low : high), below)));
}

void OnnxTranslator::softmax(const OnnxNode& node) {
  const Value x = value(node, 0);
  const std::int64_t axis = node.whole("axis", graph_.opset < 13 && graph_.opset > 0 ? 1 : -1);
  if (x.constant || x.sides.size() != 1 || (axis != 1 && axis != -1)) fail_sides(node, x, "[n, k]");
  give(node, unary(x, step(node, {.kind = node.op == "Softmax" ? Kind::softmax : Kind::log_softmax, .a = x.at}, out_.columns(x.at))));
}

void OnnxTranslator::gelu(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (x.constant) fail(node, Message("refusal.onnx_constant"));
  const int columns = out_.columns(x.at);
  const auto next = [&](LayerGraph::Step s) { return step(node, std::move(s), columns); };
  int s = x.at;
  if (const std::string how = node.text("approximate", "none"); how == "none") {
    s = next({.kind = Kind::scale, .a = s, .number = static_cast<float>(1 / std::sqrt(2.))});
    s = next({.kind = Kind::erf, .a = s});
  } else if (how == "tanh") {  // tanh(sqrt(2 / pi) (x + .044715 x^3))
    const int square = next({.kind = Kind::mul, .a = s, .b = s});
    const int slope = next({.kind = Kind::shift, .a = next({.kind = Kind::scale, .a = square, .number = .044715f}), .number = 1});
    s = next({.kind = Kind::scale, .a = next({.kind = Kind::mul, .a = s, .b = slope}), .number = std::sqrt(2 / std::acos(-1.f))});
    s = next({.kind = Kind::tanh, .a = s});
  } else {
    fail_attribute(node, "approximate", how, "none, tanh");
  }
  s = next({.kind = Kind::scale, .a = next({.kind = Kind::shift, .a = s, .number = 1}), .number = .5f});
  give(node, unary(x, next({.kind = Kind::mul, .a = x.at, .b = s})));
}

void OnnxTranslator::composed_activation(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (x.constant) fail(node, Message("refusal.onnx_constant"));
  const auto number = [&](const char* attribute, double otherwise) {
    const auto v = static_cast<float>(node.number(attribute, otherwise));
    if (!std::isfinite(v)) fail(node, Message("refusal.onnx_finite"));
    return v;
  };
  const int columns = out_.columns(x.at);
  const auto next = [&](LayerGraph::Step s) { return step(node, std::move(s), columns); };
  const auto scaled = [&](int of, float by) { return next({.kind = Kind::scale, .a = of, .number = by}); };
  if (node.op == "Selu") {
    const float alpha = number("alpha", 1.67326319217681884765625), gamma = number("gamma", 1.05070102214813232421875);
    return give(node, unary(x, scaled(next({.kind = Kind::elu, .a = x.at, .number = alpha}), gamma)));
  }
  if (node.op == "Celu") {  // alpha elu(x / alpha)
    const float alpha = number("alpha", 1);
    if (!(alpha > 0)) fail_attribute(node, "alpha", shown(double{alpha}), "> 0");
    return give(node, unary(x, scaled(next({.kind = Kind::elu, .a = scaled(x.at, 1 / alpha), .number = 1}), alpha)));
  }
  const bool swish = node.op == "HardSwish";  // has no attributes: x / 6 + .5
  const float alpha = swish ? 1.f / 6 : number("alpha", .2), beta = swish ? .5f : number("beta", .5);
  const int line = next({.kind = Kind::shift, .a = scaled(x.at, alpha), .number = beta});
  const int hard = next({.kind = Kind::clip, .a = line, .number = 0, .upper = 1});
  give(node, unary(x, swish ? next({.kind = Kind::mul, .a = x.at, .b = hard}) : hard));
}

void OnnxTranslator::scale_and_shift(const OnnxNode& node, const Value& x, const VectorXd& scale, const VectorXd& shift,
                                     const std::string& of) {
  if (!scale.allFinite() || !shift.allFinite()) fail(node, Message("refusal.onnx_finite"));
  LayerGraph::Step* before = last_step(x, of);
  const bool linear = before && (before->kind == Kind::dense || before->kind == Kind::convolution);
  if (linear && out_.weights[static_cast<std::size_t>(before->bias)].value.cols() == scale.size() &&
      (before->kind == Kind::convolution || x.order.empty())) {
    Matrix &w = out_.weights[static_cast<std::size_t>(before->weight)].value,
           &b = out_.weights[static_cast<std::size_t>(before->bias)].value;
    w = narrowed(node, MatrixD(w.cast<double>().array().rowwise() * scale.transpose().array()));
    b = narrowed(node, MatrixD(b.cast<double>().array() * scale.transpose().array() + shift.transpose().array()));
    return give(node, x);
  }
  const std::int64_t n = size_of_sides(x.sides), each = n / scale.size();
  std::vector<double> by, plus;
  for (std::int64_t i = 0; i < n; ++i) by.push_back(scale[i / each]), plus.push_back(shift[i / each]);
  const int at_scale = weight(narrowed(node, row_in_order(by, x.order))), at_shift = weight(narrowed(node, row_in_order(plus, x.order)));
  const int scaled = step(node, {.kind = Kind::row_scale, .a = x.at, .weight = at_scale}, n);
  give(node, unary(x, step(node, {.kind = Kind::row_shift, .a = scaled, .weight = at_shift}, n)));
}

void OnnxTranslator::batch_normalization(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (node.whole("training_mode", 0) != 0) fail_attribute(node, "training_mode", "1", "0");
  if (x.constant || x.sides.empty()) fail_sides(node, x, "[n, c, ...]");
  std::vector<VectorXd> part;
  for (std::size_t i = 1; i <= 4; ++i) {
    const OnnxTensor& t = constant(node, i);
    if (t.shape != Sides{x.sides[0]}) fail_sides(node, value(node, i), "[" + std::to_string(x.sides[0]) + "]");
    part.emplace_back(Eigen::Map<const VectorXd>(t.numbers.data(), static_cast<Eigen::Index>(t.numbers.size())));
  }
  const VectorXd scale = part[0].array() / (part[3].array() + node.number("epsilon", 1e-5)).sqrt();
  scale_and_shift(node, x, scale, part[1].array() - part[2].array() * scale.array(), node.inputs[0]);
}

void OnnxTranslator::scaler(const OnnxNode& node) {
  const Value x = value(node, 0);
  if (x.constant || x.sides.size() != 1) fail_sides(node, x, "[n, k]");
  const auto row = [&](const char* attribute, double otherwise) {
    std::vector<double> v = node.numbers(attribute);
    if (v.empty()) v = {otherwise};
    if (v.size() == 1) v.assign(static_cast<std::size_t>(x.sides[0]), v[0]);
    if (v.size() != static_cast<std::size_t>(x.sides[0]))
      fail_attribute(node, attribute, std::to_string(v.size()), std::to_string(x.sides[0]));
    return VectorXd(Eigen::Map<VectorXd>(v.data(), static_cast<Eigen::Index>(v.size())));
  };
  const VectorXd offset = row("offset", 0), scale = row("scale", 1);
  if (!offset.allFinite() || !scale.allFinite()) fail(node, Message("refusal.onnx_finite"));
  const int columns = out_.columns(x.at);
  const auto as_row = [&](const VectorXd& v) { return weight(narrowed(node, row_in_order({v.data(), v.data() + v.size()}, x.order))); };
  const int at_offset = as_row(-offset), at_scale = as_row(scale);
  const int moved = step(node, {.kind = Kind::row_shift, .a = x.at, .weight = at_offset}, columns);
  give(node, unary(x, step(node, {.kind = Kind::row_scale, .a = moved, .weight = at_scale}, columns)));
}

}  // namespace mid
