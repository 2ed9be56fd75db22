// Differentially private descent: a record can move no step by more than a clipped gradient, and noise covers that.
// Abadi et al., CCS 2016; norms of dense layers without one gradient a record: Goodfellow 2015, of convolutions with one (Bu, Mao,
// Xu, NeurIPS 2022: here always the cheaper way). method.md 4.1, "DP-SGD", "RDP accountant".
#include <algorithm>

#include "mid/defense/defense.hpp"
#include "mid/info/rdp.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double clip = 1, sigma = 1.1, delta = 1e-5;
  static std::vector<Param> params() {
    return {param(&Spec::sigma, "sigma", 0, 1000, "", "defense.dp_sgd.sigma", "Abadi et al., CCS 2016"),
            param(&Spec::clip, "clip", 1e-6, 1e6, "", "defense.dp_sgd.clip", "Abadi et al., CCS 2016"),
            param(&Spec::delta, "delta", 1e-12, .5, "", "defense.dp_sgd.delta", "method.md 4.1, RDP accountant")};
  }
};

/// The squared norm of each row's gradient of a layer's weights and biases, rows x 1, from what the loss's sum changes with its output.
Var squared_norm(Program& p, const LayerVars& layer, Var delta) {
  const auto squares = [&](Var a) { return p.sum_cols(p.mul(a, a)); };
  if (layer.places == 1) return p.mul(p.shift(squares(layer.input), 1), squares(delta));
  // A picture's gradient is the sum over its places of input' delta.
  const int rows = p.rows(delta) / layer.places, weights = p.cols(layer.input) * p.cols(delta);
  const Var weight = p.part_products(layer.input, delta, rows, true, false);
  const Var bias = p.part_products(p.full(p.rows(delta), 1, 1), delta, rows, true, false);
  return p.add(squares(p.reshape(weight, rows, weights)), squares(bias));
}

/// The sum over rows of min(1, clip / norm) times the row's gradient, plus noise, over the rows of a step on average. A row's
/// gradient of a dense layer is input x delta, so its squared norm is (|input|^2 + 1) |delta|^2, the 1 being the bias's.
std::vector<Var> private_gradient(Program& p, const NetworkVars& v, Var row_loss, const Batch& batch, const Spec& spec) {
  std::vector<Var> outputs;
  for (const LayerVars& layer : v.layers) outputs.push_back(layer.output);
  const std::vector<Var> delta = p.gradient(p.sum(row_loss), outputs);
  Var square;
  for (std::size_t i = 0; i < delta.size(); ++i) {
    const Var part = squared_norm(p, v.layers[i], delta[i]);
    square = i == 0 ? part : p.add(square, part);
  }
  const auto clip = static_cast<float>(spec.clip);
  const Var norm = p.sqrt(square);
  const Var longer = p.shift(p.leaky_relu(p.shift(norm, -clip), 0), clip);  // max(norm, clip)
  Var weight = p.div(p.full(p.rows(norm), 1, clip), longer);
  if (batch.present.id >= 0) weight = p.mul(weight, batch.present);

  std::vector<Var> gradient;
  for (std::size_t i = 0; i < delta.size(); ++i) {
    const int places = v.layers[i].places;
    const Var of_place = places == 1 ? weight : p.reshape(p.spread_cols(weight, places), p.rows(delta[i]), 1);
    const Var weighted = p.mul(delta[i], p.spread_cols(of_place, p.cols(delta[i])));
    gradient.push_back(p.matmul(v.layers[i].input, weighted, true, false));
    gradient.push_back(p.sum_rows(weighted));
  }
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    if (!batch.gradient_noise.empty())
      gradient[i] = p.add(gradient[i], p.scale(batch.gradient_noise[i], static_cast<float>(spec.sigma * spec.clip)));
    gradient[i] = p.scale(gradient[i], 1.f / static_cast<float>(batch.expected));
  }
  return gradient;
}

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.gradient = [spec](Program& p, const NetworkVars& v, Var row_loss, const Batch& batch) {
    return private_gradient(p, v, row_loss, batch, spec);
  };
  hooks.privacy_loss = [spec](const TrainSpec& train, int records) {
    const int batch = std::min(train.batch, records);
    const std::int64_t steps = (std::int64_t{train.epochs} * records + batch - 1) / batch;
    const Epsilon e = epsilon_of_steps(steps, static_cast<double>(batch) / records, spec.sigma, spec.delta);
    return PrivacyLoss{e.epsilon, spec.delta, e.order, steps};
  };
  return hooks;
}

}  // namespace

extern const Defense dp_sgd;
const Defense dp_sgd{{"dp_sgd", "defense.dp_sgd.title", "defense.dp_sgd.summary", "Abadi et al., CCS 2016", &Spec::params, {"network"}},
                     &network,
                     "a regression has functional_mechanism and a tree dp_tree",
                     "sigma",
                     nullptr,
                     nullptr,
                     {.1, .3, 1.1, 3},
                     nullptr,
                     {{"clip", .1, 10}},
                     Mark::triangle_up,
                     Place::gradient,
                     {Place::layers, Place::units, Place::noise, Place::targets}};

}  // namespace mid::defense
