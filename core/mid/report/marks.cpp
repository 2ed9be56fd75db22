#include <cmath>
#include <numbers>

#include "mid/report/drawing.hpp"

namespace mid {
namespace {

using Corners = std::vector<std::pair<double, double>>;

Corners turned(Corners corners, double angle) {
  for (auto& [x, y] : corners) {
    const double c = std::cos(angle), s = std::sin(angle);
    const auto [px, py] = std::pair(c * x - s * y, s * x + c * y);
    x = px, y = py;
  }
  return corners;
}

/// A bar across, of this half length and half width.
Corners bar(double length, double width) { return {{-length, -width}, {length, -width}, {length, width}, {-length, width}}; }

}  // namespace

std::vector<std::vector<std::pair<double, double>>> corners_of(Mark mark) {
  constexpr double kQuarter = std::numbers::pi / 2;
  switch (mark) {
    case Mark::ring:
    case Mark::disc: return {};
    case Mark::square: return {bar(4.5, 4.5)};
    case Mark::diamond: return {{{0, -6.5}, {6.5, 0}, {0, 6.5}, {-6.5, 0}}};
    case Mark::plus: return {bar(6, 2.2), turned(bar(6, 2.2), kQuarter)};
    case Mark::triangle_up: return {{{0, -6}, {6, 4.5}, {-6, 4.5}}};
    case Mark::triangle_down: return {{{0, 6}, {-6, -4.5}, {6, -4.5}}};
    case Mark::cross: return {turned(bar(7, 1.2), kQuarter / 2), turned(bar(7, 1.2), -kQuarter / 2)};
    case Mark::pentagon: {
      Corners five;
      for (int i = 0; i < 5; ++i) five.emplace_back(5.8 * std::sin(4 * kQuarter * i / 5), -5.8 * std::cos(4 * kQuarter * i / 5));
      return {five};
    }
  }
  return {};
}

bool is_hollow(Mark mark, bool second) {
  if (mark == Mark::cross) return false;  // it has no inside
  return (mark == Mark::ring || mark == Mark::square || mark == Mark::triangle_down) != second;
}

}  // namespace mid
