#include "mid/attack/belief/membership_score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mid/base/error.hpp"

namespace mid {
namespace {

constexpr double kLeast = 1e-10;     // of a confidence and of what is missing to 1
constexpr double kLeastSpread = .1;  // of a record's sd, in the root mean square over records

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

AnswersToOutcome::AnswersToOutcome(VectorXi label, VectorXd target, double half_width)
    : label_(std::move(label)), target_(std::move(target)), half_width_(half_width) {
  const Eigen::Index n = std::max(label_.size(), target_.size());
  sum_.setZero(n), rest_.setZero(n);
}

void AnswersToOutcome::add(const Answers& answer) {
  const Matrix& v = answer.value;
  ++count_;
  for (Eigen::Index r = 0; r < sum_.size(); ++r) {
    double p = 0, rest = 0;
    if (answer.form == AnswerForm::number) {
      sum_[r] += v(r, 0);
      continue;
    }
    const int y = label_[r];
    switch (answer.form) {
      case AnswerForm::log_probability:
        for (Eigen::Index c = 0; c < v.cols(); ++c) (c == y ? p : rest) += std::exp(double{v(r, c)});
        break;
      case AnswerForm::logit: {
        const double l = y == 1 ? v(r, 0) : -v(r, 0);
        p = logistic(l), rest = logistic(-l);
        break;
      }
      case AnswerForm::probability:
      case AnswerForm::top:
      case AnswerForm::label:
        p = v.cols() > 1 ? double{v(r, y)} : y == 1 ? double{v(r, 0)} : 1. - double{v(r, 0)};
        rest = std::max(1 - p, half_width_), p = std::max(p, half_width_);
        break;
      default: throw Error("release.of", Message("refusal.needs_answer"));
    }
    sum_[r] += p, rest_[r] += rest;
  }
}

VectorXd AnswersToOutcome::statistic() const {
  if (target_.size()) return sum_ / count_;
  return (sum_.array() / count_).max(kLeast).log() - (rest_.array() / count_).max(kLeast).log();
}

VectorXd AnswersToOutcome::fit() const {
  if (target_.size()) return -(target_ - sum_ / count_).array().square();
  return (sum_.array() / count_).max(kLeast).log();
}

VectorXd ratio_scores(const VectorXd& statistic, const MatrixD& own, const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>& counts,
                      const VectorXd& target) {
  const Eigen::Index n = statistic.size();
  VectorXd mean = VectorXd::Zero(n), sd = VectorXd::Zero(n);
  std::vector<bool> known(static_cast<std::size_t>(n));
  double squares = 0;
  int records = 0;
  for (Eigen::Index r = 0; r < n; ++r) {
    const auto count = static_cast<double>(counts.col(r).count());
    known[static_cast<std::size_t>(r)] = count >= 2;
    if (count < 2) continue;
    for (Eigen::Index k = 0; k < own.rows(); ++k) mean[r] += counts(k, r) ? own(k, r) / count : 0;
    for (Eigen::Index k = 0; k < own.rows(); ++k) sd[r] += counts(k, r) ? std::pow(own(k, r) - mean[r], 2) / (count - 1) : 0;
    squares += sd[r], ++records, sd[r] = std::sqrt(sd[r]);
  }
  const double typical = records > 0 ? std::sqrt(squares / records) : 0;
  VectorXd out = VectorXd::Zero(n);
  for (Eigen::Index r = 0; r < n; ++r) {
    if (!known[static_cast<std::size_t>(r)]) continue;
    const double sign = target.size() && target[r] < mean[r] ? -1 : 1;
    out[r] = sign * (statistic[r] - mean[r]) / (typical > 0 ? std::max(sd[r], kLeastSpread * typical) : 1);
  }
  return out;
}

double best_threshold(std::vector<std::pair<double, bool>> scores) {
  std::sort(scores.begin(), scores.end());
  if (scores.empty()) return 0;
  // Below all scores everybody is named; each score that the threshold passes is named no more.
  std::int64_t right = std::count_if(scores.begin(), scores.end(), [](const auto& s) { return s.second; }), best = right;
  double at = scores.front().first - 1;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    right += scores[i].second ? -1 : 1;
    const bool last = i + 1 == scores.size();
    if (!last && scores[i + 1].first == scores[i].first) continue;
    if (right <= best) continue;
    best = right;
    at = last ? scores[i].first + 1 : (scores[i].first + scores[i + 1].first) / 2;
  }
  return at;
}

}  // namespace mid
