#include "mid/info/gaussian_rows.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace mid {
namespace {

using Eigen::Index;

bool full(const GaussianRows& rows) { return !rows.factor.empty(); }
const Eigen::MatrixXd& factor(const GaussianRows& rows, Index i) { return rows.factor[static_cast<std::size_t>(i)]; }

/// ln of the square root of the determinant of C_i.
double log_root_determinant(const GaussianRows& rows, Index i) {
  return full(rows) ? factor(rows, i).diagonal().array().log().sum() : rows.sd.row(i).array().log().sum();
}

/// L_j^-1 (points - mean_j)': one column a point.
Eigen::MatrixXd whitened(const GaussianRows& rows, Index j, const MatrixD& points) {
  Eigen::MatrixXd off = (points.rowwise() - Eigen::RowVectorXd(rows.mean.row(j))).transpose();
  if (full(rows))
    factor(rows, j).triangularView<Eigen::Lower>().solveInPlace(off);
  else
    off.array().colwise() /= rows.sd.row(j).transpose().array();
  return off;
}

/// KL(i, j) of every i, from the definition: each term is small where the two are alike, so nothing cancels.
Task kl_to(const GaussianRows& rows, Index j, const VectorXd& log_root, VectorXd& kl) {
  const Index n = rows.rows();
  const auto d = static_cast<double>(rows.size());
  count_work(2 * static_cast<double>(n) * d * (full(rows) ? d : 2));
  kl = .5 * whitened(rows, j, rows.mean).colwise().squaredNorm().transpose();
  kl.array() += log_root[j] - log_root.array();
  for (Index i = 0; i < n; ++i) {
    double trace = 0;
    if (full(rows)) {
      Eigen::MatrixXd ratio = factor(rows, i);
      factor(rows, j).triangularView<Eigen::Lower>().solveInPlace(ratio);
      trace = ratio.squaredNorm();
    } else {
      trace = (rows.sd.row(i).array() / rows.sd.row(j).array()).square().sum();
    }
    kl[i] += .5 * (trace - static_cast<double>(rows.size()));
    if (tick_due(full(rows) ? d * d * d : 10 * d)) co_await Tick{};
  }
}

/// The Bhattacharyya distance of every i to j.
Task bhattacharyya_to(const GaussianRows& rows, Index j, const VectorXd& log_root, VectorXd& out) {
  const Index n = rows.rows();
  const auto d = static_cast<double>(rows.size());
  out.resize(n);
  for (Index i = 0; i < n; ++i) {
    double distance = 0, log_root_of_both = 0;
    if (full(rows)) {
      const Eigen::LLT<Eigen::MatrixXd> both(
          .5 * (factor(rows, i) * factor(rows, i).transpose() + factor(rows, j) * factor(rows, j).transpose()));
      distance = both.matrixL().solve((rows.mean.row(i) - rows.mean.row(j)).transpose()).squaredNorm();
      log_root_of_both = both.matrixLLT().diagonal().array().log().sum();
    } else {
      const Eigen::ArrayXd variance = .5 * (rows.sd.row(i).array().square() + rows.sd.row(j).array().square()).transpose();
      distance = ((rows.mean.row(i) - rows.mean.row(j)).transpose().array().square() / variance).sum();
      log_root_of_both = .5 * variance.log().sum();
    }
    out[i] = distance / 8 + log_root_of_both - .5 * (log_root[i] + log_root[j]);
    if (tick_due(full(rows) ? 4.4 * d * d * d : 30 * d)) co_await Tick{};
  }
}

/// ln of a sum of exponentials that comes in pieces, for many sums at once.
struct LogSum {
  VectorXd most, rest;
  explicit LogSum(Index n) : most(VectorXd::Constant(n, -std::numeric_limits<double>::infinity())), rest(VectorXd::Zero(n)) {}
  void add(const VectorXd& x) {
    for (Index i = 0; i < x.size(); ++i) {
      if (x[i] == -std::numeric_limits<double>::infinity()) continue;
      if (x[i] > most[i])
        rest[i] = rest[i] * std::exp(most[i] - x[i]) + 1, most[i] = x[i];
      else
        rest[i] += std::exp(x[i] - most[i]);
    }
  }
  VectorXd value() const { return most.array() + rest.array().log(); }
};

/// Rounding may take a bound out of 0 .. ln N by as much.
double mean_surprise(const LogSum& sum, Index n) {
  const double log_n = std::log(static_cast<double>(n));
  return std::clamp(log_n - sum.value().mean(), 0., log_n);
}

}  // namespace

Task pairwise_bounds(GaussianRows rows, PairwiseBounds& out) {
  assert(rows.rows() >= 1 && (full(rows) ? rows.factor.size() == static_cast<std::size_t>(rows.rows()) : rows.sd.rows() == rows.rows()));
  const Index n = rows.rows();
  VectorXd log_root(n), to;
  for (Index i = 0; i < n; ++i) log_root[i] = log_root_determinant(rows, i);
  LogSum kl(n), distance(n);
  for (Index j = 0; j < n; ++j) {
    co_await kl_to(rows, j, log_root, to);
    kl.add(-to);
    co_await bhattacharyya_to(rows, j, log_root, to);
    distance.add(-to);
    count_work(60. * static_cast<double>(n));
  }
  out.upper = mean_surprise(kl, n), out.lower = mean_surprise(distance, n);
}

Task contrastive_bounds(GaussianRows rows, int draws, Stream random, ContrastiveBounds& out) {
  const Index n = rows.rows(), d = rows.size();
  assert(n >= 2 && draws >= 2);
  VectorXd log_root(n);
  for (Index i = 0; i < n; ++i) log_root[i] = log_root_determinant(rows, i);
  const double work_of_row = 2. * static_cast<double>(n * d) * (full(rows) ? static_cast<double>(d) : 2.) + 60. * static_cast<double>(n);
  MatrixD with(draws, n), without(draws, n);  // ln of the ratio of densities: of each draw of each record
  Matrix eps(n, d);
  for (int draw = 0; draw < draws; ++draw) {
    fill_normal(random.sub(static_cast<std::uint64_t>(draw)), 0, eps);
    count_work(static_cast<double>(n * d) * (full(rows) ? 20. + 2. * static_cast<double>(d) : 24.));
    MatrixD z = rows.mean;
    if (full(rows))
      for (Index i = 0; i < n; ++i) z.row(i) += (factor(rows, i) * eps.row(i).transpose().cast<double>()).transpose();
    else
      z.array() += rows.sd.array() * eps.array().cast<double>();
    LogSum others(n);
    VectorXd own(n);
    for (Index j = 0; j < n; ++j) {
      VectorXd log_p = -.5 * whitened(rows, j, z).colwise().squaredNorm().transpose();
      log_p.array() -= log_root[j];
      own[j] = log_p[j];
      log_p[j] = -std::numeric_limits<double>::infinity();
      others.add(log_p);
      if (tick_due(work_of_row)) co_await Tick{};
    }
    const VectorXd rest = others.value();
    for (Index i = 0; i < n; ++i) {
      const double most = std::max(own[i], rest[i]);
      const double all = most + std::log(std::exp(own[i] - most) + std::exp(rest[i] - most));
      with(draw, i) = own[i] - all + std::log(static_cast<double>(n));
      without(draw, i) = own[i] - rest[i] + std::log(static_cast<double>(n - 1));
    }
  }
  // Given the records, every draw is independent of the others: the error of the mean is that of the records' own means.
  const auto estimate = [&](const MatrixD& x) {
    const Eigen::RowVectorXd mean = x.colwise().mean();
    const Eigen::RowVectorXd variance = (x.rowwise() - mean).colwise().squaredNorm() / (draws - 1);
    return Estimate{mean.mean(), std::sqrt(variance.sum() / draws) / static_cast<double>(n)};
  };
  out.lower = estimate(with), out.upper = estimate(without);
}

}  // namespace mid
