#include "mid/measure/attribute.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "mid/measure/classification.hpp"

namespace mid {
namespace {

double share(double part, double all) { return all > 0 ? part / all : 0; }

}  // namespace

Claims claims(const VectorXi& guess, const VectorXi& truth, int positive) {
  assert(guess.size() == truth.size());
  Claims c;
  for (Eigen::Index i = 0; i < guess.size(); ++i) {
    const bool claimed = guess[i] == positive, is = truth[i] == positive;
    (claimed ? is ? c.true_positive : c.false_positive : is ? c.false_negative : c.true_negative) += 1;
  }
  return c;
}

double precision(const Claims& c) { return share(c.true_positive, c.true_positive + c.false_positive); }
double recall(const Claims& c) { return share(c.true_positive, c.true_positive + c.false_negative); }
double geometric_mean(const Claims& c) { return std::sqrt(recall(c) * share(c.true_negative, c.true_negative + c.false_positive)); }
double f1(const Claims& c) { return share(2 * c.true_positive, 2 * c.true_positive + c.false_positive + c.false_negative); }

double macro_f1(const VectorXi& guess, const VectorXi& truth, int values) {
  double sum = 0;
  int occurring = 0;
  for (int v = 0; v < values; ++v) {
    const Claims c = claims(guess, truth, v);
    if (c.true_positive + c.false_positive + c.false_negative == 0) continue;
    sum += f1(c);
    ++occurring;
  }
  return share(sum, occurring);
}

double auc(const VectorXd& score, const Eigen::Array<bool, Eigen::Dynamic, 1>& positive) {
  assert(score.size() == positive.size());
  std::vector<Eigen::Index> order(static_cast<std::size_t>(score.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return score[a] < score[b]; });
  double rank_sum = 0;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && score[order[end]] == score[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + end + 1) / 2;  // equals share the mean of their ranks
    for (std::size_t i = begin; i < end; ++i)
      if (positive[order[i]]) rank_sum += rank;
  }
  const double yes = static_cast<double>(positive.count()), no = static_cast<double>(positive.size()) - yes;
  return yes > 0 && no > 0 ? (rank_sum - yes * (yes + 1) / 2) / (yes * no) : .5;
}

double auc_one_vs_rest(const MatrixD& belief, const VectorXi& truth) {
  double sum = 0;
  int counted = 0;
  for (int v = 0; v < belief.cols(); ++v) {
    const Eigen::Array<bool, Eigen::Dynamic, 1> is = truth.array() == v;
    if (is.count() == 0 || is.count() == is.size()) continue;
    sum += auc(belief.col(v), is);
    ++counted;
  }
  return counted > 0 ? sum / counted : .5;
}

ResampledGuesses::ResampledGuesses(const VectorXi& guess, const VectorXi& truth, int values, int positive, const VectorXd& score)
    : values_(values), positive_(score.size() ? positive : -1) {
  assert(guess.size() == truth.size() && (score.size() == 0 || score.size() == truth.size()));
  // Grouped, because adding up neighbours is quicker than adding to cells here and there.
  for (int cell = 0; cell < values * values; ++cell) {
    begin_.push_back(static_cast<int>(by_cell_.size()));
    for (int i = 0; i < guess.size(); ++i)
      if (guess[i] * values + truth[i] == cell) by_cell_.push_back(i);
  }
  begin_.push_back(static_cast<int>(by_cell_.size()));
  count_.resize(begin_.size() - 1);
  order_.resize(static_cast<std::size_t>(score.size()));
  std::iota(order_.begin(), order_.end(), 0);
  std::sort(order_.begin(), order_.end(), [&](int a, int b) { return score[a] < score[b]; });
  for (std::size_t k = 0; k < order_.size(); ++k) {
    positive_of_.push_back(truth[order_[k]] == positive);
    last_of_tie_.push_back(k + 1 == order_.size() || score[order_[k + 1]] != score[order_[k]]);
  }
}

void ResampledGuesses::figures(std::span<const int> weight, std::span<double> out) const {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  Eigen::Map<MatrixD> count(count_.data(), values_, values_);
  for (Eigen::Index cell = 0; cell < count.size(); ++cell) {
    int n = 0;
    for (int k = begin_[static_cast<std::size_t>(cell)]; k < begin_[static_cast<std::size_t>(cell) + 1]; ++k)
      n += weight[static_cast<std::size_t>(by_cell_[static_cast<std::size_t>(k)])];
    count.data()[cell] = n;
  }
  const double all = count.sum();
  const auto claims_of = [&](int value) {
    const double right = count(value, value), claimed = count.row(value).sum(), are = count.col(value).sum();
    return Claims{right, claimed - right, are - right, all - claimed - are + right};
  };
  double sum = 0;
  int occurring = 0;
  for (int v = 0; v < values_; ++v) {
    const Claims c = claims_of(v);
    if (c.true_positive + c.false_positive + c.false_negative == 0) continue;
    sum += f1(c);
    ++occurring;
  }
  out[0] = share(sum, occurring);
  if (positive_ < 0) return;
  const Claims c = claims_of(positive_);
  out[1] = c.true_positive + c.false_positive > 0 ? precision(c) : kNone;
  out[2] = c.true_positive + c.false_negative > 0 ? recall(c) : kNone;
  out[3] = matthews(c.true_positive, c.false_positive, c.false_negative, c.true_negative);
  // By ranks, as auc(); records of equal score share the mean of theirs.
  std::int64_t below = 0, tied = 0, tied_positive = 0, twice_ranks = 0, are = 0;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const int w = weight[static_cast<std::size_t>(order_[k])];
    tied += w;
    tied_positive += w & -static_cast<int>(positive_of_[k]);
    if (!last_of_tie_[k]) continue;
    twice_ranks += tied_positive * (2 * below + tied + 1);
    are += tied_positive, below += tied;
    tied = tied_positive = 0;
  }
  const double yes = static_cast<double>(are), no = static_cast<double>(below - are), ranks = static_cast<double>(twice_ranks) / 2;
  out[4] = yes > 0 && no > 0 ? (ranks - yes * (yes + 1) / 2) / (yes * no) : kNone;
}

}  // namespace mid
