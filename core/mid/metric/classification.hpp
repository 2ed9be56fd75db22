#pragma once
#include <span>

#include "mid/base/matrix.hpp"
#include "mid/metric/measure.hpp"

namespace mid {

/// All take `log_probability` (rows x classes, natural logarithms) of the released answers and the true labels. Where the
/// model is stochastic the rows of several draws are averaged by the caller through `draws` calls; see run/utility.

/// Share of rows whose most likely class is the label; ties to the lower class. Baseline: the majority class of `label`.
double correct_share(const MatrixD& log_probability, const VectorXi& label);
/// Share of the most frequent label.
double majority_share(const VectorXi& label, int classes);
/// Mean of -ln p(label), nats.
double negative_log_likelihood(const MatrixD& log_probability, const VectorXi& label);
/// Entropy of the labels' shares, nats: the NLL of somebody who knows only the shares.
double class_entropy(const VectorXi& label, int classes);
/// Expected calibration error: 15 equal-width bins of the top confidence, weighted mean of |accuracy - confidence|.
/// Source: Guo et al., ICML 2017.
double calibration_error(const MatrixD& log_probability, const VectorXi& label);
/// Matthews correlation of a two-by-two table; 0 if any factor is 0. method.md section 3, "Metrics".
double matthews(double true_positive, double false_positive, double false_negative, double true_negative);

/// Attribute inference from scores: each row's guess is the value with the highest score (ties within 1e-12 to the larger
/// prior, then the lower value).
VectorXi guesses(const MatrixD& score, const MatrixD& prior);

}  // namespace mid
