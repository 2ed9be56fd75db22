#include <algorithm>
#include <cmath>

#include "mid/report/drawing.hpp"

namespace mid {
namespace {

double overlap(const LabelRoom::Area& a, const LabelRoom::Area& b) {
  return std::max(0.0, std::min(a.right, b.right) - std::max(a.left, b.left)) *
         std::max(0.0, std::min(a.bottom, b.bottom) - std::max(a.top, b.top));
}

}  // namespace

double rough_text_width(std::string_view text, double size) {
  double ems = 0;
  for (const char c : text) {
    if ((c & 0xC0) == 0x80) continue;  // the rest of a character beyond ASCII
    if (std::string_view("iljI.,:;'|!() ").find(c) != std::string_view::npos)
      ems += .30;
    else if (std::string_view("mwMW@%").find(c) != std::string_view::npos)
      ems += .88;
    else if (c >= 'A' && c <= 'Z')
      ems += .68;
    else
      ems += .58;
  }
  return ems * size;
}

double LabelRoom::width(std::string_view words, double size, Weight weight) const {
  return width_ ? width_(words, size, weight) : rough_text_width(words, size);
}

LabelRoom::Area LabelRoom::area_of(const Drawing::Text& t) const {
  const double w = width(t.words, t.size, t.weight), left = t.x - (t.align == Align::left ? 0 : t.align == Align::centre ? w / 2 : w);
  return {left, t.y - t.size * .8, left + w, t.y + t.size * .25};
}

bool LabelRoom::place_free(Drawing::Text& label, const Reach& reach, double clear) {
  const double up = label.size * .8, down = label.size * .25, x = label.x, y = label.y, half = (up - down) / 2;
  struct Offset {
    double dx, dy;
    Align align;
  };
  const double right = reach.right + clear, left = -reach.left - clear, above = -reach.up - clear - down, below = reach.down + clear + up;
  const double near_above = -kMarkerRadius - clear - down, near_below = kMarkerRadius + clear + up, near = kMarkerRadius + clear;
  for (const Offset& o : {Offset{right, half, Align::left},
                          {0, above, Align::centre},
                          {0, below, Align::centre},
                          {left, half, Align::right},
                          {near, near_below, Align::left},
                          {near, near_above, Align::left},
                          {-near, near_below, Align::right},
                          {-near, near_above, Align::right}}) {
    label.x = x + o.dx, label.y = y + o.dy, label.align = o.align;
    const Area area = area_of(label);
    if (!is_free(area)) continue;
    occupy(area.grown(2));
    return true;
  }
  label.x = x, label.y = y;
  return false;
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

std::vector<LabelRoom::Place> LabelRoom::places(double x, double y, const std::string& words, double size) const {
  const double w = width(words, size, Weight::regular), gap = kMarkerRadius + 5;
  std::vector<Place> out;
  for (const double far : {0.0, 12.0, 26.0}) {
    const double up = -gap - far, down = gap + size * .75 + far;
    struct Offset {
      double dx, dy;
      Align align;
    };
    for (const Offset& o : {Offset{gap + far / 2, size * .35, Align::left},
                            {0, up, Align::centre},
                            {0, down, Align::centre},
                            {gap, down, Align::left},
                            {gap, up, Align::left},
                            {-gap, down, Align::right},
                            {-gap, up, Align::right},
                            {-gap - far / 2, size * .35, Align::right}}) {
      const double left = x + o.dx - (o.align == Align::left ? 0 : o.align == Align::centre ? w / 2 : w), base = y + o.dy;
      const Area area{left - 3, base - size * .85, left + w + 3, base + size * .3};
      out.push_back({x + o.dx, base, o.align, area, cost(area)});
    }
  }
  return out;
}

void LabelRoom::place(std::vector<Drawing::Text>& labels) {
  // Who has the fewest free places chooses first.
  std::vector<std::pair<std::ptrdiff_t, Drawing::Text*>> order;
  for (Drawing::Text& label : labels) {
    const auto all = places(label.x, label.y, label.words, label.size);
    order.emplace_back(std::count_if(all.begin(), all.end(), [](const Place& p) { return p.cost < 1; }), &label);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [free, label] : order) {
    auto all = places(label->x, label->y, label->words, label->size);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].cost += .5 * static_cast<double>(i);  // of equals the first
    const auto best = std::min_element(all.begin(), all.end(), [](const Place& a, const Place& b) { return a.cost < b.cost; });
    label->x = best->x, label->y = best->y, label->align = best->align;
    occupy(best->area);
  }
}

}  // namespace mid
