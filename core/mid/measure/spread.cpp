#include "mid/measure/spread.hpp"

#include <cassert>
#include <cmath>

#include "mid/measure/paired.hpp"

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
  return values.size() < 3 ? std::nullopt : t_interval(values);
}

}  // namespace mid
