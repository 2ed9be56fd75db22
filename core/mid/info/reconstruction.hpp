#pragma once
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

// How well anyone can rebuild a record x from an answer z about it: least squared errors, summed over the coordinates of x in their own
// units squared. What is said of every attacker holds for x ~ N(0, diag(variances)) and answers N(mu(x), diag(sigma(x)^2)), and for
// whatever is made of such an answer. Real records are not Gaussian, and can be rebuilt better than that. method.md section 5,
// "Bounds on reconstruction".

/// The Fisher information that an answer N(mu(x), diag(sigma(x)^2)) holds about x at one x, coordinates x coordinates:
/// F_ab = sum_j (da mu_j db mu_j / sigma_j^2 + 2 da ln sigma_j db ln sigma_j). `mean_slope`, `log_sigma_slope`: k x coordinates, the
/// derivatives (the second may be empty: sigma does not hang on x); `sigma`: k, above 0. The second term must not be left out where
/// sigma hangs on x.
MatrixD fisher_information(const MatrixD& mean_slope, const MatrixD& log_sigma_slope, const VectorXd& sigma);

/// tr(F^-1), the least error of an attacker who is right on average at this x; infinite where F is singular. Biased attackers, and that
/// is all good ones, may be better. Hannun, Guo, van der Maaten, UAI 2021; Maeng et al., NeurIPS 2023.
double unbiased_error(const MatrixD& fisher);
/// d^2 / tr(F), which is less: 1 / dFIL for each of d coordinates.
double unbiased_error_by_trace(const MatrixD& fisher);

/// tr((F + diag(1/variances))^-1), F the mean Fisher information over the people: no attacker's mean squared error is less.
/// `variances`: each above 0. van Trees 1968; Gill and Levit 1995.
double van_trees(const MatrixD& mean_fisher, const VectorXd& variances);
/// M^2 / (tr F + sum 1/variances), which is less.
double van_trees_by_trace(const MatrixD& mean_fisher, const VectorXd& variances);

/// What reverse water-filling says.
struct WaterFilling {
  double error = 0;  ///< the least mean squared error
  double level = 0;  ///< of each coordinate, or its variance where that is less
};
/// The least mean squared error when the answer tells `nats` about x at most. `variances` in any order, none below 0; nats >= 0, and
/// infinite: 0. Cover and Thomas 2006, 10.3.
WaterFilling rate_distortion(VectorXd variances, double nats);

/// M e^(-2 nats / M) times the geometric mean of the variances: at most rate_distortion(). What CEM (Xia et al., CVPR 2025) proves for
/// every x with a density, here for a Gaussian one.
double entropy_power_error(const VectorXd& variances, double nats);

/// The linear case, x ~ N(0, diag(variances)), z = A x + N(0, diag(noise)): everything exact.
struct LinearCase {
  double error = 0;        ///< tr P, P = (1/variances + A' diag(1/noise) A)^-1: of the best attacker, who is linear
  double information = 0;  ///< I(x; z) = 1/2 ln det(1 + diag(1/noise) A diag(variances) A'), nats
};
/// `slope`: k x coordinates; `noise`: k variances, above 0.
LinearCase linear_case(const MatrixD& slope, const VectorXd& noise, const VectorXd& variances);

/// An upper bound of I(x; z) in nats over a population, with two standard errors: the mean of ln p(z|x) - ln q(z) over draws of which q
/// knows nothing. q = N(mean, covariance) of the first half of the draws, judged by the second: whatever q is, the cross entropy is no
/// less than z's own. `mean`, `sigma`: each person's answer before noise and its noise, people x k; `drawn`: a draw of each, people x k;
/// at least 4 (k + 1) people. Infinite where the first half's covariance is singular.
double fitted_information(const MatrixD& mean, const MatrixD& sigma, const MatrixD& drawn);

/// The least mean squared error about one of `records` known records, any two at least `distance` apart, when the answer tells `nats`:
/// an attacker who rebuilds better than that names the record more often than Fano's inequality admits. 0 where nats >= ln records.
double known_records_error(int records, double nats, double distance);

}  // namespace mid
