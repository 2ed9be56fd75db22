#pragma once
#include <vector>

#include "mid/base/context.hpp"
#include "mid/oracle/oracle.hpp"

namespace mid {

/// What answers say about the outcome that each record really has: its class, or its number.
class AnswersToOutcome {
 public:
  /// `label`: of classifiers; `target`: of regressions. `half_width`: of the release's cut; a confidence is not taken for surer than that.
  AnswersToOutcome(VectorXi label, VectorXd target, double half_width);
  /// One more answer about each record. Throws Error for numbers inside, which two models do not share.
  void add(const Answers& answer);
  /// ln p - ln(1 - p) of the class, p the mean over the answers, both at least 1e-10. Of a regression the answer itself, so signed that
  /// it grows towards the target once it is compared with what other models answer (ratio_scores).
  VectorXd statistic() const;
  /// What a record learnt by heart has more of: ln p of the class; of a regression minus the squared error.
  VectorXd fit() const;

 private:
  VectorXi label_;
  VectorXd target_;
  double half_width_;
  VectorXd sum_, rest_;  // of the class's confidence and of all others; of a regression of the number
  int count_ = 0;
};

/// Likelihood ratio, offline form: (phi - m) / s of each record, where m and s are mean and sd of the statistic over models of the
/// attacker's own that never saw it. Of a regression (`target` given) the sign is that of target - m. `own`: models x records; `counts`:
/// the same, whether that model counts for that record. s is at least a tenth of its root mean square over all records, and 1 where no
/// model differs. A record for which fewer than 2 models count gets 0. Source: Carlini et al., IEEE S&P 2022, section V; of a regression
/// derived. phi = 2 against mean 0, sd 1 gives 2.
VectorXd ratio_scores(const VectorXd& statistic, const MatrixD& own, const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>& counts,
                      const VectorXd& target);

/// The threshold that tells most of these apart, `member` above it and the others not; between two scores, the lowest of several.
double best_threshold(std::vector<std::pair<double, bool>> scores);

}  // namespace mid
