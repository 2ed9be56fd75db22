#include "mid/report/equal_use.hpp"

#include <algorithm>
#include <cmath>

namespace mid {
namespace {

EqualUse::Place between_runs(const Chart::Point& a, const Chart::Point& b, double floor) {
  const double t = (floor - a.y) / (b.y - a.y);
  const auto mix = [&](double u, double v) { return u + t * (v - u); };
  EqualUse::Place out;
  out.leaks = mix(a.x, b.x), out.seeds = std::min(a.seeds, b.seeds);
  if (a.x_low && a.x_high && b.x_low && b.x_high) out.low = mix(*a.x_low, *b.x_low), out.high = mix(*a.x_high, *b.x_high);
  return out;
}

EqualUse::Place best_of(const Chart::Series& s, double floor) {
  constexpr double kRounding = 1e-9;
  EqualUse::Place best;
  const auto take = [&](const EqualUse::Place& p) {
    if (!best.leaks || *p.leaks < *best.leaks) best = p;
  };
  for (std::size_t i = 0; i < s.points.size(); ++i) {
    const Chart::Point& p = s.points[i];
    if (p.y >= floor - kRounding) {
      EqualUse::Place at;
      at.leaks = p.x, at.low = p.x_low, at.high = p.x_high, at.point = i, at.seeds = p.seeds;
      take(at);
    }
    if (i > 0 && s.joined && (p.y - floor) * (s.points[i - 1].y - floor) < 0) take(between_runs(s.points[i - 1], p, floor));
  }
  return best;
}

}  // namespace

EqualUse equal_use(const Chart& chart, double floor) {
  EqualUse out;
  out.floor = floor;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    if (chart.series[i].points.empty()) continue;
    EqualUse::Place p = best_of(chart.series[i], floor);
    p.series = i;
    out.places.push_back(p);
  }
  std::stable_sort(out.places.begin(), out.places.end(),
                   [](const EqualUse::Place& a, const EqualUse::Place& b) { return a.leaks.value_or(1e9) < b.leaks.value_or(1e9); });
  for (const EqualUse::Place& p : out.places)
    if (p.leaks) ++out.reach, out.seeds = out.seeds == 0 ? p.seeds : std::min(out.seeds, p.seeds);
  if (out.reach == 0) return out;
  const EqualUse::Place& first = out.places.front();
  const double end = first.high.value_or(*first.leaks);
  for (std::size_t i = 1; i < out.reach; ++i)
    if (out.places[i].low.value_or(*out.places[i].leaks) <= end) out.ties.push_back(i);
  return out;
}

double usual_floor(const Chart& chart) {
  double best = -1, undefended = -1;
  for (const Chart::Series& s : chart.series)
    for (const Chart::Point& p : s.points) {
      best = std::max(best, p.y);
      if (s.mark == Mark::ring) undefended = std::max(undefended, p.y);
    }
  const double from = undefended >= 0 ? undefended : best;
  return from < 0 ? .95 : std::max(0.0, std::floor(100 * from - 2 + 1e-9) / 100);
}

}  // namespace mid
