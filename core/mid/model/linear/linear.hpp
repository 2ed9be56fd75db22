#pragma once
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// A view of a MatrixD or of a block of its rows or columns; never copies those.
using MatrixDRef = Eigen::Ref<const MatrixD, 0, Eigen::OuterStride<>>;

/// What a regression predicts, where somebody said: (number - mean) / sd, of the number or, with `root`, of its root.
struct LinearTarget {
  std::string name;  ///< empty: unknown
  double mean = 0, sd = 1;
  bool root = false;
};

/// Linear regression in double precision: mu = x . weight + bias, of inputs as they are (not normalised), in units of the
/// target it was fitted to.
struct Linear {
  VectorXd weight;
  double bias = 0;
  double noise = 0;                           ///< sd s of the noise on every answer, in units of the target; 0: answers are exact
  std::vector<std::string> input_names = {};  ///< what the inputs are called, where somebody said
  LinearTarget target = {};
  int inputs() const { return static_cast<int>(weight.size()); }
  /// One number a row. `x`: rows x inputs.
  VectorXd predict(MatrixDRef x) const;
  VectorXd predict(MatrixRef x) const;
};

/// What every fit below expects of its rows: at least 2, all numbers finite, a target that varies and an input that does.
/// Throws Error naming "data", the row (from 1) and the input (from 1) at fault otherwise.
void check_regression(const MatrixD& x, const VectorXd& y);

/// Least squares with a price on large weights: minimises
///     (1/N) sum_i (y_i - mu_i)^2 + penalty sum_j (sd_j w_j)^2,     penalty >= 0 in squared units of the target,
/// sd_j the population sd of input j over the rows, so that an input's units do not matter; the bias is free. 0 is ordinary
/// least squares (OLS); where inputs are dependent the Gram matrix gets 1e-10 of its mean diagonal added. An input that does
/// not vary gets the weight 0. Throws Error naming "data" or "defense.lambda" (the penalty). Ticks after blocks of rows.
/// Source: Hoerl and Kennard, Technometrics 12(1), 1970; method.md section 2, "Baselines" and "Optimiser".
Task fit_ridge(Context& context, MatrixD x, VectorXd y, double penalty, Linear& out);

/// Why a descent ended.
enum class DescentEnd {
  converged,  ///< grad' d < 1e-12 (of the target's variance): at a minimum
  steps,      ///< 600 steps, not yet at a minimum
  rounding,   ///< no step, however short, lowers J any more
};

/// One descent of J.
struct Descent {
  double loss = 0;  ///< J where it ended
  int steps = 0;
  DescentEnd end = DescentEnd::steps;
};

/// A regression fitted by MID, and how that went.
struct LinearMidFit {
  Linear model;
  double loss = 0;   ///< J = error + lambda * upper, the lower of the two
  double error = 0;  ///< the mean of (y - mu)^2 over the rows
  double upper = 0;  ///< A of the rows' answers with noise s, nats (info/mixture.hpp)
  Descent from_ols, from_shrunk;
  bool kept_shrunk = false;  ///< the second start ended lower
};

/// Mutual information regularisation for regression: minimises
///     J(w, b) = (1/N) sum_i (y_i - mu_i)^2 + lambda A(mu; s)
/// where the released answer will be mu + N(0, s^2): without that noise the penalty means nothing. `lambda` >= 0 in squared
/// units of the target per nat (0 gives OLS), `noise` = s > 0 in units of the target.
///
/// J is not convex: descents from OLS and from OLS / (1 + lambda / s^2), the lower one is kept. Steps are the gradient times
/// P = ((2 + 2 lambda / s^2) / N Xc'Xc)^-1, halved until J falls by 1e-4 of what the slope promises. Inputs are brought to
/// sd 1 inside, which changes nothing but what "singular" means (see fit_ridge), and the stop rule grad' d < 1e-12 is in
/// units of the target's variance, so that the units of the target do not matter: with a standardised target it is the
/// pinned one.
///
/// Throws Error naming "data", "defense.lambda" or "defense.noise". Reports progress ("training", in steps of both descents,
/// live "loss"); its loops are save points under `name`, which no other fit of the run has. Ticks at every step, and within one after a few
/// thousand rows. Source: arXiv 2009.05241 (objective); method.md sections 1 and 2 (this formula is derived there).
Task fit_linear_mid(Context& context, std::string name, MatrixD x, VectorXd y, double lambda, double noise, LinearMidFit& out);

/// y ~ intercept + slope * answer: what anybody can do with noisy answers, without asking the model again.
struct Line {
  double intercept = 0, slope = 0;
  VectorXd of(const VectorXd& answers) const { return intercept + (slope * answers).array(); }
};
/// The least-squares line through (answer, y) of the training rows; answers that are all the same give the mean of y.
/// Public post-processing: it tells nothing that the answers did not. At least one row. Source: method.md section 2,
/// "Released utility".
Line rescale_line(const VectorXd& answers, const VectorXd& y);

}  // namespace mid
