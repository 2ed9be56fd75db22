#pragma once
#include "mid/base/matrix.hpp"

namespace mid {

/// All take `log_probability` (rows x classes, natural logarithms, -inf allowed) of the released answers and the true
/// labels. Where the model is stochastic the caller averages over `draws` calls.

/// Each row's most likely class; ties to the lower class.
VectorXi most_likely(const MatrixD& log_probability);
/// 1 where the guess is the truth, else 0: what proportions and the paired advantage are made of.
VectorXd wins(const VectorXi& guess, const VectorXi& truth);
/// Share of rows whose most likely class is the label. Baseline: majority_share.
double correct_share(const MatrixD& log_probability, const VectorXi& label);
/// Share of the most frequent label.
double majority_share(const VectorXi& label, int classes);

/// -ln p(label) of each row, nats; infinite where the answer gives the label no chance.
VectorXd surprise(const MatrixD& log_probability, const VectorXi& label);
/// Mean of surprise, nats. Baseline: class_entropy.
double negative_log_likelihood(const MatrixD& log_probability, const VectorXi& label);
/// Entropy of the labels' shares, nats: the NLL of somebody who knows only the shares.
double class_entropy(const VectorXi& label, int classes);

/// Expected calibration error: 15 equal-width bins ((b-1)/15, b/15] of the top confidence, weighted mean of
/// |accuracy - confidence|. Source: Guo et al., ICML 2017.
double calibration_error(const MatrixD& log_probability, const VectorXi& label);

/// Matthews correlation of a two-by-two table; 0 if any factor is 0. method.md section 3, "Metrics".
double matthews(double true_positive, double false_positive, double false_negative, double true_negative);
/// The same of guesses: `positive` against every other value.
double matthews(const VectorXi& guess, const VectorXi& truth, int positive);
/// The least frequent of the values that occur; ties to the lower one: the positive value unless the schema names another.
int rarest_value(const VectorXi& truth, int values);

/// Attribute inference from scores: each row's guess is the value with the highest score (ties within 1e-12 to the larger
/// prior, then the lower value). `score` in logarithms (rows x values; a constant added to a row changes nothing);
/// `prior` has a row for each record, or one for all. Undefined (NaN) scores count as -inf.
VectorXi guesses(const MatrixD& score, const MatrixD& prior);

}  // namespace mid
