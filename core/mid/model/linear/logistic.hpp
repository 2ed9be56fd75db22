#pragma once
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// Records as a logistic model reads them, row after row: only the inputs that are not 0, because indicators mostly are.
struct SparseRows {
  Eigen::Index inputs = 0;
  std::vector<std::size_t> begin{0};  ///< numbers begin[r] .. begin[r + 1] are those of row r
  std::vector<int> input;
  std::vector<float> number;
  Eigen::Index rows() const { return static_cast<Eigen::Index>(begin.size()) - 1; }
  /// Adds a number to the last row, or to the one that end_row() ends.
  void add(int at, float value) {
    if (value != 0) input.push_back(at), number.push_back(value);
  }
  void end_row() { begin.push_back(input.size()); }
};
Task sparse(Matrix x, SparseRows& out);

/// Multinomial logistic regression in double: what an attacker expects of a value before any answer.
struct Logistic {
  MatrixD weight;           ///< inputs x values; the last value's column is 0
  Eigen::RowVectorXd bias;  ///< 1 x values; the last is 0
  bool converged = true;    ///< false: the work ran out first
};

/// Newton's method on the mean log-likelihood minus `ridge` / (2 rows) |weight|^2 (biases are not penalised), until the
/// largest step is below 1e-8 or after 50 rounds. `y`: values 0 .. values-1; rows with -1 are left out. A value that never
/// occurs gets no probability to speak of. Up to 300 unknowns a step is solved for exactly; of more by conjugate gradients, whose
/// work grows with the numbers that are not 0, times values: until the largest step is below 1e-7, or 2e10 operations are done
/// (about 10 s), whichever comes first. Ticks at least every kWorkOfTick operations.
/// Source: Nelder and Wedderburn 1972; Nocedal and Wright, Numerical Optimization, section 7.1; ridge 1e-3.
Task fit_logistic(Context& context, SparseRows x, VectorXi y, int values, double ridge, Logistic& out);

/// ln of the probability of each value, rows x values.
Task log_probability(const Logistic& model, SparseRows x, MatrixD& out);

}  // namespace mid
