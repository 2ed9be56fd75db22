#include "mid/info/reconstruction.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>

#include "mid/info/secret.hpp"

namespace mid {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

}  // namespace

MatrixD fisher_information(const MatrixD& mean_slope, const MatrixD& log_sigma_slope, const VectorXd& sigma) {
  assert(mean_slope.rows() == sigma.size());
  const MatrixD scaled = sigma.cwiseInverse().asDiagonal() * mean_slope;
  MatrixD out = scaled.transpose() * scaled;
  if (log_sigma_slope.size()) out += 2 * log_sigma_slope.transpose() * log_sigma_slope;
  return out;
}

double unbiased_error(const MatrixD& fisher) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(fisher, Eigen::EigenvaluesOnly);
  const VectorXd values = solver.eigenvalues();
  if (values.size() == 0 || values.minCoeff() <= 1e-12 * std::max(values.maxCoeff(), 0.)) return kInfinite;
  return values.cwiseInverse().sum();
}

double unbiased_error_by_trace(const MatrixD& fisher) {
  const double d = static_cast<double>(fisher.rows()), trace = fisher.trace();
  return trace > 0 ? d * d / trace : kInfinite;
}

double van_trees(const MatrixD& mean_fisher, const VectorXd& variances) {
  assert(mean_fisher.rows() == variances.size() && (variances.size() == 0 || variances.minCoeff() > 0));
  // (F + L^-1)^-1 = L^1/2 (1 + L^1/2 F L^1/2)^-1 L^1/2: well scaled, whatever the variances are.
  const VectorXd sd = variances.cwiseSqrt();
  Eigen::MatrixXd inner = sd.asDiagonal() * mean_fisher * sd.asDiagonal();
  inner.diagonal().array() += 1;
  const Eigen::MatrixXd inverse = inner.llt().solve(Eigen::MatrixXd::Identity(inner.rows(), inner.cols()));
  return inverse.diagonal().dot(variances);
}

double van_trees_by_trace(const MatrixD& mean_fisher, const VectorXd& variances) {
  const double m = static_cast<double>(variances.size());
  return m * m / (mean_fisher.trace() + variances.cwiseInverse().sum());
}

WaterFilling rate_distortion(VectorXd variances, double nats) {
  assert(nats >= 0);
  std::sort(variances.begin(), variances.end(), std::greater<>());
  while (variances.size() > 0 && variances[variances.size() - 1] <= 0) variances.conservativeResize(variances.size() - 1);
  if (variances.size() == 0 || std::isinf(nats)) return {};
  const Eigen::Index all = variances.size();
  double logs = 0;
  for (Eigen::Index m = 1; m <= all; ++m) {
    logs += std::log(variances[m - 1]);
    const double level = std::exp((logs - 2 * nats) / static_cast<double>(m));
    if (m == all || level >= variances[m]) return {variances.cwiseMin(level).sum(), level};
  }
  return {};
}

double entropy_power_error(const VectorXd& variances, double nats) {
  const double m = static_cast<double>(variances.size());
  if (m == 0 || variances.minCoeff() <= 0) return 0;
  return m * std::exp((variances.array().log().sum() - 2 * nats) / m);
}

LinearCase linear_case(const MatrixD& slope, const VectorXd& noise, const VectorXd& variances) {
  LinearCase out;
  out.error = van_trees(fisher_information(slope, {}, noise.cwiseSqrt()), variances);
  const MatrixD scaled = noise.cwiseSqrt().cwiseInverse().asDiagonal() * slope * variances.cwiseSqrt().asDiagonal();
  Eigen::MatrixXd inner = scaled * scaled.transpose();
  inner.diagonal().array() += 1;
  const Eigen::MatrixXd factor = inner.llt().matrixL();
  out.information = factor.diagonal().array().log().sum();  // the logarithm of the determinant's root
  return out;
}

double fitted_information(const MatrixD& mean, const MatrixD& sigma, const MatrixD& drawn) {
  const Eigen::Index half = drawn.rows() / 2, rest = drawn.rows() - half;
  assert(half >= 2 * (drawn.cols() + 1));
  const Eigen::RowVectorXd centre = drawn.topRows(half).colwise().mean();
  const MatrixD away = drawn.topRows(half).rowwise() - centre;
  const Eigen::MatrixXd covariance = away.transpose() * away / static_cast<double>(half - 1);
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
  if (factor.info() != Eigen::Success) return kInfinite;
  const Eigen::MatrixXd lower = factor.matrixL();
  const double log_root = lower.diagonal().array().log().sum();
  if (!std::isfinite(log_root)) return kInfinite;
  const MatrixD other = drawn.bottomRows(rest).rowwise() - centre;
  const Eigen::MatrixXd whitened = factor.matrixL().solve(Eigen::MatrixXd(other.transpose()));
  // ln p(z|x) - ln q(z); the constants cancel.
  VectorXd information = .5 * whitened.colwise().squaredNorm().transpose();
  information.array() += log_root;
  const auto noise = (drawn.bottomRows(rest) - mean.bottomRows(rest)).array() / sigma.bottomRows(rest).array();
  information -= (.5 * noise.square() + sigma.bottomRows(rest).array().log()).rowwise().sum().matrix();
  const double value = information.mean(), n = static_cast<double>(rest);
  const double error = std::sqrt((information.array() - value).square().sum() / (n - 1) / n);
  return std::max(0., value + 2 * error);
}

double known_records_error(int records, double nats, double distance) {
  if (records < 2) return 0;
  const double left = std::max(0., std::log(static_cast<double>(records)) - nats);
  return least_error(left, records) * distance * distance / 4;
}

}  // namespace mid
