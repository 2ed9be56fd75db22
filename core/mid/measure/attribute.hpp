#pragma once
#include <span>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// Figures of a guess that claims something or not: a two-by-two table of records. Counts, or expected counts.
/// method.md section 3, "Metrics"; the Matthews correlation is in measure/classification.
struct Claims {
  double true_positive = 0, false_positive = 0, false_negative = 0, true_negative = 0;
};
/// `positive` against every other value. `guess` and `truth` are row-aligned.
Claims claims(const VectorXi& guess, const VectorXi& truth, int positive);

/// Share of the claims that are right; 0 when nothing is claimed. Baseline: the share of positives.
double precision(const Claims& c);
/// Share of the positives that are claimed; 0 when there are none.
double recall(const Claims& c);
/// sqrt(true positive rate times true negative rate); a constant guess has 0.
double geometric_mean(const Claims& c);
/// Harmonic mean of precision and recall; 0 when both are.
double f1(const Claims& c);
/// Mean of f1 over the `values` 0 .. values-1 that occur as guess or truth. method.md section 2, "Metrics".
double macro_f1(const VectorXi& guess, const VectorXi& truth, int values);

/// Area under the ROC curve: the chance that a positive record scores above another one, ties half, by ranks. Baseline .5,
/// which is also the answer where all records are of one side. `positive` is true for a positive record.
double auc(const VectorXd& score, const Eigen::Array<bool, Eigen::Dynamic, 1>& positive);
/// Mean of auc over the values, each against the rest, those left out that no record or every record has; .5 if that leaves
/// none. `belief` (rows x values) must compare between records: probabilities, not scores with a constant of their own.
double auc_one_vs_rest(const MatrixD& belief, const VectorXi& truth);

/// The figures above of a resample of the records, for their intervals: quick enough for a thousand resamples.
class ResampledGuesses {
 public:
  /// Row-aligned guesses and truths among `values`; with `positive` of two values and `score`, which ranks by it (auc), all of the
  /// figures, else (`positive` -1, `score` empty) macro_f1 alone.
  ResampledGuesses(const VectorXi& guess, const VectorXi& truth, int values, int positive, const VectorXd& score);
  /// macro_f1, then precision, recall, the Matthews correlation and auc. `weight`: how often each record is there. What has no
  /// value because nothing is claimed or all are of one side is not a number.
  void figures(std::span<const int> weight, std::span<double> out) const;

 private:
  int values_, positive_;
  std::vector<int> by_cell_, begin_;             // records by guess times values plus truth, and where each cell begins
  std::vector<int> order_;                       // records by score, least first
  std::vector<char> positive_of_, last_of_tie_;  // along order_
  mutable std::vector<double> count_;            // values x values: what figures() adds up, so that a thousand resamples share one
};

}  // namespace mid
