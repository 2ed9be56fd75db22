#include "mid/report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mid/defense/defense.hpp"
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

Mark mark_of_run(std::string_view defence, std::string_view release) {
  const ReleaseKind* kind = release_called(release);
  if (kind && !kind->plain) return kind->mark;
  const Defense* entry = defense_called(defence);
  return entry ? entry->mark : Mark::pentagon;
}

Mark mark_of(Chart::Role role) {
  switch (role) {
    case Chart::Role::noise: return Mark::square;
    case Chart::Role::privacy: return Mark::triangle_up;
    case Chart::Role::rounding: return Mark::diamond;
    case Chart::Role::ink: return Mark::ring;
    case Chart::Role::other: return Mark::pentagon;
    default: return Mark::disc;
  }
}

Chart::Role role_of(Mark mark) {
  switch (mark) {
    case Mark::disc: return Chart::Role::defend;
    case Mark::square: return Chart::Role::noise;
    case Mark::triangle_up: return Chart::Role::privacy;
    case Mark::diamond: return Chart::Role::rounding;
    case Mark::ring:
    case Mark::plus: return Chart::Role::ink;
    default: return Chart::Role::other;
  }
}

void give_mark(Chart::Series& series, Mark mark, const std::vector<Chart::Series>& before) {
  series.mark = mark, series.role = role_of(mark);
  series.second =
      std::any_of(before.begin(), before.end(), [&](const Chart::Series& s) { return s.mark.value_or(mark_of(s.role)) == mark; });
}

}  // namespace mid
