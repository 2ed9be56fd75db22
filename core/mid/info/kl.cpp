#include "mid/info/kl.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mid {
namespace {

constexpr double kShift = -5;  // of the layer: sigma = softplus(raw - 5)
constexpr double kFar = -15;   // below this softplus(a) = e^a to seven digits, and its logarithm is a

double softplus(double a) { return std::max(a, 0.) + std::log1p(std::exp(-std::abs(a))); }
double sigmoid(double a) { return 1 / (1 + std::exp(-a)); }

}  // namespace

double sigma_of_raw(double raw) { return softplus(raw + kShift); }

double log_sigma_of_raw(double raw) {
  const double a = raw + kShift;
  return a < kFar ? a : std::log(softplus(a));
}

double kl_of_unit(double mu, double sigma) { return (mu * mu + sigma * sigma - 1) / 2 - std::log(sigma); }

double kl_of_raw(double mu, double raw) {
  const double sigma = sigma_of_raw(raw);
  return (mu * mu + sigma * sigma - 1) / 2 - log_sigma_of_raw(raw);
}

double kl_by_raw(double raw) {
  const double a = raw + kShift, sigma = softplus(a);
  return a < kFar ? sigma * sigmoid(a) - 1 : (sigma - 1 / sigma) * sigmoid(a);
}

VectorXd kl_of_rows(MatrixRef mu, MatrixRef sigma) {
  assert(mu.rows() == sigma.rows() && mu.cols() == sigma.cols());
  VectorXd out = VectorXd::Zero(mu.rows());
  for (Eigen::Index r = 0; r < mu.rows(); ++r)
    for (Eigen::Index c = 0; c < mu.cols(); ++c) out(r) += kl_of_unit(double{mu(r, c)}, double{sigma(r, c)});
  return out;
}

}  // namespace mid
