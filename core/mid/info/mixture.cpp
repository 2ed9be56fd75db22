#include "mid/info/mixture.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "mid/info/gauss_sum.hpp"

namespace mid {
namespace {

constexpr double kWindow = 10;       // of the quadrature, in s: e^-50 beyond
constexpr int kPointsPerWidth = 20;  // of the quadrature
constexpr Eigen::Index kTickPairs = 200'000;

/// -(1/N) sum_i ln(S_i / N); rounding may take it out of 0 .. ln N by as much.
double mean_surprise(const Eigen::Ref<const VectorXd, 0, Eigen::InnerStride<>>& sums) {
  const auto n = static_cast<double>(sums.size());
  return std::clamp(-(sums.array() / n).log().sum() / n, 0., std::log(n));
}

/// sum_j exp(-(at - mu_j)^2 / (2 s^2)) over some points, in units of s.
double density(const Eigen::Ref<const VectorXd>& points, double at) { return (-.5 * (points.array() - at).square()).exp().sum(); }

}  // namespace

Task upper_bound(VectorXd mu, double s, UpperBound& out) {
  const auto n = static_cast<double>(mu.size());
  const GaussSum gauss(mu, s);
  const VectorXd ones = VectorXd::Ones(mu.size());
  MatrixD own, others;  // moments with weights 1, and u = 1 / S: r_mj has the weight in m, r_jm in j
  co_await gauss.moments(ones, 2, own);
  const VectorXd u = own.col(0).cwiseInverse();
  co_await gauss.moments(u, 2, others);
  out.value = mean_surprise(own.col(0));
  out.gradient = -(u.cwiseProduct(own.col(1)) + others.col(1)) / (n * s);
}

Task answer_information(VectorXd mu, double s, AnswerInformation& out) {
  const VectorXd ones = VectorXd::Ones(mu.size());
  MatrixD m;
  const GaussSum near(mu, s), wide(mu, 2 * s);
  co_await near.moments(ones, 3, m);
  // The variance about mu_i less the square of the mean's distance from mu_i, in units of s^2.
  const VectorXd mean = m.col(1).cwiseQuotient(m.col(0));
  const double variance = (m.col(2).cwiseQuotient(m.col(0)) - mean.cwiseAbs2()).mean();
  out.upper = mean_surprise(m.col(0));
  out.taylor0 = out.upper - .5;
  out.taylor2 = out.upper - variance / 2;
  co_await wide.moments(ones, 1, m);
  out.lower = mean_surprise(m.col(0));
}

Task information_by_quadrature(VectorXd mu, double s, double& out) {
  assert(mu.size() > 0 && s > 0);
  std::sort(mu.begin(), mu.end());
  const Eigen::Index n = mu.size();
  double sum = 0;  // of q ln q, q = the answer's density times s sqrt(2 pi)
  Eigen::Index pairs = 0;
  for (Eigen::Index first = 0, last = 0; first < n; first = last) {
    // A stretch: mu whose windows overlap. Its own origin keeps positions exact however small s is.
    for (last = first + 1; last < n && (mu[last] - mu[last - 1]) / s <= 2 * kWindow;) ++last;
    const VectorXd points = (mu.segment(first, last - first).array() - mu[first]) / s;
    const auto steps = static_cast<Eigen::Index>(std::ceil((points[points.size() - 1] + 2 * kWindow) * kPointsPerWidth));
    Eigen::Index low = 0, high = 0;
    for (Eigen::Index k = 0; k <= steps; ++k) {
      const double at = -kWindow + static_cast<double>(k) / kPointsPerWidth;
      while (high < points.size() && points[high] <= at + kWindow) ++high;
      while (low < high && points[low] < at - kWindow) ++low;
      const double q = density(points.segment(low, high - low), at) / static_cast<double>(n);
      if (q > 0) sum += q * std::log(q);
      count_work(20. * static_cast<double>(high - low + 1));
      if ((pairs += high - low + 1) < kTickPairs) continue;
      pairs = 0;
      co_await Tick{};
    }
  }
  out = -sum / (kPointsPerWidth * std::sqrt(2 * std::numbers::pi)) - .5;
}

UpperBound upper_bound(const VectorXd& mu, double s) {
  UpperBound out;
  finish(upper_bound(mu, s, out));
  return out;
}

AnswerInformation answer_information(const VectorXd& mu, double s) {
  AnswerInformation out;
  finish(answer_information(mu, s, out));
  return out;
}

double information_by_quadrature(const VectorXd& mu, double s) {
  double out = 0;
  finish(information_by_quadrature(mu, s, out));
  return out;
}

}  // namespace mid
