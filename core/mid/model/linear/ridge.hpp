#pragma once
#include <optional>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// What ridge regression sees of a row of numbers: a constant, the numbers standardised, and perhaps their products.
struct RidgeFeatures {
  bool quadratic = false;
  Eigen::RowVectorXf mean, scale;
  /// Takes mean and sd from these rows. A number that never changes is switched off.
  void learn(const Matrix& x);
  Matrix of(const Matrix& x) const;  ///< rows x (1 + d), or rows x (1 + d + d (d + 1) / 2)
};

/// Sums over rows: all that ridge regression and its error need. Products in float, sums over blocks in double.
struct RidgeMoments {
  Eigen::MatrixXd xx, xy;
  VectorXd yy;  ///< of each number that is predicted
  int rows = 0;
  /// Wide products in pieces. The arguments outlive the task.
  Task add(const Matrix& features, const Matrix& wanted);
  void add(const RidgeMoments& other);
  /// These rows without those of `part`.
  RidgeMoments without(const RidgeMoments& part) const;
  /// Of predicting with these weights: summed over the rows, of each number that is predicted.
  Task squared_error(const Eigen::MatrixXd& weights, VectorXd& out) const;
};

/// The weights, features x wanted, that minimise the squared error plus `penalty` * rows * |weights|^2. The constant (first
/// feature) is not penalised. Source: Hoerl and Kennard, Technometrics 1970.
Task ridge_weights(const RidgeMoments& moments, double penalty, Eigen::MatrixXd& out);

/// What to learn. Several `answers` about the same rows (draws of a noisy model) count as rows of their own.
struct RidgeProblem {
  const std::vector<Matrix>& answers;
  const Matrix& wanted;
  std::vector<int> fold;          ///< of each row of `wanted`, from 0: cross-validation leaves one out at a time
  VectorXd importance;            ///< of each wanted number: its weight in the error by which a penalty is chosen
  std::optional<double> penalty;  ///< not given: the best of a few by cross-validation
  bool validate = false;          ///< cross-validates a penalty that is given, too
  Eigen::Index tested = 0;        ///< cross-validation predicts these first rows alone, the others only teach; 0: all rows
};

struct Ridge {
  RidgeFeatures features;  ///< `quadratic` is set by the caller
  Matrix weight;
  double penalty = 0;
  std::optional<double>
      r2;            ///< explained share of the weighted error, cross-validated; only if the penalty was chosen or is to be validated
  double error = 0;  ///< that error, over all answers about the rows tested; only where there is an r2

  Matrix predict(const Matrix& numbers) const;  ///< a row for each row of `features.of(...)`
};

/// Blocks of rows with a tick after each. What `problem` refers to outlives the task.
Task fit_ridge(Context& context, RidgeProblem problem, Ridge& out);

}  // namespace mid
