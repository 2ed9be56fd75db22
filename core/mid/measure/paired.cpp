#include "mid/measure/paired.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "mid/measure/spread.hpp"

namespace mid {
namespace {

/// The probability that |t| stays below `t`, for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4).
double inside_t(double t, int degrees) {
  const double angle = std::atan(t / std::sqrt(degrees)), sine = std::sin(angle), cosine = std::cos(angle);
  const bool odd = degrees % 2 != 0;
  double term = odd ? cosine : 1, sum = degrees == 1 ? 0 : term;
  for (int i = odd ? 3 : 2; i <= degrees - 2; i += 2) {
    term *= cosine * cosine * (i - 1) / i;
    sum += term;
  }
  return odd ? 2 / std::numbers::pi * (angle + sine * sum) : sine * sum;
}

}  // namespace

double t975(int degrees) {
  assert(degrees >= 1);
  double low = 0, high = 20;  // 12.7 for one degree
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (inside_t(middle, degrees) < .95 ? low : high) = middle;
  }
  return high;
}

std::optional<std::pair<double, double>> t_interval(std::span<const double> differences) {
  if (differences.size() < 2) return {};
  const Spread s = spread(differences);
  const double half = t975(s.n - 1) * *s.sd / std::sqrt(s.n);
  return std::pair{s.mean - half, s.mean + half};
}

double sign_flip_p(std::span<const double> differences) {
  assert(differences.size() <= 20);
  const double found = std::abs(std::accumulate(differences.begin(), differences.end(), 0.));
  double scale = 0;
  for (const double d : differences) scale += std::abs(d);
  const std::size_t ways = std::size_t{1} << differences.size();
  std::size_t as_far = 0;
  for (std::size_t way = 0; way < ways; ++way) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) sum += way >> i & 1 ? -differences[i] : differences[i];
    // Sums that are equal on paper differ by rounding, in the order in which they were added.
    if (std::abs(sum) >= found - 1e-12 * scale) ++as_far;
  }
  return static_cast<double>(as_far) / static_cast<double>(ways);
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> out(p.size());
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    least = std::max(least, std::min(1., p[order[i]] * static_cast<double>(order.size() - i)));
    out[order[i]] = least;
  }
  return out;
}

}  // namespace mid
