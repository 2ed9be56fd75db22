#pragma once
#include <span>

#include "mid/base/matrix.hpp"
#include "mid/base/philox.hpp"
#include "mid/measure/measure.hpp"

namespace mid {

/// Root of the mean squared error of `predicted` against `truth`, with a bootstrap interval (measure/interval.hpp), in `unit`.
/// Baseline: the same of the constant `constant` (the mean of the training rows). `squared` are the errors' squares, one a
/// record, perhaps averaged over draws of a noisy answer.
Measure root_mean_square(std::span<const double> squared, const VectorXd& truth, double constant, std::span<const int> person,
                         std::string unit, Stream random);
Task root_mean_square(std::vector<double> squared, const VectorXd& truth, double constant, std::vector<int> person, std::string unit,
                      Stream random, Measure& out);

/// 1 where a prediction lies within `share` of the truth (0.2: within 20 % of the dose), else 0.
VectorXd within(const VectorXd& predicted, const VectorXd& truth, double share);

}  // namespace mid
