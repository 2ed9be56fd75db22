#pragma once
#include "mid/model/linear/linear.hpp"

namespace mid {

/// Ranges that everybody knows, of the inputs and the target. They must not come from the private rows: whoever takes them
/// from there (observed_bounds) declares the rows' least and greatest values public, and has to say so.
struct PublicBounds {
  VectorXd low, high;  ///< one an input; an input with low = high gets the weight 0
  double target_low = 0, target_high = 1;
};
/// The least and greatest value of each input over all given rows, for the declaration above; the target's are given.
PublicBounds observed_bounds(MatrixDRef x, double target_low, double target_high);

/// A differentially private regression, and what the noise did to it.
struct FunctionalFit {
  Linear model;
  double noise_scale = 0;  ///< b of Lap(b), on the coefficients of the objective
  int dropped = 0;         ///< directions without a positive eigenvalue: the model is constant along them
};

/// The functional mechanism: `epsilon`-differentially private linear regression (neighbours: one row replaced). The squared
/// error as a polynomial of the weights gets Laplace noise of scale b = Delta / epsilon on every coefficient, and is
/// minimised then. With d inputs, the constant among them, and everything scaled to [-1, 1] by the public bounds and
/// clipped: Delta = 2 (d + 1)^2, M = X'X, a = -2 X'y; afterwards M += ridge_sd sqrt(2) b I, eigenvalues up to 1e-8 are
/// dropped, w = -M^-1 a / 2 in what is left, and the scaling is undone. An infinite epsilon gives OLS.
///
/// `epsilon` > 0, `ridge_sd` >= 0 (4 by the publication's rule as remembered; one public implementation takes 5). Throws Error
/// naming "defense.epsilon", "defense.ridge_sd", "data" (fewer than 2 rows, a number that is none) or "defense" (bounds that
/// are out of order). The noise is made from 32-bit uniforms: enough to study the mechanism, not to publish a model by it.
/// Source: Zhang, Zhang, Xiao, Yang, Winslett, VLDB 2012; method.md section 2, "Functional mechanism".
Task fit_functional_mechanism(Context& context, MatrixD x, VectorXd y, PublicBounds bounds, double epsilon, double ridge_sd, Stream random,
                              FunctionalFit& out);

}  // namespace mid
