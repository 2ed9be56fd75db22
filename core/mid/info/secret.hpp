#pragma once
#include "mid/base/matrix.hpp"
#include "mid/base/task.hpp"

namespace mid {

// What an answer tells about one secret of a record whose rest is known, and how right that lets anyone be. In nats.
// method.md section 1 ("Fano, strong form").

/// Entropy of a distribution, natural logarithm; `p` sums to 1.
double entropy(const VectorXd& p);

/// I(secret; answer) where the secret has value v with probability `share[v]` and the answer then is N(mean[v], sd[v]^2):
/// the mixture's entropy minus the bells', by the trapezoidal rule over each bell (step a tenth of the narrowest sd, 9 sd
/// either way; error below 1e-9 for sd within a factor of 100). A sd of 0 is a spike: values with equal means (within 1e-6 of
/// the largest) are then told apart by nothing, others by everything; a spike among bells is told
/// from them by everything, too.
double information_of_bells(const VectorXd& share, const VectorXd& mean, const VectorXd& sd);
/// The same with ticks: of hundreds of values, or sd far apart, it takes seconds. Adds its operations to `work`.
Task information_of_bells(VectorXd share, VectorXd mean, VectorXd sd, double& out, double& work);

/// P(a < N(0, 1) < b), of either tail with all its digits; a <= b, either may be infinite.
double share_between(double a, double b);

/// Where a released number is cut: cell number c holds the numbers from begin(c) to begin(c + 1).
struct Cells {
  enum class Of { number, logit, sign };
  Of of = Of::number;
  int decimals = 0;  ///< of a number, or of the probability whose logit it is, rounded half away from zero; not of `sign`
  double cell(double x) const;
  double begin(double cell) const;
};

/// I(secret; cell of the answer), the answer being a bell for each value as of information_of_bells(): exact, by the bells'
/// shares of every cell that they reach. Of more than 4,000 such cells nobody can tell from the uncut number, whose
/// information is given then.
double information_of_cells(const VectorXd& share, const VectorXd& mean, const VectorXd& sd, const Cells& cells);
Task information_of_cells(VectorXd share, VectorXd mean, VectorXd sd, Cells cells, double& out, double& work);

/// Fano's inequality, strong form: the least chance of being wrong about a secret of `values` >= 2 values when `uncertainty`
/// nats are left: the p in [0, 1 - 1/values] with h(p) + p ln(values - 1) = uncertainty. 0 where nothing is left.
/// Source: Cover and Thomas, Elements of Information Theory, 2.10.
double least_error(double uncertainty, int values);

}  // namespace mid
