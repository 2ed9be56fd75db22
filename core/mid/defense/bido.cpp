// Bilateral dependency: hidden layers are to depend little on the input and much on the label, both measured by HSIC.
// Peng et al., KDD 2022; Gretton et al., ALT 2005 for HSIC. method.md 4.1, "BiDO".
#include <cmath>

#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double input = .05, label = .5;
  static std::vector<Param> params() {
    return {param(&Spec::input, "input", 0, 1000, "", "defense.bido.input", "Peng et al., KDD 2022, from memory"),
            param(&Spec::label, "label", 0, 1000, "", "defense.bido.label", "Peng et al., KDD 2022, from memory")};
  }
};

/// K_ij = exp(-|a_i - a_j|^2 / (2 s^2)), s = 5 sqrt(columns).
Var gaussian_kernel(Program& p, Var a) {
  const int n = p.rows(a);
  const Var square = p.sum_cols(p.mul(a, a));
  const Var both = p.add(p.spread_cols(square, n), p.matmul(p.full(n, 1, 1), square, false, true));
  const Var distance = p.sub(both, p.scale(p.matmul(a, a, false, true), 2));
  return p.exp(p.scale(distance, -1.f / (2 * 25 * static_cast<float>(p.cols(a)))));
}

/// H K H / (n - 1)^2, H = I - 1 1' / n.
Var centred(Program& p, Var kernel) {
  const int n = p.rows(kernel);
  const Var h = p.constant(Matrix::Identity(n, n) - Matrix::Constant(n, n, 1.f / static_cast<float>(n)));
  return p.scale(p.matmul(p.matmul(h, kernel), h), 1.f / static_cast<float>((n - 1) * (n - 1)));
}

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.needs = NetworkHooks::Needs::inside;
  hooks.penalty = [spec](Program& p, const NetworkVars& v, const Batch& batch) {
    Var total = p.full(1, 1, 0);
    if (batch.rows < 2) return total;  // one record depends on nothing
    const Var label = record_one_hot(p, batch.data[1]);
    const Var of_input = centred(p, gaussian_kernel(p, batch.data[0])), of_label = centred(p, p.matmul(label, label, false, true));
    // tr(K H L H) is the sum over all pairs of K times H L H.
    const Var price = p.sub(p.scale(of_input, static_cast<float>(spec.input)), p.scale(of_label, static_cast<float>(spec.label)));
    for (const Var layer : v.inside) total = p.add(total, p.sum(p.mul(gaussian_kernel(p, layer), price)));
    return total;
  };
  return hooks;
}

}  // namespace

extern const Defense bido;
const Defense bido{{"bido", "defense.bido.title", "defense.bido.summary", "Peng et al., KDD 2022", &Spec::params, {"network"}},
                   &network,
                   "only a network has hidden layers",
                   "input",
                   nullptr,
                   nullptr,
                   {.05, .5, 5, 20}};

}  // namespace mid::defense
