#include "mid/model/linear/functional_mechanism.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "mid/base/param.hpp"
#include "mid/model/linear/factor.hpp"

namespace mid {
namespace {

constexpr double kLeastEigenvalue = 1e-8;
constexpr Eigen::Index kTickProducts = 200'000;  // products between two ticks

/// Lap(scale): the difference of two exponentials.
double laplace(Random& random, double scale) {
  const double a = -std::log(1 - random.uniform()), b = -std::log(1 - random.uniform());
  return scale * (a - b);
}

void check(const MatrixD& x, const VectorXd& y, const PublicBounds& bounds, double epsilon, double ridge_sd) {
  assert(x.rows() == y.size() && bounds.low.size() == x.cols() && bounds.high.size() == x.cols());
  if (!(epsilon > 0)) throw Error("defense.epsilon", Message("refusal.above_zero").with("found", shown(epsilon)));
  if (!(ridge_sd >= 0 && std::isfinite(ridge_sd)))
    throw Error("defense.ridge_sd", Message("refusal.at_least").with("low", "0").with("found", shown(ridge_sd)));
  if (y.size() < 2) throw Error("data", Message("refusal.training_rows").with("found", std::to_string(y.size())));
  if (!x.allFinite() || !y.allFinite()) throw Error("data", Message("refusal.number_infinite"));
  if (!(bounds.target_low < bounds.target_high) || !(bounds.low.array() <= bounds.high.array()).all() ||
      !std::isfinite(bounds.target_high - bounds.target_low) || !(bounds.high - bounds.low).allFinite())
    throw Error("defense", Message("refusal.public_bounds").with("low", shown(bounds.target_low)).with("high", shown(bounds.target_high)));
}

}  // namespace

PublicBounds observed_bounds(MatrixDRef x, double target_low, double target_high) {
  return {x.colwise().minCoeff().transpose(), x.colwise().maxCoeff().transpose(), target_low, target_high};
}

Task fit_functional_mechanism(Context&, MatrixD x, VectorXd y, PublicBounds bounds, double epsilon, double ridge_sd, Stream stream,
                              FunctionalFit& out) {
  check(x, y, bounds, epsilon, ridge_sd);
  count_work(2. * static_cast<double>(x.size()));
  const Eigen::Index n = x.rows(), d = x.cols() + 1;
  // value = middle + half * scaled
  const VectorXd half = (bounds.high - bounds.low) / 2, middle = (bounds.high + bounds.low) / 2;
  const VectorXd inverse = (half.array() > 0).select(half.cwiseInverse(), VectorXd::Zero(half.size()));
  const double target_half = (bounds.target_high - bounds.target_low) / 2, target_middle = (bounds.target_high + bounds.target_low) / 2;

  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(d, d);
  VectorXd a = VectorXd::Zero(d);
  const Eigen::Index block = std::max<Eigen::Index>(1, kTickProducts / (d * d));
  for (Eigen::Index first = 0; first < n; first += block) {
    const Eigen::Index count = std::min(block, n - first);
    MatrixD scaled(count, d);
    scaled.col(d - 1).setOnes();
    for (Eigen::Index j = 0; j + 1 < d; ++j)
      scaled.col(j) = ((x.col(j).segment(first, count).array() - middle[j]) * inverse[j]).cwiseMax(-1.).cwiseMin(1.);
    const VectorXd target = ((y.segment(first, count).array() - target_middle) / target_half).cwiseMax(-1.).cwiseMin(1.);
    m.noalias() += scaled.transpose() * scaled;
    a.noalias() -= 2 * scaled.transpose() * target;
    if (tick_due(2. * static_cast<double>(scaled.size() * (d + 2)))) co_await Tick{};
  }

  const double sensitivity = 2 * static_cast<double>((d + 1) * (d + 1)), b = sensitivity / epsilon;
  Random random(stream);
  for (Eigen::Index j = 0; j < d; ++j) a[j] += laplace(random, b);
  for (Eigen::Index j = 0; j < d; ++j) {
    m(j, j) += laplace(random, b) + ridge_sd * std::sqrt(2.) * b;
    for (Eigen::Index l = j + 1; l < d; ++l) {
      // The monomial w_j w_l has the coefficient 2 M_jl: half of its noise each.
      const double noise = laplace(random, b) / 2;
      m(j, l) += noise, m(l, j) += noise;
    }
    if (tick_due(60. * static_cast<double>(d - j))) co_await Tick{};
  }
  co_await Tick{};
  VectorXd values;
  Eigen::MatrixXd vectors;
  co_await decompose_symmetric(std::move(m), values, vectors);
  const VectorXd reciprocal = (values.array() > kLeastEigenvalue).select(values.cwiseInverse(), VectorXd::Zero(d));
  const VectorXd w = -.5 * (vectors * reciprocal.cwiseProduct(vectors.transpose() * a));

  out.noise_scale = b;
  out.dropped = static_cast<int>((values.array() <= kLeastEigenvalue).count());
  out.model.weight = target_half * w.head(d - 1).cwiseProduct(inverse);
  out.model.bias = target_middle + target_half * w[d - 1] - out.model.weight.dot(middle);
}

}  // namespace mid
