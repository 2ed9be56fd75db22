#include "mid/measure/regression.hpp"

#include <cmath>

#include "mid/measure/interval.hpp"

namespace mid {

Measure root_mean_square(std::span<const double> squared, const VectorXd& truth, double constant, std::span<const int> person,
                         std::string unit, Stream random) {
  Measure out;
  finish(root_mean_square({squared.begin(), squared.end()}, truth, constant, {person.begin(), person.end()}, std::move(unit), random, out));
  return out;
}

Task root_mean_square(std::vector<double> squared, const VectorXd& truth, double constant, std::vector<int> person, std::string unit,
                      Stream random, Measure& out) {
  const double baseline = truth.size() ? std::sqrt((truth.array() - constant).square().mean()) : 0;
  co_await mean_with_bootstrap(std::move(squared), std::move(person), baseline, std::move(unit), random, out);
  for (auto* part : {&out.value, &out.low, &out.high})
    if (*part) *part = std::sqrt(std::max(0., **part));
}

VectorXd within(const VectorXd& predicted, const VectorXd& truth, double share) {
  return ((predicted - truth).array().abs() <= share * truth.array().abs()).cast<double>();
}

}  // namespace mid
