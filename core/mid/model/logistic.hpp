#pragma once
#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// Multinomial logistic regression in double: what an attacker expects of a value before any answer.
struct Logistic {
  MatrixD weight;      ///< inputs x values; the last value's column is 0
  Eigen::RowVectorXd bias;  ///< 1 x values; the last is 0
  /// ln of the probability of each value, rows x values.
  MatrixD log_probability(MatrixRef x) const;
};

/// Newton's method on the mean log-likelihood minus `ridge` / (2 rows) |weight|^2 (biases are not penalised), until the
/// largest step is below 1e-8 or after 50 rounds. `y`: values 0 .. values-1; rows with -1 are left out. A value that never
/// occurs gets no probability to speak of. One tick a round at least.
/// Source: Nelder and Wedderburn 1972; demos.md story 2 (ridge 1e-3).
Task fit_logistic(Context& context, Matrix x, VectorXi y, int values, double ridge, Logistic& out);

}  // namespace mid
