#pragma once
#include <vector>

#include "mid/base/archive.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// Evolution strategy with a diagonal covariance: it finds a low value of a function of n numbers by asking for values alone, a
/// population at a time. Of noisy values the mean it holds at the end is the answer, never the best point: that was a lucky draw.
/// Source: Ros, Hansen, PPSN 2008; constants Hansen, arXiv 1604.00772.
class SepCmaEs {
 public:
  /// What the number of unknowns decides.
  struct Constants {
    int population = 0, parents = 0;    ///< lambda = 4 + floor(3 ln n) points a generation, of which the better half counts
    VectorXd weight;                    ///< of the parents, the best first; sums to 1
    double effective = 0;               ///< 1 / sum of squared weights
    double path_rate = 0, damping = 0;  ///< c_sigma and d_sigma, of the step's length
    double covariance_path_rate = 0;    ///< c_c
    double rank_one = 0, rank_mu = 0;   ///< c_1 and c_mu, times (n + 1.5) / 3 since the covariance is diagonal
    double expected_length = 0;         ///< of a standard normal vector of n numbers
  };
  static Constants constants(int numbers);

  /// Begins at `mean` with steps of that sd in every direction.
  SepCmaEs(VectorXd mean, double sd);
  /// The population of standard normal numbers `e` (population x numbers), as points.
  MatrixD points(const MatrixD& e) const;
  /// Goes on by the values at points(e); of equal ones the lower row counts as better. A value that is not a number is the worst.
  void learn(const MatrixD& e, const VectorXd& value);

  const Constants& constants() const { return constants_; }
  const VectorXd& mean() const { return mean_; }
  const VectorXd& variance() const { return variance_; }  ///< the diagonal of C, without the step's length
  const VectorXd& path() const { return path_; }          ///< p_sigma
  double sd() const { return sd_; }                       ///< the step's length, sigma
  void pack(Packer& out) const {
    out.add(mean_), out.add(variance_), out.add(path_), out.add(covariance_path_), out.add(sd_), out.add(generation_);
  }
  void unpack(Unpacker& in);

 private:
  Constants constants_;
  VectorXd mean_, variance_, path_, covariance_path_;
  double sd_;
  int generation_ = 0;
};

}  // namespace mid
