#include "mid/report/chart_panel.hpp"

#include "mid/report/chart_panel_parts.hpp"

namespace mid {

ChartPanel::ChartPanel(const Chart& chart, const Area& box, const ChartStyle& style)
    : chart_(chart),
      style_(style),
      left_(box.left + style.left),
      top_(box.top + style.top + (chart.title.empty() ? 0 : kTitle)),
      right_(box.right - style.right),
      bottom_(box.bottom - style.bottom),
      low_(chart.y.low),
      high_(chart.y.high),
      room_({left_ + 2, top_ - (chart.named_directly ? 0 : 4), right_ + (chart.named_directly ? -2 : 12), bottom_ - 2}, style.width) {
  if (!chart.title.empty()) text(box.left, box.top + 14, chart.title, style.head, Weight::semibold, token::kInk, Align::left);
  out_.plot = {left_, top_, right_, bottom_};
}

PlacedChart ChartPanel::draw() {
  make_room_for_corner();
  if (chart_.corner) tint();
  axes();
  for (const Chart::Baseline& m : chart_.marks) dashes(m);
  if (chart_.region) region(*chart_.region);
  for (const Chart::Series& s : chart_.series) lines(s);
  if (chart_.floor) floor(*chart_.floor);
  for (std::size_t s = 0; s < chart_.series.size(); ++s) markers(s);
  if (chart_.corner) corner_words();
  if (chart_.inset) inset(*chart_.inset);
  if (chart_.floor) floor_words(*chart_.floor);
  for (const Chart::Baseline& m : chart_.marks) words(m);
  if (chart_.named_directly)
    names();
  else
    labels();
  out_.low = low_, out_.high = high_;
  return std::move(out_);
}

void ChartPanel::label(const Drawing::Text& t) {
  const Area area = room_.area_of(t);
  out_.labels.push_back({t.words, area});
  room_.occupy(area.grown(4));
  out_.shapes.emplace_back(t);
}

namespace {

/// The list at the edge: marks and names under the axis' title. Returns how many lines it takes; with `out` it is drawn.
int list_of(const Chart& chart, const std::vector<std::size_t>& listed, const LabelRoom::Area& box, double y, const ChartStyle& style,
            PlacedChart* out) {
  double x = box.left;
  int lines = listed.empty() ? 0 : 1;
  for (const std::size_t i : listed) {
    const Chart::Series& s = chart.series[i];
    const double w = 18 + (style.width ? style.width(s.name, style.note, Weight::regular) : rough_text_width(s.name, style.note));
    if (x > box.left && x + w > box.right) x = box.left, ++lines;
    if (lines > style.list_lines) return style.list_lines;
    if (out) {
      const double base = y + style.list_line * (lines - 1) + style.note;
      out->shapes.emplace_back(Drawing::Marker{x + 6, base - style.note * .35, ChartPanel::mark_in(s), colour_of(s.role),
                                               is_hollow(ChartPanel::mark_in(s), s.second), .9, s.opacity});
      out->shapes.emplace_back(Drawing::Text{x + 18, base, s.name, style.note, Weight::regular, token::kInk2, Align::left});
    }
    x += w + 16;
  }
  return lines;
}

}  // namespace

PlacedChart place_chart(const Chart& chart, const LabelRoom::Area& box, const ChartStyle& style) {
  ChartStyle now = style;
  for (int lines = 0;;) {
    now.bottom = style.bottom + lines * style.list_line;
    PlacedChart placed = ChartPanel(chart, box, now).draw();
    const int wanted = list_of(chart, placed.listed, box, 0, now, nullptr);
    if (wanted <= lines) {
      list_of(chart, placed.listed, box, box.bottom - lines * style.list_line, now, &placed);
      return placed;
    }
    lines = wanted;  // the plot gives way to the list
  }
}

}  // namespace mid
