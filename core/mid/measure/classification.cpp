#include "mid/measure/classification.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

namespace mid {
namespace {

VectorXi counts(const VectorXi& label, int classes) {
  VectorXi n = VectorXi::Zero(classes);
  for (int y : label) {
    assert(y >= 0 && y < classes);
    ++n[y];
  }
  return n;
}

}  // namespace

VectorXi most_likely(const MatrixD& log_probability) {
  VectorXi best(log_probability.rows());
  for (Eigen::Index i = 0; i < best.size(); ++i) log_probability.row(i).maxCoeff(&best[i]);  // the first of equals
  return best;
}

VectorXd wins(const VectorXi& guess, const VectorXi& truth) {
  assert(guess.size() == truth.size());
  return (guess.array() == truth.array()).cast<double>();
}

double correct_share(const MatrixD& log_probability, const VectorXi& label) { return wins(most_likely(log_probability), label).mean(); }

double majority_share(const VectorXi& label, int classes) {
  return static_cast<double>(counts(label, classes).maxCoeff()) / static_cast<double>(label.size());
}

VectorXd surprise(const MatrixD& log_probability, const VectorXi& label) {
  assert(log_probability.rows() == label.size());
  VectorXd out(label.size());
  for (Eigen::Index i = 0; i < out.size(); ++i) out[i] = -log_probability(i, label[i]);
  return out;
}

double negative_log_likelihood(const MatrixD& log_probability, const VectorXi& label) { return surprise(log_probability, label).mean(); }

double class_entropy(const VectorXi& label, int classes) {
  double h = 0;
  for (int n : counts(label, classes))
    if (n > 0) h -= n * std::log(n / static_cast<double>(label.size()));
  return h / static_cast<double>(label.size());
}

double calibration_error(const MatrixD& log_probability, const VectorXi& label) {
  constexpr int kBins = 15;
  const VectorXi best = most_likely(log_probability);
  std::array<double, kBins> right{}, confidence{};
  for (Eigen::Index i = 0; i < label.size(); ++i) {
    const double p = std::exp(log_probability(i, best[i]));
    // Cut off before it becomes an index: a confidence that is no number falls into the first bin.
    const auto bin = p > 0 ? static_cast<std::size_t>(std::clamp(std::ceil(p * kBins) - 1, 0., kBins - 1.)) : std::size_t{0};
    right[bin] += best[i] == label[i];
    confidence[bin] += p;
  }
  double off = 0;  // a bin's weight n_b/n times |right_b/n_b - confidence_b/n_b|
  for (int b = 0; b < kBins; ++b) off += std::abs(right[static_cast<std::size_t>(b)] - confidence[static_cast<std::size_t>(b)]);
  return off / static_cast<double>(label.size());
}

double matthews(double true_positive, double false_positive, double false_negative, double true_negative) {
  const double factors = (true_positive + false_positive) * (true_positive + false_negative) * (true_negative + false_positive) *
                         (true_negative + false_negative);
  return factors == 0 ? 0 : (true_positive * true_negative - false_positive * false_negative) / std::sqrt(factors);
}

double matthews(const VectorXi& guess, const VectorXi& truth, int positive) {
  assert(guess.size() == truth.size());
  std::array<std::array<int, 2>, 2> n{};  // [claimed][true]
  for (Eigen::Index i = 0; i < guess.size(); ++i) ++n[guess[i] == positive][truth[i] == positive];
  return matthews(n[1][1], n[1][0], n[0][1], n[0][0]);
}

int rarest_value(const VectorXi& truth, int values) {
  const VectorXi n = counts(truth, values);
  int rarest = -1;
  for (int v = 0; v < values; ++v)
    if (n[v] > 0 && (rarest < 0 || n[v] < n[rarest])) rarest = v;
  return std::max(rarest, 0);
}

VectorXi guesses(const MatrixD& score, const MatrixD& prior) {
  constexpr double kTie = 1e-12;
  assert(prior.cols() == score.cols() && (prior.rows() == 1 || prior.rows() == score.rows()));
  VectorXi out(score.rows());
  for (Eigen::Index i = 0; i < score.rows(); ++i) {
    const auto p = prior.row(prior.rows() == 1 ? 0 : i);
    double best = -std::numeric_limits<double>::infinity();
    for (double s : score.row(i))
      if (s > best) best = s;  // false for NaN
    int guess = -1;
    for (int v = 0; v < score.cols(); ++v) {
      const double s = std::isnan(score(i, v)) ? -std::numeric_limits<double>::infinity() : score(i, v);
      const bool tied = s == best || s >= best - kTie;
      if (tied && (guess < 0 || p[v] > p[guess])) guess = v;
    }
    out[i] = guess;
  }
  return out;
}

}  // namespace mid
