#include <algorithm>
#include <cmath>

#include "mid/base/param.hpp"
#include "mid/model/file/onnx_translator.hpp"
#include "mid/model/file/tensor_file.hpp"

namespace mid {
namespace {

using Kind = LayerGraph::Kind;

constexpr double kMostBound = 1e30;  // beyond it a bound bounds nothing, and would be infinite in the arithmetic
constexpr double kMostPower = 64;    // of a whole exponent

}  // namespace

// low + relu(x - low), or high - relu(high - x).
int OnnxTranslator::bounded(const OnnxNode& node, int at, float number, bool below) {
  const int columns = out_.columns(at);
  const auto next = [&](Kind kind, float by) { at = step(node, {.kind = kind, .a = at, .number = by}, columns); };
  next(Kind::shift, -number);
  if (!below) next(Kind::scale, -1);
  next(Kind::leaky_relu, 0);
  if (!below) next(Kind::scale, -1);
  next(Kind::shift, number);
  return at;
}

int OnnxTranslator::bounded(const OnnxNode& node, int at, const MatrixD& row, bool below) {
  const int columns = out_.columns(at), less = weight(narrowed(node, -row)), more = weight(narrowed(node, row));
  const auto turned = [&] {
    if (!below) at = step(node, {.kind = Kind::scale, .a = at, .number = -1}, columns);
  };
  at = step(node, {.kind = Kind::row_shift, .a = at, .weight = less}, columns);
  turned();
  at = step(node, {.kind = Kind::leaky_relu, .a = at}, columns);
  turned();
  return step(node, {.kind = Kind::row_shift, .a = at, .weight = more}, columns);
}

void OnnxTranslator::extreme(const OnnxNode& node) {
  give(node, value(node, 0));
  OnnxNode pair = node;
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    pair.inputs = {node.outputs[0], node.inputs[i]};
    extreme_of_two(pair);
  }
}

void OnnxTranslator::extreme_of_two(const OnnxNode& node) {
  const Value a = value(node, 0), b = value(node, 1);
  if (a.constant.has_value() == b.constant.has_value()) return arithmetic(node);
  const Value& x = a.constant ? b : a;
  const OnnxTensor& c = a.constant ? *a.constant : *b.constant;
  const auto numbers = spread(c, x.sides);
  if (!numbers || numbers->empty()) fail_sides(node, {c, 0, {}, {}}, shown_shape(x.sides));
  const bool below = node.op == "Max";
  const double least = *std::min_element(numbers->begin(), numbers->end()), most = *std::max_element(numbers->begin(), numbers->end());
  if (below ? most <= -kMostBound : least >= kMostBound) return give(node, x);
  if (least == most) return give(node, unary(x, bounded(node, x.at, static_cast<float>(least), below)));
  give(node, unary(x, bounded(node, x.at, row_in_order(*numbers, x.order), below)));
}

// Whole exponents as products, one half as a root, all others as e^(exponent ln x): not a number below 0, as ONNX Runtime has it.
void OnnxTranslator::power(const OnnxNode& node) {
  const Value base = value(node, 0), by = value(node, 1);
  if (base.constant && by.constant) return give(node, {computed(node, *base.constant, *by.constant), 0, {}, {}});
  const auto number = [&](const Value& v) {
    if (!v.constant || v.constant->numbers.empty()) fail_sides(node, v, "[]");
    const std::vector<double>& all = v.constant->numbers;
    if (std::any_of(all.begin(), all.end(), [&](double d) { return d != all[0]; })) fail_sides(node, v, "[]");
    if (!std::isfinite(all[0])) fail(node, Message("refusal.onnx_finite"));
    return all[0];
  };
  const Value& x = base.constant ? by : base;
  int at = x.at;
  const int columns = out_.columns(at);
  const auto next = [&](LayerGraph::Step s) { return at = step(node, std::move(s), columns); };
  if (base.constant) {
    const double of = number(base);
    if (!(of > 0)) fail_attribute(node, "X", shown(of), "> 0");
    next({.kind = Kind::scale, .a = at, .number = static_cast<float>(std::log(of))});
    return give(node, unary(x, next({.kind = Kind::exp, .a = at})));
  }
  const double exponent = number(by), size = std::abs(exponent);
  if (size == std::round(size)) {
    if (size > kMostPower) fail_attribute(node, "Y", shown(exponent), "-64 - 64");
    int square = at, product = -1;  // -1: 1
    for (int left = static_cast<int>(size); left > 0; left /= 2) {
      if (left % 2 == 1) product = product < 0 ? square : next({.kind = Kind::mul, .a = product, .b = square});
      if (left > 1) square = next({.kind = Kind::mul, .a = square, .b = square});
    }
    if (product < 0) product = next({.kind = Kind::shift, .a = next({.kind = Kind::scale, .a = at, .number = 0}), .number = 1});
    at = product;
  } else if (size == .5) {
    next({.kind = Kind::sqrt, .a = at});
  } else {
    next({.kind = Kind::log, .a = at});
    next({.kind = Kind::scale, .a = at, .number = static_cast<float>(size)});
    next({.kind = Kind::exp, .a = at});
  }
  if (exponent >= 0) return give(node, unary(x, at));
  OnnxNode quotient = node;
  quotient.op = "Div";
  with_constant(quotient, unary(x, at), {{}, {1}, false, "FLOAT"}, true);
}

}  // namespace mid
