#include "mid/metric/regression.hpp"

#include <cmath>

#include "mid/metric/interval.hpp"

namespace mid {

Measure root_mean_square(std::span<const double> squared, const VectorXd& truth, double constant, std::span<const int> person,
                         std::string unit, Stream random) {
  const double baseline = truth.size() ? std::sqrt((truth.array() - constant).square().mean()) : 0;
  Measure m = mean_with_bootstrap(squared, person, baseline, std::move(unit), random);
  for (auto* part : {&m.value, &m.low, &m.high})
    if (*part) *part = std::sqrt(std::max(0., **part));
  return m;
}

VectorXd within(const VectorXd& predicted, const VectorXd& truth, double share) {
  return ((predicted - truth).array().abs() <= share * truth.array().abs()).cast<double>();
}

Line fitted_line(const VectorXd& x, const VectorXd& y) {
  const double mean_x = x.mean(), mean_y = y.mean();
  const double spread = (x.array() - mean_x).square().sum();
  const double k1 = spread > 0 ? ((x.array() - mean_x) * (y.array() - mean_y)).sum() / spread : 0;
  return {mean_y - k1 * mean_x, k1};
}

}  // namespace mid
