#pragma once
#include <cstdint>
#include <vector>

#include "mid/base/matrix.hpp"
#include "mid/base/task.hpp"

namespace mid {

/// Sums of Gaussians in one dimension, all of them at once and in a time that grows like N log N (the sort; the rest is
/// linear): a fast Gauss transform.
///
/// With e_ij = exp(-(mu_i - mu_j)^2 / (2 s^2)) and weights h_j, moment k of row i is
///     sum_j e_ij h_j ((mu_j - mu_i) / s)^k,     k = 0, 1, 2.
/// From these follow S_i, Var_i and every derivative of method.md section 2: sum_j e_ij h_j mu_j is
/// mu_i (moment 0) + s (moment 1), without the cancellation that a spread much wider than s would bring.
///
/// How: the line is cut into boxes of width s. A box's points enter as 16 Chebyshev moments, boxes meet through a table
/// of 16 x 16 matrices (one a distance), and each point reads its sum from the 16 coefficients of its own box. Two boxes
/// with few points meet point by point. Boxes so far apart that all the rest adds less than 1e-12 do not meet.
///
/// Error: each moment is within 1e-9 of the largest |h_j| times S_i = sum_j e_ij, for N up to 10^6; typically 1e-14.
/// (Moment 0 of one pair is wrong by at most 4 * 1.2e-16 e^(1 - z^2/8), z their distance: 1.2e-16 bounds the interpolation
/// of a Gaussian over a box, 2.2 (1/4)^16 / sqrt(16!), and 4 is what 16 nodes make of it in both directions. All N together
/// are wrong by N^(3/4) of that, by Hoelder's inequality; moments 1 and 2 by 4 and 17 times as much. Rounding is less.)
/// Source: Greengard and Strain, SIAM J. Sci. Stat. Comput. 12(1), 1991, with Chebyshev interpolation as in Fong and
/// Darve, J. Comput. Phys. 228, 2009; method.md section 2, "Growth".
class GaussSum {
 public:
  static constexpr int kMostPowers = 3;

  /// Sorts the points. `mu`: at least one, all finite; `s` > 0.
  GaussSum(const VectorXd& mu, double s);

  /// Moments 0 .. powers-1 (powers: 1 to 3) for weights `h`, one a point: `out` becomes N x powers, rows in the order of mu.
  /// Ticks after every few thousand points. The object outlives the task.
  Task moments(VectorXd h, int powers, MatrixD& out) const;
  /// The same on the spot.
  MatrixD moments(const VectorXd& h, int powers) const;

 private:
  struct Box {
    std::int64_t place = 0;    // its number along the line; empty stretches longer than the reach are cut short
    int first = 0, count = 0;  // its points, in sorted order
  };
  bool is_met_as_polynomials(std::size_t box) const;
  bool meet(std::size_t box, const VectorXd& h, const Eigen::MatrixXd& collected, Eigen::MatrixXd& arrived, MatrixD& sums) const;
  void read(int first, int count, const Eigen::MatrixXd& arrived, MatrixD& sums) const;

  std::vector<int> order_;  // sorted place -> row of mu
  VectorXd local_;          // sorted: (mu - centre of the box) / s
  std::vector<Box> boxes_;  // those with points, left to right
  std::int64_t reach_ = 0;  // boxes further apart do not meet
};

}  // namespace mid
