#include "mid/metric/attribute.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

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

}  // namespace mid
