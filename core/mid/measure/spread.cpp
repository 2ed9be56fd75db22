#include "mid/measure/spread.hpp"

#include <cassert>
#include <cmath>

namespace mid {

Spread spread(std::span<const double> values) {
  assert(!values.empty());
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (double x : values) mean += x / n;
  for (double x : values) squares += (x - mean) * (x - mean);
  Spread s{mean, {}, static_cast<int>(values.size())};
  if (values.size() > 1) s.sd = std::sqrt(squares / (n - 1));
  return s;
}

std::optional<std::pair<double, double>> interval_of_mean(std::span<const double> values) {
  if (values.size() < 3) return std::nullopt;
  // Student's t, 97.5 %, for 2 to 10 degrees of freedom; beyond, Cornish and Fisher's expansion is right to three digits.
  constexpr double kT[] = {4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
  constexpr double kNormal = 1.96;
  const Spread s = spread(values);
  const std::size_t freedom = values.size() - 1;
  const auto nu = static_cast<double>(freedom);
  const double t = freedom <= 10 ? kT[freedom - 2]
                                 : kNormal + (std::pow(kNormal, 3) + kNormal) / (4 * nu) +
                                       (5 * std::pow(kNormal, 5) + 16 * std::pow(kNormal, 3) + 3 * kNormal) / (96 * nu * nu);
  const double half = t * *s.sd / std::sqrt(static_cast<double>(values.size()));
  return std::pair(s.mean - half, s.mean + half);
}

}  // namespace mid
