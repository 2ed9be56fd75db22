#pragma once
#include "mid/base/matrix.hpp"
#include "mid/base/task.hpp"

namespace mid {

// Eigen's own factorizations, number for number, with ticks between their columns: of thousands of unknowns they take minutes.

/// P' L D L' P of a symmetric matrix, as Eigen::LDLT makes it.
struct Ldlt {
  Eigen::MatrixXd lower;  ///< L below the diagonal, D on it
  Eigen::Transpositions<Eigen::Dynamic> order;
  /// x of A x = b; directions in which D is 0 get 0.
  VectorXd solve(const VectorXd& b) const;
};

/// Only the lower triangle of `symmetric` is read. Source: Eigen 3.4, Cholesky/LDLT.h; Golub and Van Loan, section 4.4.
Task factor_ldlt(Eigen::MatrixXd symmetric, Ldlt& out);
/// X of A X = B, a few columns at a time. What `by` refers to outlives the task.
Task solve_ldlt(const Ldlt& by, Eigen::MatrixXd b, Eigen::MatrixXd& out);

/// Eigenvalues in ascending order and their eigenvectors, one a column, as Eigen::SelfAdjointEigenSolver finds them. Only the
/// lower triangle is read. Source: Eigen 3.4, Eigenvalues/SelfAdjointEigenSolver.h; Golub and Van Loan, section 8.3.
Task decompose_symmetric(Eigen::MatrixXd symmetric, VectorXd& values, Eigen::MatrixXd& vectors);

}  // namespace mid
