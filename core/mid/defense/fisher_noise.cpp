// Noise on the bottleneck of a network that was trained without it, as large as the Fisher information of the code about the input is to
// be small: dFIL = tr(J' diag(1/s^2) J) / d. Maeng, Guo, Kariyappa, Suh, NeurIPS 2023; constants from memory. method.md 4.1, "Fisher
// noise".
#include <cmath>

#include "mid/base/work.hpp"
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

constexpr double kNearlyNone = 1e-6;  // while training
constexpr Eigen::Index kRows = 200;

struct Spec {
  double fisher = 1, power = 0;
  static std::vector<Param> params() {
    return {param(&Spec::fisher, "fisher", 1e-6, 1e6, "", "defense.fisher_noise.fisher", "Maeng et al., NeurIPS 2023"),
            param(&Spec::power, "power", 0, 1, "", "defense.fisher_noise.power", "method.md 4.1, Fisher noise")};
  }
};

/// Mean over the rows of each unit's squared slope by the normalised inputs: 1 x k.
Task squared_slopes(Context& context, Network& network, Matrix inputs, VectorXd& out) {
  const int rows = static_cast<int>(inputs.rows()), k = network.code_size();
  Program p;
  const Var x = p.input(rows, network.inputs());
  const NetworkVars v = network.record(p, x, p.full(rows, k, 0));
  const std::vector<Var> of{x};
  Var all{};
  for (int j = 0; j < k; ++j) {
    const Var slope = p.gradient(p.sum(p.columns(v.mu, j, 1)), of)[0];
    const Var squared = p.pad_columns(p.sum(p.mul(slope, slope)), j, k);
    all = j == 0 ? squared : p.add(all, squared);
  }
  p.keep(all);
  const auto run = context.device.compile(std::move(p));
  run->write(x, network.normalised(inputs));
  while (run->run_part()) co_await Tick{};
  Matrix sum;
  while (!run->read(all, sum)) co_await Tick{};
  out = sum.row(0).cast<double>().transpose() / rows;
}

Task finish(Context& context, Matrix learnt, Json j, Network& network) {
  const Spec spec = read<Spec>(j, "defense");
  Matrix rows(std::min(learnt.rows(), kRows), learnt.cols());
  for (Eigen::Index r = 0; r < rows.rows(); ++r) rows.row(r) = learnt.row(r * learnt.rows() / rows.rows());
  Activations inside;
  co_await activations(context, network, rows, inside);
  const MatrixD code = inside.mu.cast<double>();
  const VectorXd sd = (code.rowwise() - code.colwise().mean()).array().square().colwise().mean().sqrt().transpose();
  const VectorXd shape = sd.array().max(1e-6).pow(spec.power);
  VectorXd slope;
  co_await squared_slopes(context, network, std::move(rows), slope);
  const double d = network.inputs(), information = (slope.array() / shape.array().square()).sum() / d;  // at a noise of `shape`
  const double size = std::max(std::sqrt(information / spec.fisher), kNearlyNone);
  network.noise_sd = (size * shape).cast<float>().transpose();
}

NetworkHooks network(const Json&) {
  NetworkHooks hooks;
  hooks.stochastic = true;
  hooks.noise_sd = kNearlyNone;
  hooks.finish = &finish;
  return hooks;
}

}  // namespace

extern const Defense fisher_noise;
const Defense fisher_noise{{"fisher_noise",
                            "defense.fisher_noise.title",
                            "defense.fisher_noise.summary",
                            "Maeng et al., NeurIPS 2023, constants from memory",
                            &Spec::params,
                            {"network"}},
                           &network,
                           "only a network has a code whose slope can be measured",
                           "fisher",
                           nullptr,
                           nullptr,
                           {100, 30, 10, 3, 1, .3, .1, .03},
                           nullptr,
                           {{"power", 0, 1}},
                           Mark::square,
                           Place::code,
                           {Place::layers, Place::units, Place::targets, Place::loss, Place::answers}};

}  // namespace mid::defense
