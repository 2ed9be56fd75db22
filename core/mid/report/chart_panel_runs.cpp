#include "mid/report/chart_panel_parts.hpp"

#include <algorithm>

namespace mid {

ChartPanel::Bars ChartPanel::bars_of(const Chart::Point& p) const {
  const double px = x(p.x), py = y(p.y);
  Bars b{{px, py, px, py}, {px, py, px, py}};
  if (p.x_low && p.x_high)
    b.across = {x(std::clamp(*p.x_low, chart_.x.low, chart_.x.high)), py - 1, x(std::clamp(*p.x_high, chart_.x.low, chart_.x.high)),
                py + 1};
  if (p.low && p.high) b.upright = {px - 1, y(std::clamp(*p.high, low_, high_)), px + 1, y(std::clamp(*p.low, low_, high_))};
  return b;
}

LabelRoom::Area ChartPanel::mark_area(const Chart::Point& p) const {
  const double r = p.ring ? kRingRadius : kMarkerRadius + 2;
  return {x(p.x) - r, y(p.y) - r, x(p.x) + r, y(p.y) + r};
}

void ChartPanel::lines(const Chart::Series& s) {
  const Colour c = colour_of(s.role);
  constexpr double kCap = 3.5;
  Drawing::Line path{{}, c, 2, s.second, s.opacity};
  if (s.begins) path.points.emplace_back(x(s.begins->first), y(s.begins->second));
  for (const Chart::Point& p : s.points) {
    const Bars bars = bars_of(p);
    const auto bar = [&](double x0, double y0, double x1, double y1) {
      line(x0, y0, x1, y1, c, 1.2, false, .6 * s.opacity);
      if (!chart_.named_directly) room_.occupy_line(x0, y0, x1, y1);
    };
    if (p.low && p.high) bar(x(p.x), bars.upright.bottom, x(p.x), bars.upright.top);
    if (p.x_low && p.x_high) bar(bars.across.left, y(p.y), bars.across.right, y(p.y));
    if (chart_.named_directly) {
      if (p.x_low && p.x_high)
        for (const double end : {bars.across.left, bars.across.right}) bar(end, y(p.y) - kCap, end, y(p.y) + kCap);
      for (const Area& a : {bars.across, bars.upright})
        if (a.right - a.left > .1 || a.bottom - a.top > .1) room_.occupy(a.grown(style_.clear)), out_.whiskers.push_back(a);
    }
    path.points.emplace_back(x(p.x), y(p.y));
  }
  if (!s.joined || path.points.size() < 2) return;
  for (std::size_t i = 1; i < path.points.size(); ++i)
    room_.occupy_line(path.points[i - 1].first, path.points[i - 1].second, path.points[i].first, path.points[i].second);
  out_.shapes.emplace_back(std::move(path));
}

void ChartPanel::markers(std::size_t index) {
  const Chart::Series& s = chart_.series[index];
  for (std::size_t i = 0; i < s.points.size(); ++i) {
    const Chart::Point& p = s.points[i];
    const double px = x(p.x), py = y(p.y);
    if (p.ring) out_.shapes.emplace_back(Drawing::Ring{px, py});
    out_.shapes.emplace_back(Drawing::Marker{px, py, mark_in(s), colour_of(s.role), is_hollow(mark_in(s), s.second), 1, s.opacity});
    out_.dots.push_back({px, py, index, i});
    if (chart_.named_directly)
      room_.occupy(mark_area(p).grown(style_.clear - 2));
    else
      for (int twice = 0; twice < 4; ++twice) room_.occupy(mark_area(p));  // a label on a marker hides it
  }
}

void ChartPanel::labels() {
  std::vector<Drawing::Text> all;
  for (const Chart::Series& s : chart_.series)
    for (const Chart::Point& p : s.points)
      if (!p.label.empty()) all.push_back({x(p.x), y(p.y), p.label, style_.note, Weight::medium, colour_of(s.role), Align::left});
  room_.place(all);
  for (const Drawing::Text& t : all) out_.labels.push_back({t.words, room_.area_of(t)});
  out_.shapes.insert(out_.shapes.end(), all.begin(), all.end());
}

bool ChartPanel::beside(const Chart::Point& p, const std::string& words, Weight weight, Colour colour) {
  const Bars b = bars_of(p);
  const double px = x(p.x), py = y(p.y), r = p.ring ? kRingRadius : kMarkerRadius + 2;
  Drawing::Text t{px, py, words, style_.note, weight, colour, Align::left};
  const LabelRoom::Reach reach{std::max(r, px - b.across.left), std::max(r, b.across.right - px), std::max(r, py - b.upright.top),
                               std::max(r, b.upright.bottom - py)};
  if (!room_.place_free(t, reach, style_.clear + .5)) return false;
  out_.labels.push_back({t.words, room_.area_of(t)});
  out_.shapes.emplace_back(std::move(t));
  return true;
}

/// Each series' name beside its strongest run, else beside another one of it, else in the list at the edge; then what is said of
/// single runs, where there is room.
void ChartPanel::names() {
  for (std::size_t i = 0; i < chart_.series.size(); ++i) {
    const Chart::Series& s = chart_.series[i];
    if (s.points.empty() || s.name.empty()) continue;
    bool done = false;
    for (std::size_t back = 0; back < s.points.size() && !done; ++back) {
      const std::size_t at = s.points.size() - 1 - back;
      const std::string& more = s.points[at].label;
      if (back == 0 && !more.empty()) done = beside(s.points[at], s.name + " " + more, Weight::medium, colour_of(s.role));
      done = done || beside(s.points[at], s.name, Weight::medium, colour_of(s.role));
    }
    if (!done) out_.listed.push_back(i);
  }
  for (const Chart::Series& s : chart_.series)
    for (std::size_t at = 0; at < s.points.size(); ++at)
      if (const Chart::Point& p = s.points[at]; !p.label.empty() && (at + 1 < s.points.size() || s.name.empty()))
        beside(p, p.label, Weight::regular, colour_of(s.role));
}

}  // namespace mid
