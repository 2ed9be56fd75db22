#include "mid/info/rdp.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace mid {

namespace {

constexpr double kLeastSigma = .05;

/// ln of the sum of e^term.
double log_sum(const std::vector<double>& terms) {
  const double most = *std::max_element(terms.begin(), terms.end());
  double total = 0;
  for (const double t : terms) total += std::exp(t - most);
  return most + std::log(total);
}

/// ln sum_k (a over k) (1 - q)^(a - k) q^k e^((k^2 - k) / (2 sigma^2)) of a whole order a.
double log_moment(double a, double rate, double sigma) {
  std::vector<double> terms;
  double log_binomial = 0;
  for (double k = 0; k <= a; ++k) {
    terms.push_back(log_binomial + (a - k) * std::log1p(-rate) + k * std::log(rate) + (k * k - k) / (2 * sigma * sigma));
    log_binomial += std::log(a - k) - std::log(k + 1);  // the last one is not used
  }
  return log_sum(terms);
}

/// ln E (1 - q + q e^((2x - 1) / (2 sigma^2)))^a over x of sd sigma, by the trapezoidal rule: its error falls as e^(-2 pi d / step), d the
/// distance from the line to where the mixture is 0, pi sigma^2, and as e^(-2 pi^2 sigma^2 / step^2) for the Gaussian; both e^-39 here.
double log_moment_between(double a, double rate, double sigma) {
  const double step = .5 * std::min(sigma, sigma * sigma), first = -12 * sigma, last = a + 12 * sigma;
  std::vector<double> terms;
  for (double x = first; x <= last; x += step) {
    const double moved = std::log(rate) + (2 * x - 1) / (2 * sigma * sigma), still = std::log1p(-rate);
    const double mixture = std::max(moved, still) + std::log1p(std::exp(-std::abs(moved - still)));
    terms.push_back(a * mixture - x * x / (2 * sigma * sigma));
  }
  return log_sum(terms) + std::log(step / (sigma * std::sqrt(2 * std::acos(-1.))));
}

}  // namespace

double renyi_of_step(double order, double rate, double sigma) {
  assert(order > 1 && rate >= 0 && rate <= 1);
  if (sigma <= 0) return std::numeric_limits<double>::infinity();
  if (rate >= 1) return order / (2 * sigma * sigma);
  if (rate <= 0) return 0;
  const bool whole = order == std::round(order);
  if (!whole && sigma < kLeastSigma) return std::numeric_limits<double>::infinity();
  // The moment is at least 1: what rounding takes off that is nothing.
  return std::max(0., whole ? log_moment(order, rate, sigma) : log_moment_between(order, rate, sigma)) / (order - 1);
}

Epsilon epsilon_of_steps(std::int64_t steps, double rate, double sigma, double delta) {
  assert(delta > 0 && delta < 1);
  Epsilon best{std::numeric_limits<double>::infinity(), 0};
  const auto look = [&](double a) {
    const double epsilon =
        static_cast<double>(steps) * renyi_of_step(a, rate, sigma) + std::log((a - 1) / a) - (std::log(delta) + std::log(a)) / (a - 1);
    if (epsilon < best.epsilon) best = {epsilon, a};
  };
  for (int tenths = 11; tenths < 110; ++tenths) look(tenths / 10.);
  for (int order = 11; order <= 64; ++order) look(order);
  for (const int order : {128, 256, 512}) look(order);
  best.epsilon = std::max(0., best.epsilon);
  return best;
}

}  // namespace mid
