#include "ui/drawing_view.hpp"

#include <cmath>

namespace mid::ui {
namespace {

/// What the light tokens of drawings are called in a look.
struct Token {
  Colour light;
  ImU32 Theme::* colour;
};
constexpr Token kTokens[] = {{token::kSurface, &Theme::surface},
                             {token::kLine, &Theme::line},
                             {token::kEdge, &Theme::edge},
                             {token::kTrack, &Theme::track},
                             {token::kInk, &Theme::ink},
                             {token::kInk2, &Theme::ink2},
                             {token::kInk3, &Theme::ink3},
                             {token::kModel, &Theme::model},
                             {token::kModelSoft, &Theme::model_soft},
                             {token::kAttack, &Theme::attack},
                             {token::kAttackSoft, &Theme::attack_soft},
                             {token::kDefend, &Theme::defend},
                             {token::kDefendSoft, &Theme::defend_soft},
                             {token::kPrivacy, &Theme::privacy},
                             {token::kRounding, &Theme::rounding},
                             {token::kPage, &Theme::bg}};

float f32(double v) { return static_cast<float>(v); }

struct Brush {
  Paint& p;
  const std::function<float(std::size_t)>& grown;
  std::size_t markers = 0;

  ImU32 colour(Colour c) const {
    for (const Token& t : kTokens)
      if (t.light == c) return p.theme.*t.colour;
    return IM_COL32(c.red, c.green, c.blue, 255);
  }
  void operator()(const Drawing::Box& b) {
    const Box box{f32(b.x), f32(b.y), f32(b.w), f32(b.h)};
    if (b.outline)
      p.stroke(box, colour(b.colour), 1, f32(b.radius));
    else
      p.fill(box, colour(b.colour), f32(b.radius));
  }
  void operator()(const Drawing::Line& l) {
    const ImU32 ink = faded(colour(l.colour), f32(l.opacity));
    if (l.points.size() == 2) {
      const auto [x0, y0] = l.points[0];
      const auto [x1, y1] = l.points[1];
      if (l.dashed)
        p.dashed(f32(x0), f32(y0), f32(x1), f32(y1), ink);
      else
        p.line(f32(x0), f32(y0), f32(x1), f32(y1), ink, f32(l.width));
      return;
    }
    std::vector<float> points;
    for (const auto& [x, y] : l.points) points.insert(points.end(), {f32(x), f32(y)});
    if (!l.dashed) return p.polyline(points, ink, f32(l.width));
    for (std::size_t i = 0; i + 3 < points.size(); i += 2) p.dashed(points[i], points[i + 1], points[i + 2], points[i + 3], ink);
  }
  void operator()(const Drawing::Area& a) {
    std::vector<float> corners;
    for (const auto& [x, y] : a.points) corners.insert(corners.end(), {f32(x), f32(y)});
    p.polygon(corners, colour(a.colour));
  }
  void operator()(const Drawing::Marker& m) {
    const float size = f32(m.size) * (grown ? grown(markers) : 1.f), x = f32(m.x), y = f32(m.y);
    ++markers;
    const ImU32 ink = mixed(p.theme.surface, colour(m.colour), f32(m.opacity));
    const auto parts = corners_of(m.mark);
    if (parts.empty()) {
      p.circle(x, y, 6.5f * size, p.theme.surface);
      if (m.hollow)
        p.ring(x, y, 6 * size, ink, 2);
      else
        p.circle(x, y, 5 * size, ink);
      return;
    }
    const auto part = [&](const std::vector<std::pair<double, double>>& corners, float by, ImU32 with) {
      std::vector<float> at;
      for (const auto& [dx, dy] : corners) at.insert(at.end(), {x + by * f32(dx), y + by * f32(dy)});
      p.polygon(at, with);
    };
    for (const auto& corners : parts) part(corners, 1.35f * size, p.theme.surface);
    for (const auto& corners : parts) part(corners, (m.hollow ? 1.15f : 1.f) * size, ink);
    if (m.hollow)
      for (const auto& corners : parts) part(corners, .6f * size, p.theme.surface);
  }
  void operator()(const Drawing::Ring& r) {
    p.circle(f32(r.x), f32(r.y), f32(kRingRadius) + 1, p.theme.surface);
    p.ring(f32(r.x), f32(r.y), f32(kRingRadius), p.theme.ink, 2);
  }
  void operator()(const Drawing::Text& t) {
    const Align align = t.align == mid::Align::left ? Align::left : t.align == mid::Align::centre ? Align::centre : Align::right;
    p.text(f32(t.x), f32(t.y), type_of(t.size, t.weight), colour(t.colour), t.words, align);
  }
};

}  // namespace

Type type_of(double size, Weight weight) {
  return {weight == Weight::regular  ? Type::regular
          : weight == Weight::medium ? Type::medium
                                     : Type::semibold,
          static_cast<int>(std::lround(size))};
}

TextWidth widths(const Paint& paint) {
  return
      [&paint](std::string_view text, double size, Weight weight) { return static_cast<double>(paint.width(type_of(size, weight), text)); };
}

void paint_drawing(Paint& paint, const std::vector<Drawing::Shape>& shapes, const std::function<float(std::size_t)>& grown) {
  Brush brush{paint, grown};
  for (const Drawing::Shape& shape : shapes) std::visit(brush, shape);
}

}  // namespace mid::ui
