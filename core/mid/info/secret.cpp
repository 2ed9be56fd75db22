#include "mid/info/secret.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace mid {
namespace {

constexpr double kReach = 9;  // of a bell, in its own sd: e^-40 beyond
constexpr int kPointsPerSd = 10;
constexpr int kMostPoints = 200'000;  // of a bell very much wider than another
constexpr double kEqual = 1e-6;

double plus(double p) { return p > 0 ? -p * std::log(p) : 0; }

constexpr double kMostCells = 4000;
constexpr double kWorkOfBell = 25;  // operations of a bell's height at a point

/// Of answers without noise: those no further than `equal` apart are the same.
double information_of_spikes(const VectorXd& share, const VectorXd& mean, double equal) {
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

Task information_of_bells(VectorXd share, VectorXd mean, VectorXd sd, double& out, double& work) {
  assert(share.size() == mean.size() && share.size() == sd.size() && share.size() > 0);
  if (sd.maxCoeff() == 0) {
    out = information_of_spikes(share, mean, kEqual * std::max(1., mean.cwiseAbs().maxCoeff()));
    co_return;
  }
  // Spikes among bells (a noise so small that it is 0): which of the two it was shows in the answer, and then what each tells.
  if (sd.minCoeff() == 0) {
    std::vector<Eigen::Index> spikes, bells;
    for (Eigen::Index v = 0; v < share.size(); ++v) (sd[v] == 0 ? spikes : bells).push_back(v);
    VectorXd spike_share = share(spikes), bell_share = share(bells), conditional_mean = mean(bells), conditional_sd = sd(bells), both(2);
    both << spike_share.sum(), bell_share.sum();
    double of_spikes = 0, of_bells = 0;
    if (both[0] > 0)
      of_spikes = information_of_spikes(spike_share / both[0], mean(spikes), kEqual * std::max(1., mean.cwiseAbs().maxCoeff()));
    if (both[1] > 0) {
      bell_share /= both[1];
      co_await information_of_bells(bell_share, conditional_mean, conditional_sd, of_bells, work);
    }
    out = entropy(both) + both[0] * of_spikes + both[1] * of_bells;
    co_return;
  }
  const double narrowest = sd.minCoeff(), work_of_point = kWorkOfBell * static_cast<double>(share.size() + 1);
  assert(narrowest > 0);
  double information = 0;
  for (Eigen::Index v = 0; v < share.size(); ++v) {
    if (share[v] <= 0) continue;
    const int points = static_cast<int>(std::min<double>(kMostPoints, std::ceil(2 * kReach * kPointsPerSd * sd[v] / narrowest)));
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
      work += work_of_point;
      if (tick_due(work_of_point)) co_await Tick{};
    }
    information += share[v] * sum * step / std::sqrt(2 * std::numbers::pi);
  }
  out = std::clamp(information, 0., entropy(share));
}

double share_between(double a, double b) {
  if (a > 0) std::swap(a, b), a = -a, b = -b;  // the left tail keeps its digits
  return .5 * (std::erfc(-b / std::numbers::sqrt2) - std::erfc(-a / std::numbers::sqrt2));
}

double Cells::cell(double x) const {
  if (of == Of::sign) return x > 0 ? 1 : 0;
  return std::round((of == Of::logit ? 1 / (1 + std::exp(-x)) : x) * std::pow(10., decimals));
}

double Cells::begin(double cell) const {
  const double infinite = std::numeric_limits<double>::infinity(), unit = std::pow(10., decimals);
  if (of == Of::sign) return cell <= 0 ? -infinite : cell > 1 ? infinite : 0;
  const double at = (cell - .5) / unit;
  if (of == Of::number) return at;
  return at <= 0 ? -infinite : at >= 1 ? infinite : std::log(at / (1 - at));
}

Task information_of_cells(VectorXd share, VectorXd mean, VectorXd sd, Cells cells, double& out, double& work) {
  assert(share.size() == mean.size() && share.size() == sd.size() && share.size() > 0);
  if (sd.maxCoeff() == 0) {
    out = information_of_spikes(share, mean.unaryExpr([&](double x) { return cells.cell(x); }), 0);
    co_return;
  }
  const double first = cells.cell((mean - kReach * sd).minCoeff()), last = cells.cell((mean + kReach * sd).maxCoeff());
  if (last - first > kMostCells) {
    co_await information_of_bells(share, mean, sd, out, work);
    co_return;
  }
  const double work_of_cell = 4 * kWorkOfBell * static_cast<double>(share.size());
  double information = entropy(share);
  VectorXd joint(share.size());  // of a value and this cell
  constexpr double far = std::numeric_limits<double>::infinity();
  const auto in_sd = [&](double x, Eigen::Index v) { return sd[v] > 0 ? (x - mean[v]) / sd[v] : x <= mean[v] ? -far : far; };
  for (double c = first; c <= last; ++c) {
    for (Eigen::Index v = 0; v < share.size(); ++v) {
      // The first and the last cell take what is beyond them.
      const double a = c == first ? -far : in_sd(cells.begin(c), v), b = c == last ? far : in_sd(cells.begin(c + 1), v);
      joint[v] = share[v] * share_between(a, b);
    }
    if (const double all = joint.sum(); all > 0) information -= all * entropy(joint / all);
    work += work_of_cell;
    if (tick_due(work_of_cell)) co_await Tick{};
  }
  out = std::clamp(information, 0., entropy(share));
}

double information_of_bells(const VectorXd& share, const VectorXd& mean, const VectorXd& sd) {
  double out = 0, work = 0;
  finish(information_of_bells(share, mean, sd, out, work));
  return out;
}

double information_of_cells(const VectorXd& share, const VectorXd& mean, const VectorXd& sd, const Cells& cells) {
  double out = 0, work = 0;
  finish(information_of_cells(share, mean, sd, cells, out, work));
  return out;
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
