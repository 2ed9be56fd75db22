#pragma once
#include <vector>

#include "mid/base/matrix.hpp"
#include "mid/base/philox.hpp"
#include "mid/base/task.hpp"

namespace mid {

/// N records, of which each one's code is drawn from a Gaussian of its own: row i is N(mean_i, C_i).
struct GaussianRows {
  MatrixD mean;                         ///< N x d, N >= 1
  MatrixD sd;                           ///< N x d, > 0: C_i is diagonal. Empty where `factor` is given
  std::vector<Eigen::MatrixXd> factor;  ///< N lower triangular d x d with C_i = L L': full covariances
  Eigen::Index rows() const { return mean.rows(); }
  Eigen::Index size() const { return mean.cols(); }
};

// How much a draw tells which of these N records it came from, I(record; code) in nats: each record is as likely as the
// other, so the truth lies in 0 .. ln N, and a value near ln N says no more than "they can be told apart". Double precision,
// a tick after every few rows. method.md section 5.

/// Closed formulas over pairs of records, true of these N records:
///     upper = -(1/N) sum_i ln((1/N) sum_j e^-KL(i, j)),  lower = the same with the Bhattacharyya distance.
/// Equal sd in one dimension: upper is A of info/mixture.hpp, lower is A with 2 s. Time N^2 d, of full covariances N^2 d^3.
/// Source: Kolchinsky and Tracey, Entropy 19(7), 2017.
struct PairwiseBounds {
  double upper = 0, lower = 0;
};
Task pairwise_bounds(GaussianRows rows, PairwiseBounds& out);

/// A mean over random draws, with the standard error that the draws leave.
struct Estimate {
  double value = 0, standard_error = 0;
};

/// Estimates by drawing from each record's own Gaussian, whose density is known, so no critic is trained:
///     lower = mean of ln(p(z_i | i) / ((1/N) sum_j p(z_i | j))), at most ln N; for these N records it is the truth itself,
///             for the population that they were drawn from a lower bound (InfoNCE);
///     upper = the same without j = i in the sum, over N - 1: an upper bound for the population (leave one out), N >= 2.
/// Source: Poole, Ozair, van den Oord, Alemi, Tucker, ICML 2019.
struct ContrastiveBounds {
  Estimate lower, upper;
};
Task contrastive_bounds(GaussianRows rows, int draws, Stream random, ContrastiveBounds& out);

}  // namespace mid
