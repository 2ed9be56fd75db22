#include "mid/info/rdp.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace mid {

double renyi_of_step(int order, double rate, double sigma) {
  assert(order >= 2 && rate >= 0 && rate <= 1);
  const double a = order;
  if (sigma <= 0) return std::numeric_limits<double>::infinity();
  if (rate >= 1) return a / (2 * sigma * sigma);
  if (rate <= 0) return 0;
  std::vector<double> terms;
  double log_binomial = 0;
  for (double k = 0; k <= a; ++k) {
    terms.push_back(log_binomial + (a - k) * std::log1p(-rate) + k * std::log(rate) + (k * k - k) / (2 * sigma * sigma));
    log_binomial += std::log(a - k) - std::log(k + 1);  // the last one is not used
  }
  const double most = *std::max_element(terms.begin(), terms.end());
  double total = 0;
  for (const double t : terms) total += std::exp(t - most);
  // The sum is at least 1: what rounding takes off that is nothing.
  return std::max(0., most + std::log(total)) / (a - 1);
}

Epsilon epsilon_of_steps(std::int64_t steps, double rate, double sigma, double delta) {
  assert(delta > 0 && delta < 1);
  Epsilon best{std::numeric_limits<double>::infinity(), 0};
  const auto look = [&](int order) {
    const double a = order;
    const double epsilon =
        static_cast<double>(steps) * renyi_of_step(order, rate, sigma) + std::log((a - 1) / a) - (std::log(delta) + std::log(a)) / (a - 1);
    if (epsilon < best.epsilon) best = {epsilon, order};
  };
  for (int order = 2; order <= 64; ++order) look(order);
  for (const int order : {128, 256, 512}) look(order);
  best.epsilon = std::max(0., best.epsilon);
  return best;
}

}  // namespace mid
