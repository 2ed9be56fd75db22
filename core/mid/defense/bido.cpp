// Bilateral dependency: hidden layers are to depend little on the input and much on the label, both measured by HSIC.
// Peng et al., KDD 2022; what the authors' code (AlanPeng0897/Defend_MI) measures is the normalised HSIC. Gretton et al., ALT 2005 for
// the plain one. method.md 4.1, "BiDO".
#include <cmath>

#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

constexpr int kMostRows = 256;  // an inverse of rows x rows numbers for each layer and step

struct Spec {
  double input = .05, label = .5;
  std::string hsic = "normalised";
  static std::vector<Param> params() {
    return {param(&Spec::input, "input", 0, 1000, "", "defense.bido.input", "Peng et al., KDD 2022, their code"),
            param(&Spec::label, "label", 0, 1000, "", "defense.bido.label", "Peng et al., KDD 2022, their code"),
            choice(&Spec::hsic, "hsic", {"normalised", "plain"}, "defense.bido.hsic", "Peng et al., KDD 2022, their code; method.md 4.1")};
  }
};

/// -|a_i - a_j|^2 / (2 s^2), s = 5 sqrt(columns).
Var log_kernel(Program& p, Var a) {
  const int n = p.rows(a);
  const Var square = p.sum_cols(p.mul(a, a));
  const Var both = p.add(p.spread_cols(square, n), p.matmul(p.full(n, 1, 1), square, false, true));
  const Var distance = p.sub(both, p.scale(p.matmul(a, a, false, true), 2));
  return p.scale(distance, -1.f / (2 * 25 * static_cast<float>(p.cols(a))));
}

/// K_ij = exp(-|a_i - a_j|^2 / (2 s^2)).
Var gaussian_kernel(Program& p, Var a) { return p.exp(log_kernel(p, a)); }

/// The same less 1, as 2 t / (1 - t) of t = tanh(log K / 2): centring takes the 1 away anyhow, and e is as small as the rounding of K.
Var gaussian_kernel_less_one(Program& p, Var a) {
  const Var t = p.tanh(p.scale(log_kernel(p, a), .5f));
  return p.div(p.scale(t, 2), p.shift(p.scale(t, -1), 1));
}

/// 1 1' / n.
Matrix evenly(int n) { return Matrix::Constant(n, n, 1.f / static_cast<float>(n)); }

/// H K H, H = I - 1 1' / n.
Var centred(Program& p, Var kernel) {
  const int n = p.rows(kernel);
  const Var h = p.constant(Matrix::Identity(n, n) - evenly(n));
  return p.matmul(p.matmul(h, kernel), h);
}

/// C (C + e I)^-1 of C = H K H, e = 1e-5 n, as H - e S: of each direction in which the rows differ the share that the kernel sees. What
/// is no direction (all rows alike) has e + 1 in place of e, or its large inverse would drown the others in rounding.
Var seen_share(Program& p, Var kernel) {
  const int n = p.rows(kernel);
  const float e = 1e-5f * static_cast<float>(n);
  const Var inverse = p.inverse(p.add(centred(p, kernel), p.constant(e * Matrix::Identity(n, n) + evenly(n))));
  return p.sub(p.constant(Matrix::Identity(n, n) - evenly(n)), p.scale(inverse, e));
}

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  const bool plain = spec.hsic == "plain";
  NetworkHooks hooks;
  hooks.needs = NetworkHooks::Needs::inside;
  if (!plain) hooks.most_batch = kMostRows;
  hooks.penalty = [spec, plain](Program& p, const NetworkVars& v, const Batch& batch) {
    Var total = p.full(1, 1, 0);
    if (batch.rows < 2) return total;  // one record depends on nothing
    // The sum over all pairs of this, times that of a layer, is their HSIC: tr(K H L H) / (n - 1)^2 = sum K (H L H / (n - 1)^2).
    const auto part = [&](Var k) {
      return plain ? p.scale(centred(p, k), 1.f / static_cast<float>((batch.rows - 1) * (batch.rows - 1))) : seen_share(p, k);
    };
    const Var label = record_one_hot(p, batch.data[1]);
    const auto kernel = [&](Var a) { return plain ? gaussian_kernel(p, a) : gaussian_kernel_less_one(p, a); };
    const Var of_input = part(kernel(batch.data[0])), of_label = part(p.matmul(label, label, false, true));
    const Var price = p.sub(p.scale(of_input, static_cast<float>(spec.input)), p.scale(of_label, static_cast<float>(spec.label)));
    for (const Var inside : v.inside) {
      const Var k = kernel(inside);
      total = p.add(total, p.sum(p.mul(plain ? k : seen_share(p, k), price)));
    }
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
                   {.02, .05, .1, .2, .5, 1, 2},
                   nullptr,
                   {{"label", .02, 5}},
                   Mark::triangle_down,
                   Place::loss,
                   {Place::layers, Place::units, Place::noise, Place::code, Place::targets, Place::answers}};

}  // namespace mid::defense
