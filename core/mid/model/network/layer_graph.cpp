#include "mid/model/network/layer_graph.hpp"

#include <cassert>
#include <utility>

namespace mid {
namespace {

/// The error function by Abramowitz and Stegun 7.1.26: within 1.5e-7 of it, in operations that a Program can differentiate.
Var record_erf(Program& p, Var x) {
  constexpr float kP = .3275911f;
  constexpr float kTerms[] = {1.061405429f, -1.453152027f, 1.421413741f, -.284496736f, .254829592f};
  const Var sign = p.step(x, -1), size = p.mul(x, sign);
  const Var t = p.div(p.full(p.rows(x), p.cols(x), 1), p.shift(p.scale(size, kP), 1));
  Var sum = p.scale(t, kTerms[0]);
  for (int i = 1; i < 5; ++i) sum = p.mul(p.shift(sum, kTerms[i]), t);
  const Var rest = p.mul(sum, p.exp(p.scale(p.mul(x, x), -1)));
  return p.mul(sign, p.shift(p.scale(rest, -1), 1));
}

/// At least `low`, at most `high`.
Var record_clip(Program& p, Var x, float low, float high) {
  const Var above = p.shift(p.leaky_relu(p.shift(x, -low), 0), low);
  return p.shift(p.scale(p.leaky_relu(p.shift(p.scale(above, -1), high), 0), -1), high);
}

}  // namespace

Var LayerGraph::record(Program& p, Var x) {
  assert(p.cols(x) == inputs);
  std::vector<Var> values{x};
  const int rows = p.rows(x);
  const auto weight = [&](int index) { return p.parameter(weights[static_cast<std::size_t>(index)]); };
  const auto one = [&](const Step& s, Var a) -> Var {
    switch (s.kind) {
      case Kind::dense: return p.dense(a, weight(s.weight), weight(s.bias));
      case Kind::convolution: return record_convolution(p, a, s.picture, s.window, weight(s.weight), weight(s.bias)).pictures;
      case Kind::max_pool: return record_max_pool(p, a, s.picture, s.window);
      case Kind::average_pool: return record_average_pool(p, a, s.picture, s.window, s.of_padding);
      case Kind::global_average: return record_global_average(p, a, s.picture);
      case Kind::row_scale: return p.mul(a, p.spread_rows(weight(s.weight), rows));
      case Kind::row_shift: return p.add(a, p.spread_rows(weight(s.weight), rows));
      case Kind::scale: return p.scale(a, s.number);
      case Kind::shift: return p.shift(a, s.number);
      case Kind::leaky_relu: return p.leaky_relu(a, s.number);
      case Kind::elu: {
        const Var below = p.scale(p.leaky_relu(p.scale(a, -1), 0), -1);
        return p.add(p.leaky_relu(a, 0), p.scale(p.shift(p.exp(below), -1), s.number));
      }
      case Kind::clip: return record_clip(p, a, s.number, s.upper);
      case Kind::abs: return p.mul(a, p.step(a, -1));
      case Kind::sigmoid: return p.sigmoid(a);
      case Kind::tanh: return p.tanh(a);
      case Kind::softplus: return p.softplus(a);
      case Kind::erf: return record_erf(p, a);
      case Kind::exp: return p.exp(a);
      case Kind::log: return p.log(a);
      case Kind::sqrt: return p.sqrt(a);
      case Kind::softmax: return p.exp(p.log_softmax(a));
      case Kind::log_softmax: return p.log_softmax(a);
      case Kind::gather: return p.gather(a, s.table);
      default: break;
    }
    const Var b = values[static_cast<std::size_t>(s.b)];
    return s.kind == Kind::add ? p.add(a, b) : s.kind == Kind::sub ? p.sub(a, b) : s.kind == Kind::mul ? p.mul(a, b) : p.div(a, b);
  };
  for (const Step& s : steps) {
    values.push_back(one(s, values[static_cast<std::size_t>(s.a)]));
    assert(p.cols(values.back()) == s.columns && p.rows(values.back()) == rows);
  }
  return values.back();
}

double LayerGraph::operations() const {
  double work = 0;
  for (const Step& s : steps) {
    double each = 5;
    if (s.kind == Kind::dense) each = 2. * columns(s.a);
    if (s.kind == Kind::convolution) each = 4. * s.window.height * s.window.width * s.picture.channels;
    if (s.kind == Kind::max_pool || s.kind == Kind::average_pool) each = 8. * s.window.height * s.window.width;
    work += each * s.columns;
  }
  return work;
}

void LayerGraph::prepend(Matrix weight, Matrix bias) {
  assert(!prepended && weight.cols() == inputs && bias.cols() == inputs);
  prepended = true;
  for (Step& s : steps) {
    ++s.a;
    if (s.b >= 0) ++s.b;
  }
  Step first{.kind = Kind::dense, .weight = static_cast<int>(weights.size()), .bias = static_cast<int>(weights.size()) + 1};
  first.columns = inputs;
  inputs = static_cast<int>(weight.rows());
  weights.emplace_back().value = std::move(weight);
  weights.emplace_back().value = std::move(bias);
  steps.insert(steps.begin(), std::move(first));
}

}  // namespace mid
