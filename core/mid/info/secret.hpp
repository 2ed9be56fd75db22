#pragma once
#include "mid/base/matrix.hpp"

namespace mid {

// What an answer tells about one secret of a record whose rest is known, and how right that lets anyone be. In nats.
// method.md section 1 ("Fano, strong form").

/// Entropy of a distribution, natural logarithm; `p` sums to 1.
double entropy(const VectorXd& p);

/// I(secret; answer) where the secret has value v with probability `share[v]` and the answer then is N(mean[v], sd[v]^2):
/// the mixture's entropy minus the bells', by the trapezoidal rule over each bell (step a tenth of the narrowest sd, 9 sd
/// either way; error below 1e-9 for sd within a factor of 100). A sd of 0 is a spike: values with equal means (within 1e-6 of
/// the largest) are then told apart by nothing, others by everything; either all sd are 0 or none.
double information_of_bells(const VectorXd& share, const VectorXd& mean, const VectorXd& sd);

/// Fano's inequality, strong form: the least chance of being wrong about a secret of `values` >= 2 values when `uncertainty`
/// nats are left: the p in [0, 1 - 1/values] with h(p) + p ln(values - 1) = uncertainty. 0 where nothing is left.
/// Source: Cover and Thomas, Elements of Information Theory, 2.10.
double least_error(double uncertainty, int values);

}  // namespace mid
