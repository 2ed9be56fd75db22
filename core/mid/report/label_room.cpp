#include <algorithm>
#include <cmath>

#include "mid/report/drawing.hpp"

namespace mid {
namespace {

double overlap(const LabelRoom::Area& a, const LabelRoom::Area& b) {
  return std::max(0.0, std::min(a.right, b.right) - std::max(a.left, b.left)) * std::max(0.0, std::min(a.bottom, b.bottom) - std::max(a.top, b.top));
}

}  // namespace

double rough_text_width(std::string_view text, double size) {
  double ems = 0;
  for (const char c : text) {
    if ((c & 0xC0) == 0x80) continue;  // the rest of a character beyond ASCII
    if (std::string_view("iljI.,:;'|!() ").find(c) != std::string_view::npos) ems += .30;
    else if (std::string_view("mwMW@%").find(c) != std::string_view::npos) ems += .88;
    else if (c >= 'A' && c <= 'Z') ems += .68;
    else ems += .58;
  }
  return ems * size;
}

double LabelRoom::cost(const Area& a) const {
  double sum = 20 * ((a.right - a.left) * (a.bottom - a.top) - overlap(a, plot_));
  for (const Area& t : taken_) sum += overlap(a, t);
  return sum;
}

void LabelRoom::occupy_line(double x0, double y0, double x1, double y1) {
  // As small squares along it: a slanted line takes little of its bounding box.
  const int steps = std::max(1, static_cast<int>(std::hypot(x1 - x0, y1 - y0) / 4));
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps, x = x0 + t * (x1 - x0), y = y0 + t * (y1 - y0);
    occupy({x - 2, y - 2, x + 2, y + 2});
  }
}

Drawing::Text LabelRoom::place(double x, double y, const std::string& words, double size, Colour colour) {
  const double w = rough_text_width(words, size), gap = kMarkerRadius + 5;
  struct Place {
    double dx, dy;
    Align align;
  };
  std::vector<Place> places;
  for (const double far : {0.0, 12.0, 26.0}) {
    const double up = -gap - far, down = gap + size * .75 + far;
    for (const Place& p : {Place{gap + far / 2, size * .35, Align::left}, {0, up, Align::centre}, {0, down, Align::centre}, {gap, down, Align::left},
                           {gap, up, Align::left}, {-gap, down, Align::right}, {-gap, up, Align::right}, {-gap - far / 2, size * .35, Align::right}})
      places.push_back(p);
  }
  const auto area_at = [&](const Place& p) {
    const double left = x + p.dx - (p.align == Align::left ? 0 : p.align == Align::centre ? w / 2 : w), base = y + p.dy;
    return Area{left - 3, base - size * .85, left + w + 3, base + size * .3};
  };
  // Of equals the first.
  const auto cost_of = [&](std::size_t i) { return cost(area_at(places[i])) + .5 * static_cast<double>(i); };
  std::size_t best = 0;
  for (std::size_t i = 1; i < places.size(); ++i)
    if (cost_of(i) < cost_of(best)) best = i;
  occupy(area_at(places[best]));
  return {x + places[best].dx, y + places[best].dy, words, size, Weight::medium, colour, places[best].align};
}

}  // namespace mid
