#include "mid/report/drawing.hpp"

#include <algorithm>
#include <sstream>

namespace mid {
namespace {

using Role = Chart::Role;

constexpr double kSheetEdge = 24, kPanelGap = 36;  // of the sheet; between panels
constexpr double kNoteSize = 13, kAxisSize = 14, kTitleSize = 19, kHeadSize = 15;
constexpr double kLeft = 56, kTop = 30, kBottom = 50;  // of a panel: tick labels, y title, tick labels and x title
constexpr double kPanelTitle = 26, kLegendLine = 24;
constexpr int kTicks = 6;  // about so many an axis

struct Size {
  double w, h;
};
/// Panels are larger where there are few.
Size panel_size(int columns) { return columns <= 1 ? Size{640, 400} : columns == 2 ? Size{470, 350} : Size{370, 290}; }

/// Breaks text at spaces into lines of about `width`.
std::vector<std::string> lines_of(const std::string& text, double size, double width) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (lines.empty() || rough_text_width(lines.back() + " " + word, size) > width)
      lines.push_back(word);
    else
      lines.back() += " " + word;
  }
  return lines;
}

/// One chart in its place on the sheet.
class Panel {
 public:
  Panel(const Chart& chart, double x, double y, Size size, std::vector<Drawing::Shape>& out)
      : chart_(chart),
        left_(x + kLeft),
        top_(y + kTop + (chart.title.empty() ? 0 : kPanelTitle)),
        right_(x + size.w),
        bottom_(y + size.h - kBottom),
        out_(out),
        room_({left_ + 2, top_ - 4, right_ + 12, bottom_ - 2}) {
    if (!chart.title.empty()) text(x, y + 14, chart.title, kHeadSize, Weight::semibold, token::kInk, Align::left);
  }
  void draw() {
    axes();
    for (const Chart::Mark& m : chart_.marks) dashes(m);
    if (chart_.region) region(*chart_.region);
    for (const Chart::Series& s : chart_.series) lines(s);
    for (const Chart::Series& s : chart_.series) markers(s);
    for (const Chart::Mark& m : chart_.marks) words(m);
    std::vector<Drawing::Text> labels;
    for (const Chart::Series& s : chart_.series)
      for (const Chart::Point& p : s.points)
        if (!p.label.empty()) labels.push_back({x(p.x), y(p.y), p.label, kNoteSize, Weight::medium, colour_of(s.role), Align::left});
    room_.place(labels);
    out_.insert(out_.end(), labels.begin(), labels.end());
  }

 private:
  double x(double v) const { return left_ + (right_ - left_) * (v - chart_.x.low) / (chart_.x.high - chart_.x.low); }
  double y(double v) const { return bottom_ - (bottom_ - top_) * (v - chart_.y.low) / (chart_.y.high - chart_.y.low); }
  void text(double at_x, double at_y, const std::string& words, double size, Weight weight, Colour c, Align align) {
    out_.emplace_back(Drawing::Text{at_x, at_y, words, size, weight, c, align});
  }
  void line(double x0, double y0, double x1, double y1, Colour c, double width, bool dashed = false, double opacity = 1) {
    out_.emplace_back(Drawing::Line{{{x0, y0}, {x1, y1}}, c, width, dashed, opacity});
  }

  void axes() {
    for (double tick : nice_ticks(chart_.y.low, chart_.y.high, kTicks)) {
      line(left_, y(tick), right_, y(tick), token::kLine, 1);
      room_.occupy({left_, y(tick) - .5, right_, y(tick) + .5});
      text(left_ - 10, y(tick) + 5, tick_words(tick, chart_.y), kAxisSize, Weight::regular, token::kInk3, Align::right);
    }
    line(left_, bottom_, right_, bottom_, token::kEdge, 1);
    for (double tick : nice_ticks(chart_.x.low, chart_.x.high, kTicks)) {
      line(x(tick), bottom_, x(tick), bottom_ + 5, token::kEdge, 1);
      text(x(tick), bottom_ + 21, tick_words(tick, chart_.x), kAxisSize, Weight::regular, token::kInk3, Align::centre);
    }
    text(left_ - kLeft, top_ - 18, "↑ " + chart_.y.title, kAxisSize, Weight::medium, colour_of(chart_.y.role), Align::left);
    text(right_, bottom_ + 43, chart_.x.title + " →", kAxisSize, Weight::medium, colour_of(chart_.x.role), Align::right);
  }

  void dashes(const Chart::Mark& m) {
    if (m.vertical)
      line(x(m.at), top_, x(m.at), bottom_, token::kInk2, 1.5, true);
    else
      line(left_, y(m.at), right_, y(m.at), token::kInk2, 1.5, true);
    if (m.vertical)
      room_.occupy_line(x(m.at), top_, x(m.at), bottom_);
    else
      room_.occupy_line(left_, y(m.at), right_, y(m.at));
  }

  /// The words of a baseline stand beside it where there is room: along its line rather than at one end.
  void words(const Chart::Mark& m) {
    if (m.words.empty()) return;
    const double w = rough_text_width(m.words, kNoteSize);
    Drawing::Text best{0, 0, m.words, kNoteSize, Weight::regular, token::kInk2, Align::left};
    double least = -1;
    for (int i = 0; i <= 12; ++i)
      for (const double side : {-6.0, 15.0}) {
        const double along = i / 12.0;
        // A vertical one's words stand at its right, from the bottom up; a horizontal one's above or beneath, from the right.
        const double px = m.vertical ? x(m.at) + 8 : right_ - w - along * (right_ - left_ - w - 8);
        const double py = m.vertical ? bottom_ - 10 - along * (bottom_ - top_ - 20) : y(m.at) + side;
        const LabelRoom::Area area{px - 2, py - kNoteSize, px + w + 2, py + 4};
        const double cost = room_.cost(area) + .1 * i + (side > 0 ? .05 : 0);
        if (least < 0 || cost < least) least = cost, best.x = px, best.y = py;
      }
    room_.occupy({best.x - 2, best.y - kNoteSize, best.x + w + 2, best.y + 4});
    out_.emplace_back(best);
  }

  void region(const Chart::Region& r) {
    // As far as it lies inside the axes: beyond them stand their numbers.
    const double left = x(std::max(r.left, chart_.x.low)), right = x(std::min(r.right, chart_.x.high));
    const double top = y(std::min(r.high, chart_.y.high)), bottom = y(std::max(r.low, chart_.y.low));
    out_.emplace_back(Drawing::Box{left, top, right - left, bottom - top, token::kEdge, true});
  }

  void lines(const Chart::Series& s) {
    const Colour c = colour_of(s.role);
    const auto bar = [&](double x0, double y0, double x1, double y1) {
      line(x0, y0, x1, y1, c, 1.2, false, .6);
      room_.occupy_line(x0, y0, x1, y1);
    };
    Drawing::Line path{{}, c, 2, s.second, 1};
    for (const Chart::Point& p : s.points) {
      if (p.low && p.high) bar(x(p.x), y(std::max(*p.low, chart_.y.low)), x(p.x), y(std::min(*p.high, chart_.y.high)));
      if (p.x_low && p.x_high) bar(x(std::max(*p.x_low, chart_.x.low)), y(p.y), x(std::min(*p.x_high, chart_.x.high)), y(p.y));
      path.points.emplace_back(x(p.x), y(p.y));
    }
    if (!s.joined || s.points.size() < 2) return;
    for (std::size_t i = 1; i < path.points.size(); ++i)
      room_.occupy_line(path.points[i - 1].first, path.points[i - 1].second, path.points[i].first, path.points[i].second);
    out_.emplace_back(std::move(path));
  }

  void markers(const Chart::Series& s) {
    for (const Chart::Point& p : s.points) {
      const double px = x(p.x), py = y(p.y), r = p.ring ? kRingRadius : kMarkerRadius + 2;
      if (p.ring) out_.emplace_back(Drawing::Ring{px, py});
      out_.emplace_back(Drawing::Marker{px, py, s.role, s.second});
      for (int twice = 0; twice < 4; ++twice) room_.occupy({px - r, py - r, px + r, py + r});  // a label on a marker hides it
    }
  }

  const Chart& chart_;
  double left_, top_, right_, bottom_;
  std::vector<Drawing::Shape>& out_;
  LabelRoom room_;
};

/// Each series once, whichever panels it is in.
double legend(const Figure& figure, double y, double width, std::vector<Drawing::Shape>& out) {
  std::vector<const Chart::Series*> shown;
  for (const Chart& panel : figure.panels)
    for (const Chart::Series& s : panel.series) {
      const bool known =
          std::any_of(shown.begin(), shown.end(), [&](const Chart::Series* o) { return o->name == s.name && o->role == s.role; });
      if (!known && !s.name.empty()) shown.push_back(&s);
    }
  double x = kSheetEdge;
  if (!shown.empty()) y += kLegendLine;
  for (const Chart::Series* s : shown) {
    const double w = 44 + rough_text_width(s->name, kAxisSize) + 24;
    if (x > kSheetEdge && x + w > width - kSheetEdge) x = kSheetEdge, y += kLegendLine;
    if (s->joined) out.emplace_back(Drawing::Line{{{x, y - 5}, {x + 32, y - 5}}, colour_of(s->role), 2, s->second, 1});
    out.emplace_back(Drawing::Marker{x + 16, y - 5, s->role, s->second});
    out.emplace_back(Drawing::Text{x + 42, y, s->name, kAxisSize, Weight::regular, token::kInk2, Align::left});
    x += w;
  }
  return y;
}

}  // namespace

Colour colour_of(Role role) {
  switch (role) {
    case Role::model: return token::kModel;
    case Role::attack: return token::kAttack;
    case Role::defend: return token::kDefend;
    case Role::noise: return token::kInk2;
    case Role::privacy: return token::kPrivacy;
    case Role::rounding: return token::kRounding;
    case Role::ink: return token::kInk;
  }
  return token::kInk;
}

Drawing arrange(const Figure& figure) {
  const int columns = std::max(1, figure.columns), rows = (static_cast<int>(figure.panels.size()) + columns - 1) / columns;
  const Size size = panel_size(columns);
  Drawing d;
  d.title = figure.title;
  const double width = 2 * kSheetEdge + columns * size.w + (columns - 1) * kPanelGap + 12;
  d.width = static_cast<int>(width);
  double y = kSheetEdge;
  const auto paragraph = [&](const std::string& text, double letters, double step, Weight weight, Colour c) {
    for (const std::string& line : lines_of(text, letters, width - 2 * kSheetEdge)) {
      d.shapes.emplace_back(Drawing::Text{kSheetEdge, y + letters * .8, line, letters, weight, c, Align::left});
      y += step;
    }
  };
  paragraph(figure.title, kTitleSize, 26, Weight::semibold, token::kInk);
  paragraph(figure.beneath, kNoteSize, 19, Weight::regular, token::kInk2);
  if (y > kSheetEdge) y += 14;
  for (int row = 0; row < rows; ++row) {
    for (int c = 0; c < columns; ++c) {
      const auto i = static_cast<std::size_t>(row * columns + c);
      if (i < figure.panels.size()) Panel(figure.panels[i], kSheetEdge + c * (size.w + kPanelGap), y, size, d.shapes).draw();
    }
    y += size.h + (row + 1 < rows ? kPanelGap : 8);
  }
  y = legend(figure, y, width, d.shapes) + 14;
  paragraph(figure.foot, kNoteSize, 19, Weight::regular, token::kInk3);
  d.height = static_cast<int>(y + kSheetEdge - 8);
  return d;
}

}  // namespace mid
