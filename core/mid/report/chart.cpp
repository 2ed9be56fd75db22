#include "mid/report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mid/release/release_kind.hpp"

namespace mid {

std::vector<double> nice_ticks(double low, double high, int wanted) {
  if (!(low < high)) return {};
  const double rough = (high - low) / std::max(wanted, 1), power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (double s : {5.0, 2.0, 1.0})
    if (s * power >= rough) step = s * power;
  std::vector<double> ticks;
  // Counted, not added up, so that 0.1 is 0.1 and zero is zero.
  for (auto i = static_cast<long>(std::ceil(low / step - 1e-9)); i * step <= high + 1e-9 * step; ++i)
    ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

std::string tick_words(double tick) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", std::abs(tick));
  return (tick < 0 ? "−" : "") + std::string(text);
}

std::string tick_words(double tick, const Chart::Axis& axis) {
  return axis.percent ? tick_words(100 * tick) + "\u202f%" : tick_words(tick);
}

Chart::Role role_of(const ReleaseKind& kind) {
  switch (kind.look) {
    case ReleaseKind::Look::rounding: return Chart::Role::rounding;
    case ReleaseKind::Look::noise: return Chart::Role::noise;
    default: return Chart::Role::ink;
  }
}

}  // namespace mid
