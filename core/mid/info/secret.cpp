#include "mid/info/secret.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace mid {
namespace {

constexpr double kReach = 9;            // of a bell, in its own sd: e^-40 beyond
constexpr int kPointsPerSd = 10;
constexpr int kMostPoints = 200'000;    // of a bell very much wider than another
constexpr double kEqual = 1e-6;

double plus(double p) { return p > 0 ? -p * std::log(p) : 0; }

double information_of_spikes(const VectorXd& share, const VectorXd& mean) {
  const double equal = kEqual * std::max(1., mean.cwiseAbs().maxCoeff());
  VectorXd together = VectorXd::Zero(share.size());
  for (Eigen::Index v = 0; v < share.size(); ++v)
    for (Eigen::Index first = 0; first <= v; ++first)
      if (std::abs(mean[v] - mean[first]) <= equal) {
        together[first] += share[v];
        break;
      }
  return entropy(together);
}

}  // namespace

double entropy(const VectorXd& p) { return p.unaryExpr(&plus).sum(); }

double information_of_bells(const VectorXd& share, const VectorXd& mean, const VectorXd& sd) {
  assert(share.size() == mean.size() && share.size() == sd.size() && share.size() > 0);
  if (sd.maxCoeff() == 0) return information_of_spikes(share, mean);
  const double narrowest = sd.minCoeff();
  assert(narrowest > 0);
  double information = 0;
  for (Eigen::Index v = 0; v < share.size(); ++v) {
    if (share[v] <= 0) continue;
    const int points = std::min(kMostPoints, static_cast<int>(std::ceil(2 * kReach * kPointsPerSd * sd[v] / narrowest)));
    const double step = 2 * kReach / points;
    double sum = 0;
    for (int k = 0; k <= points; ++k) {
      const double t = -kReach + k * step, x = mean[v] + sd[v] * t;
      // The mixture's density over this bell's: 1 where the others are nowhere near.
      double ratio = 0;
      for (Eigen::Index w = 0; w < share.size(); ++w) {
        const double u = (x - mean[w]) / sd[w];
        ratio += share[w] * std::exp(std::min(700., .5 * (t * t - u * u))) * sd[v] / sd[w];
      }
      sum -= std::exp(-.5 * t * t) * std::log(ratio);
    }
    information += share[v] * sum * step / std::sqrt(2 * std::numbers::pi);
  }
  return std::clamp(information, 0., entropy(share));
}

double least_error(double uncertainty, int values) {
  assert(values >= 2);
  const double most = 1 - 1. / values;
  if (uncertainty <= 0) return 0;
  if (uncertainty >= std::log(values)) return most;
  double low = 0, high = most;
  for (int halving = 0; halving < 60; ++halving) {
    const double p = .5 * (low + high);
    (plus(p) + plus(1 - p) + p * std::log(values - 1.) < uncertainty ? low : high) = p;
  }
  return .5 * (low + high);
}

}  // namespace mid
