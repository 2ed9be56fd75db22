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

}  // namespace mid
