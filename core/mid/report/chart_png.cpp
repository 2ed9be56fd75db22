#include "mid/report/chart_png.hpp"

#include <cmath>

#include "mid/report/drawing.hpp"

namespace mid {
namespace {

constexpr double kDash = 5, kSpace = 4;

/// Draws each shape with a Painter, `k` times as large.
struct Brush {
  Painter& p;
  double k;

  void operator()(const Drawing::Box& b) const {
    if (b.outline)
      p.frame(k * b.x, k * b.y, k * b.w, k * b.h, b.colour, k, k * b.radius);
    else
      p.box(k * b.x, k * b.y, k * b.w, k * b.h, b.colour, k * b.radius);
  }
  void operator()(const Drawing::Line& l) const {
    double along = 0;  // dashes go on around corners
    for (std::size_t i = 1; i < l.points.size(); ++i) {
      const auto [x0, y0] = l.points[i - 1];
      const auto [x1, y1] = l.points[i];
      const double length = std::hypot(x1 - x0, y1 - y0);
      const auto piece = [&](double from, double to) {
        if (length <= 0) return;
        p.line(k * (x0 + (x1 - x0) * from / length), k * (y0 + (y1 - y0) * from / length), k * (x0 + (x1 - x0) * to / length),
               k * (y0 + (y1 - y0) * to / length), l.colour, k * l.width, l.opacity);
      };
      if (!l.dashed) {
        piece(0, length);
      } else {
        for (double from = -std::fmod(along, kDash + kSpace); from < length; from += kDash + kSpace)
          if (from + kDash > 0) piece(std::max(0.0, from), std::min(length, from + kDash));
        along += length;
      }
    }
  }
  void disc(double x, double y, double r, Colour c) const { p.box(k * (x - r), k * (y - r), 2 * k * r, 2 * k * r, c, k * r); }
  void circle(double x, double y, double r, Colour c, bool hollow) const {
    disc(x, y, hollow ? r + 1 : r, c);  // an SVG stroke stands half outside
    if (hollow) disc(x, y, r - 1, token::kSurface);
  }
  void operator()(const Drawing::Area& a) const {
    auto placed = a.points;
    for (auto& [x, y] : placed) x *= k, y *= k;
    p.polygon(placed, a.colour);
  }
  void operator()(const Drawing::Marker& m) const {
    const auto parts = corners_of(m.mark);
    if (parts.empty()) return circle(m.x, m.y, m.size * kMarkerRadius, m.colour, m.hollow);
    for (const bool inside : {false, true}) {
      if (inside && !m.hollow) return;
      const double size = m.size * (inside ? .6 : m.hollow ? 1.15 : 1);  // an SVG stroke stands half outside
      for (auto part : parts) {
        for (auto& [x, y] : part) x = k * (m.x + size * x), y = k * (m.y + size * y);
        p.polygon(part, inside ? token::kSurface : m.colour);
      }
    }
  }
  void operator()(const Drawing::Ring& r) const { circle(r.x, r.y, kRingRadius, token::kInk, true); }
  void operator()(const Drawing::Text& t) const { p.text(k * t.x, k * t.y, t.words, k * t.size, t.weight, t.colour, t.align); }
};

}  // namespace

std::string chart_png(const Figure& figure, const Fonts& fonts, double scale) {
  const Drawing d = arrange(figure);
  Painter painter(static_cast<int>(std::lround(scale * d.width)), static_cast<int>(std::lround(scale * d.height)), token::kSurface, fonts);
  for (const Drawing::Shape& shape : d.shapes) std::visit(Brush{painter, scale}, shape);
  return painter.png();
}

}  // namespace mid
