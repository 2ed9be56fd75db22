#pragma once
#include "mid/base/matrix.hpp"
#include "mid/base/task.hpp"

namespace mid {

/// What a noisy number tells about the record it was asked for. The released answer is mu_i + N(0, s^2), the N records are
/// equally likely, and so the answers are a mixture of N Gaussians of one width. All in nats, in double precision, in time
/// near-linear in N (info/gauss_sum.hpp). Adding a constant to all mu changes nothing. With
///     D_ij = mu_i - mu_j,  e_ij = exp(-D_ij^2 / (2 s^2)),  S_i = sum_j e_ij,  r_ij = e_ij / S_i.
/// Everywhere here: `mu` holds at least one number and none that is infinite or not a number; `s` > 0.
/// Source: method.md section 2.

/// The upper bound that MID for regression penalises, with its derivative.
struct UpperBound {
  /// A = -(1/N) sum_i ln(S_i / N), in 0 .. ln N. Kolchinsky and Tracey, Entropy 19(7), 2017.
  double value = 0;
  /// dA/dmu_m = (1 / (N s^2)) sum_j (r_mj + r_jm) (mu_m - mu_j), N numbers, in nats per unit of mu.
  VectorXd gradient;
};
UpperBound upper_bound(const VectorXd& mu, double s);
/// The same with a tick after every few thousand rows.
Task upper_bound(VectorXd mu, double s, UpperBound& out);

/// The interval in which the information I lies, and the estimates by Taylor expansion at the means.
struct AnswerInformation {
  double upper = 0;    ///< A: I <= A, always
  double lower = 0;    ///< A's formula with 2 s in the place of s: lower <= I, always
  double taylor0 = 0;  ///< I0 = A - 1/2: negative for a model that hardly answers, so show another
  double taylor2 = 0;  ///< I2 = A - sum_i Var_i / (2 N s^2), Var_i = the variance of mu under r_i: the point estimate
};
/// Source of the expansion: Huber, Bailey, Durrant-Whyte, Hanebeck, MFI 2008.
AnswerInformation answer_information(const VectorXd& mu, double s);
/// The same with a tick after every few thousand rows.
Task answer_information(VectorXd mu, double s, AnswerInformation& out);

/// The truth I = h(answer) - h(noise), by the trapezoidal rule with step s/20 up to 10 s beyond the outermost mu; stretches
/// further than 10 s from every mu are left out. Error below 1e-9. Time: 400 N exponentials and more where mu lie densely.
double information_by_quadrature(const VectorXd& mu, double s);
/// The same with ticks.
Task information_by_quadrature(VectorXd mu, double s, double& out);

}  // namespace mid
