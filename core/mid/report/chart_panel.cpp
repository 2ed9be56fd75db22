#include "mid/report/chart_panel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mid {
namespace {

using Area = LabelRoom::Area;

/// The mark of a series.
Mark mark_in(const Chart::Series& s) { return s.mark.value_or(mark_of(s.role)); }

/// One chart in its place.
class Panel {
 public:
  Panel(const Chart& chart, const Area& box, const ChartStyle& style)
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
  PlacedChart draw() {
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

 private:
  static constexpr double kTitle = 26;
  double x(double v) const { return left_ + (right_ - left_) * (v - chart_.x.low) / (chart_.x.high - chart_.x.low); }
  double y(double v) const { return bottom_ - (bottom_ - top_) * (v - low_) / (high_ - low_); }
  double width(const std::string& words, double size, Weight weight) const {
    return style_.width ? style_.width(words, size, weight) : rough_text_width(words, size);
  }
  void text(double at_x, double at_y, const std::string& words, double size, Weight weight, Colour c, Align align) {
    out_.shapes.emplace_back(Drawing::Text{at_x, at_y, words, size, weight, c, align});
  }
  void line(double x0, double y0, double x1, double y1, Colour c, double thickness, bool dashed = false, double opacity = 1) {
    out_.shapes.emplace_back(Drawing::Line{{{x0, y0}, {x1, y1}}, c, thickness, dashed, opacity});
  }
  /// Words inside the axes that nothing may cover.
  void label(const Drawing::Text& t) {
    const Area area = room_.area_of(t);
    out_.labels.push_back({t.words, area});
    room_.occupy(area.grown(4));
    out_.shapes.emplace_back(t);
  }

  // ---- what belongs to a point ----

  struct Bars {
    Area across, upright;  ///< its intervals as they are drawn; empty where there is none
  };
  Bars bars_of(const Chart::Point& p) const {
    const double px = x(p.x), py = y(p.y);
    Bars b{{px, py, px, py}, {px, py, px, py}};
    if (p.x_low && p.x_high)
      b.across = {x(std::clamp(*p.x_low, chart_.x.low, chart_.x.high)), py - 1, x(std::clamp(*p.x_high, chart_.x.low, chart_.x.high)),
                  py + 1};
    if (p.low && p.high) b.upright = {px - 1, y(std::clamp(*p.high, low_, high_)), px + 1, y(std::clamp(*p.low, low_, high_))};
    return b;
  }
  Area mark_area(const Chart::Point& p) const {
    const double r = p.ring ? kRingRadius : kMarkerRadius + 2;
    return {x(p.x) - r, y(p.y) - r, x(p.x) + r, y(p.y) + r};
  }

  // ---- the corner ----

  static constexpr double kCornerInset = 10;
  double corner_size() const { return style_.axis; }
  /// Where its words begin: right of guessing, even where some run is worse than that.
  double corner_left() const {
    double from = left_;
    for (const Chart::Baseline& m : chart_.marks)
      if (m.vertical) from = std::max(from, x(m.at));
    return from + kCornerInset;
  }
  /// Its words in one line, or in two that are about as long.
  std::vector<std::string> corner_lines() const {
    const std::string& all = chart_.corner->words;
    if (corner_in_one_line_) return {all};
    std::size_t best = std::string::npos;
    const auto from_middle = [&](std::size_t at) { return std::abs(static_cast<double>(at) - static_cast<double>(all.size()) / 2); };
    for (std::size_t at = all.find(' '); at != std::string::npos; at = all.find(' ', at + 1))
      if (best == std::string::npos || from_middle(at) < from_middle(best)) best = at;
    if (best == std::string::npos) return {all};
    return {all.substr(0, best), all.substr(best + 1)};
  }
  Area corner_area() const {
    double w = 0;
    const auto all = corner_lines();
    for (const std::string& one : all) w = std::max(w, width(one, corner_size(), Weight::medium));
    double h = kCornerInset + static_cast<double>(all.size()) * (corner_size() + 5);
    if (const std::string& more = chart_.corner->more; !more.empty() && has_more())
      w = std::max(w, 14 + width(more, style_.note, Weight::regular)), h += style_.note + 6;
    return {corner_left(), top_, corner_left() + w, top_ + h};
  }
  bool has_more() const { return bottom_ - top_ > 240; }
  /// The upright axis grows until no mark lies under its words; they stand in one line or in two, whichever needs less of that.
  void make_room_for_corner() {
    if (!chart_.corner || !(high_ > low_)) return;
    const double before = high_;
    const bool narrow = width(chart_.corner->words, corner_size(), Weight::medium) > (right_ - left_) / 3;
    corner_in_one_line_ = true;
    const double one = grown_for_corner();
    high_ = before;
    corner_in_one_line_ = false;
    const double two = grown_for_corner();
    corner_in_one_line_ = narrow ? one < two : one <= two;
    high_ = corner_in_one_line_ ? one : two;
  }
  double grown_for_corner() {
    const double step = .05 * (high_ - low_);
    for (int tries = 0; tries < 80; ++tries) {
      const Area words = corner_area().grown(4);
      const bool covered = std::any_of(chart_.series.begin(), chart_.series.end(), [&](const Chart::Series& s) {
        return std::any_of(s.points.begin(), s.points.end(), [&](const Chart::Point& p) {
          const Bars b = bars_of(p);
          return words.meets(mark_area(p)) || words.meets(b.across.grown(1)) || words.meets(b.upright.grown(1));
        });
      });
      if (!covered && (!chart_.floor || y(chart_.floor->at) > words.bottom)) break;
      high_ += step;
    }
    return high_;
  }
  void tint() {
    const Area words = corner_area();
    const double across = std::max(words.right + 24 - left_, .27 * (right_ - left_)),
                 down = std::max(words.bottom + 24 - top_, .35 * (bottom_ - top_));
    Drawing::Area quarter{{{left_, top_}}, token::kDefendSoft};
    for (int i = 0; i <= 24; ++i) {
      const double turn = std::numbers::pi / 2 * i / 24;
      quarter.points.emplace_back(left_ + across * std::cos(turn), top_ + down * std::sin(turn));
    }
    out_.shapes.emplace_back(std::move(quarter));
  }
  void corner_words() {
    double base = top_ + kCornerInset + corner_size() * .8;
    for (const std::string& one : corner_lines()) {
      label({corner_left(), base, one, corner_size(), Weight::medium, token::kDefend, Align::left});
      base += corner_size() + 5;
    }
    if (chart_.named_directly) room_.occupy(corner_area().grown(2 * style_.clear));  // a name beside them would be read as one of them
    if (chart_.corner->more.empty() || !has_more()) return;
    const double middle = base + 3 - style_.note * .3;
    out_.shapes.emplace_back(
        Drawing::Line{{{corner_left() + 6, middle - 4}, {corner_left() + 2, middle}, {corner_left() + 6, middle + 4}}, token::kDefend, 2});
    label({corner_left() + 14, base + 3, chart_.corner->more, style_.note, Weight::regular, token::kDefend, Align::left});
  }

  // ---- axes and baselines ----

  void axes() {
    const double most = chart_.y.percent ? std::min(high_, std::max(1.0, chart_.y.high)) : high_;
    constexpr double kTickRoom = 26;  // from one number to the next
    const int ticks = chart_.named_directly
                          ? std::clamp(static_cast<int>((bottom_ - top_) * (most - low_) / (high_ - low_) / kTickRoom), 1, style_.ticks)
                          : style_.ticks;
    double last = bottom_ + kTickRoom;
    for (double tick : nice_ticks(low_, most, ticks)) {
      if (chart_.named_directly && last - y(tick) < kTickRoom - 8) continue;
      last = y(tick);
      line(left_, y(tick), right_, y(tick), token::kLine, 1);
      if (!chart_.named_directly) room_.occupy({left_, y(tick) - .5, right_, y(tick) + .5});
      text(left_ - 10, y(tick) + 5, tick_words(tick, chart_.y), style_.axis, Weight::regular, token::kInk3, Align::right);
    }
    line(left_, bottom_, right_, bottom_, token::kEdge, 1);
    double free_from = left_ - 1e9;
    if (!chart_.x.start.empty()) {  // where guessing is, the axis says so
      const auto guess = std::find_if(chart_.marks.begin(), chart_.marks.end(), [](const Chart::Baseline& m) { return m.vertical; });
      const double at = guess == chart_.marks.end() ? left_ : x(guess->at), w = width(chart_.x.start, style_.axis, Weight::regular);
      const double from = std::clamp(at - 10, left_ - style_.left, right_ - w);
      text(from, bottom_ + 21, chart_.x.start, style_.axis, Weight::regular, token::kInk2, Align::left);
      free_from = from + w + 10;
    }
    auto across = nice_ticks(chart_.x.low, chart_.x.high, style_.ticks);
    if (chart_.named_directly) std::reverse(across.begin(), across.end());  // the end says where it ends, whatever room the others find
    double free_to = right_ + 1e9;
    for (double tick : across) {
      const std::string number = tick_words(tick, chart_.x);
      const double half = width(number, style_.axis, Weight::regular) / 2;
      const bool at_end = chart_.named_directly && x(tick) + half > right_ + 4;
      const double middle = at_end ? right_ - half + 4 : x(tick);
      if (middle - half < free_from || (chart_.named_directly && middle + half + 8 > free_to)) continue;
      free_to = middle - half;
      line(x(tick), bottom_, x(tick), bottom_ + 5, token::kEdge, 1);
      text(middle, bottom_ + 21, number, style_.axis, Weight::regular, token::kInk3, Align::centre);
    }
    if (chart_.y.cut) {  // a zigzag over the foot of the axis
      out_.shapes.emplace_back(Drawing::Box{left_ - 5, bottom_ - 9, 10, 6, token::kSurface});
      for (const double up : {9.0, 3.0})
        out_.shapes.emplace_back(Drawing::Line{
            {{left_ - 5, bottom_ - up + 2}, {left_ - 1, bottom_ - up - 2}, {left_ + 1, bottom_ - up + 2}, {left_ + 5, bottom_ - up - 2}},
            token::kInk2,
            1.5});
    }
    const std::string up = chart_.named_directly ? chart_.y.title : "↑ " + chart_.y.title;
    text(left_ - style_.left, top_ - (chart_.named_directly ? style_.above : 18), up, style_.axis, Weight::medium, colour_of(chart_.y.role),
         Align::left);
    text(right_, bottom_ + 43, chart_.x.title + " →", style_.axis, Weight::medium, colour_of(chart_.x.role), Align::right);
  }

  void dashes(const Chart::Baseline& m) {
    if (m.vertical) {
      line(x(m.at), top_, x(m.at), bottom_, token::kInk2, 1.5, true);
      room_.occupy_line(x(m.at), top_, x(m.at), bottom_);
    } else {
      line(left_, y(m.at), right_, y(m.at), token::kInk2, 1.5, true);
      room_.occupy_line(left_, y(m.at), right_, y(m.at));
    }
  }

  /// The words of a baseline stand beside it where there is room: along its line rather than at one end.
  void words(const Chart::Baseline& m) {
    if (m.words.empty()) return;
    const double w = width(m.words, style_.note, Weight::regular);
    Drawing::Text best{0, 0, m.words, style_.note, Weight::regular, token::kInk2, Align::left};
    double least = -1;
    for (int i = 0; i <= 12; ++i)
      for (const double side : {-6.0, 15.0}) {
        const double along = i / 12.0;
        // A vertical one's words stand at its right, from the bottom up; a horizontal one's above or beneath, from the right.
        const double px = m.vertical ? x(m.at) + 8 : right_ - w - along * (right_ - left_ - w - 8);
        const double py = m.vertical ? bottom_ - 10 - along * (bottom_ - top_ - 20) : y(m.at) + side;
        const Area area{px - 2, py - style_.note, px + w + 2, py + 4};
        const double cost = room_.cost(area) + .1 * i + (side > 0 ? .05 : 0);
        if (least < 0 || cost < least) least = cost, best.x = px, best.y = py;
      }
    if (chart_.named_directly && least > 2) return;  // the inset shows it, too
    out_.labels.push_back({best.words, room_.area_of(best)});
    room_.occupy({best.x - 2, best.y - style_.note, best.x + w + 2, best.y + 4});
    out_.shapes.emplace_back(best);
  }

  void region(const Chart::Region& r) {
    // As far as it lies inside the axes: beyond them stand their numbers.
    const double left = x(std::max(r.left, chart_.x.low)), right = x(std::min(r.right, chart_.x.high));
    const double top = y(std::min(r.high, high_)), bottom = y(std::max(r.low, low_));
    out_.shapes.emplace_back(Drawing::Box{left, top, right - left, bottom - top, token::kEdge, true});
  }

  // ---- runs ----

  void lines(const Chart::Series& s) {
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

  void markers(std::size_t index) {
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

  void floor(const Chart::Floor& at) {
    if (at.at < low_ || at.at > high_) return;
    line(left_, y(at.at), right_, y(at.at), token::kModel, 2);
    room_.occupy({left_, y(at.at) - 3, right_, y(at.at) + 3});
  }
  void floor_words(const Chart::Floor& at) {
    if (at.words.empty() || at.at < low_ || at.at > high_) return;
    const double w = width(at.words, style_.note, Weight::medium);
    for (const double base : {y(at.at) + style_.note + 5, y(at.at) - 7})
      for (int i = 0; i <= 16; ++i) {
        const Drawing::Text t{
            left_ + 10 + (right_ - left_ - w - 30) * i / 16, base, at.words, style_.note, Weight::medium, token::kModel, Align::left};
        if (!room_.is_free(room_.area_of(t))) continue;
        return label(t);
      }
  }

  /// The whole plane in small, in the first place that is free: at the foot, from the left, then higher.
  void inset(const Chart::Inset& whole) {
    const double w = style_.inset_width, h = style_.inset_height;
    for (double up = 12; up + h < bottom_ - top_; up += 12)
      for (double across = 12; across + w < right_ - left_ - 6; across += 12) {
        const Area box{left_ + across, bottom_ - up - h, left_ + across + w, bottom_ - up};
        if (!room_.is_free(box)) continue;
        return inset_in(whole, box);
      }
  }
  void inset_in(const Chart::Inset& whole, const Area& box) {
    const double pad = 5;
    const auto px = [&](double v) {
      return box.left + pad + (box.right - box.left - 2 * pad) * (v - whole.left) / (whole.right - whole.left);
    };
    const auto py = [&](double v) {
      return box.bottom - pad - (box.bottom - box.top - 2 * pad) * (v - whole.low) / (whole.high - whole.low);
    };
    out_.shapes.emplace_back(Drawing::Box{box.left, box.top, box.right - box.left, box.bottom - box.top, token::kSurface, false, 4});
    out_.shapes.emplace_back(Drawing::Box{box.left, box.top, box.right - box.left, box.bottom - box.top, token::kEdge, true, 4});
    for (const Chart::Baseline& m : whole.guesses)
      if (m.vertical)
        line(px(m.at), box.top + 2, px(m.at), box.bottom - 2, token::kInk3, 1, true);
      else
        line(box.left + 2, py(m.at), box.right - 2, py(m.at), token::kInk3, 1, true);
    const double top = std::max(box.top + 1, py(std::min(high_, whole.high))),
                 foot = std::min(box.bottom - 1, py(std::max(low_, whole.low)));
    const double from = std::max(box.left + 1, px(chart_.x.low)), to = std::min(box.right - 1, px(chart_.x.high));
    out_.shapes.emplace_back(Drawing::Box{from, top, to - from, foot - top, token::kInk2, true});
    for (const Chart::Series& s : chart_.series)
      for (const Chart::Point& p : s.points)
        out_.shapes.emplace_back(Drawing::Box{px(p.x) - 1.2, py(p.y) - 1.2, 2.4, 2.4, colour_of(s.role), false, 1.2});
    room_.occupy(box.grown(4));
    out_.inset = box;
    if (whole.words.empty() || style_.inset_width < 100) return;
    for (const Drawing::Text& t :
         {Drawing::Text{box.left, box.top - 7, whole.words, style_.note, Weight::regular, token::kInk2, Align::left},
          Drawing::Text{box.right + 10, box.bottom - 4, whole.words, style_.note, Weight::regular, token::kInk2, Align::left}})
      if (room_.is_free(room_.area_of(t))) return label(t);
  }

  // ---- names ----

  void labels() {
    std::vector<Drawing::Text> all;
    for (const Chart::Series& s : chart_.series)
      for (const Chart::Point& p : s.points)
        if (!p.label.empty()) all.push_back({x(p.x), y(p.y), p.label, style_.note, Weight::medium, colour_of(s.role), Align::left});
    room_.place(all);
    for (const Drawing::Text& t : all) out_.labels.push_back({t.words, room_.area_of(t)});
    out_.shapes.insert(out_.shapes.end(), all.begin(), all.end());
  }

  bool beside(const Chart::Point& p, const std::string& words, Weight weight, Colour colour) {
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
  void names() {
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

  const Chart& chart_;
  const ChartStyle& style_;
  double left_, top_, right_, bottom_, low_, high_;
  bool corner_in_one_line_ = true;
  PlacedChart out_;
  LabelRoom room_;
};

/// The list at the edge: marks and names under the axis' title. Returns how many lines it takes; with `out` it is drawn.
int list_of(const Chart& chart, const std::vector<std::size_t>& listed, const Area& box, double y, const ChartStyle& style,
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
      out->shapes.emplace_back(
          Drawing::Marker{x + 6, base - style.note * .35, mark_in(s), colour_of(s.role), is_hollow(mark_in(s), s.second), .9, s.opacity});
      out->shapes.emplace_back(Drawing::Text{x + 18, base, s.name, style.note, Weight::regular, token::kInk2, Align::left});
    }
    x += w + 16;
  }
  return lines;
}

}  // namespace

PlacedChart place_chart(const Chart& chart, const Area& box, const ChartStyle& style) {
  ChartStyle now = style;
  for (int lines = 0;;) {
    now.bottom = style.bottom + lines * style.list_line;
    PlacedChart placed = Panel(chart, box, now).draw();
    const int wanted = list_of(chart, placed.listed, box, 0, now, nullptr);
    if (wanted <= lines) {
      list_of(chart, placed.listed, box, box.bottom - lines * style.list_line, now, &placed);
      return placed;
    }
    lines = wanted;  // the plot gives way to the list
  }
}

void zoom_to_data(Chart& chart, double guess_x, std::optional<double> guess_y) {
  double left = guess_x, low = 1e9, high = -1e9;
  for (const Chart::Series& s : chart.series)
    for (const Chart::Point& p : s.points) {
      left = std::min(left, p.x);
      low = std::min(low, std::min(p.y, p.low.value_or(p.y))), high = std::max(high, std::max(p.y, p.high.value_or(p.y)));
    }
  if (low > high) low = guess_y.value_or(0), high = 1;  // nothing yet
  if (chart.floor) low = std::min(low, chart.floor->at), high = std::max(high, chart.floor->at);
  const double least = .08;  // a difference of a point must not look like a gulf
  if (high - low < least) low = std::max(0., std::min(low, high - least)), high = std::max(high, low + least);
  const double pad = .06 * (high - low);
  const auto ticks = nice_ticks(low, high, 4);
  const double step = (ticks.size() > 1 ? ticks[1] - ticks[0] : .02) / 2;
  chart.x.low = std::min(left, 1 - least), chart.x.high = 1;  // guessing may be right always
  chart.y.low = step * std::floor((low - pad) / step), chart.y.high = std::min(1.0, step * std::ceil((high + pad / 2) / step));
  if (low >= 0) chart.y.low = std::max(chart.y.low, 0.0);
  chart.y.high += .04 * (chart.y.high - chart.y.low);  // no mark on the upper edge
  chart.y.cut = chart.y.low > 1e-9;
  chart.marks.push_back({guess_x, "", true});
  Chart::Inset whole{std::min(0.0, left), 1, std::min(0.0, chart.y.low), 1, "", {{guess_x, "", true}}};
  if (guess_y) {
    whole.guesses.push_back({*guess_y, "", false});
    if (*guess_y > chart.y.low && *guess_y < chart.y.high) chart.marks.push_back({*guess_y, "", false});
  }
  if (chart.y.cut || left > 1e-9) chart.inset = whole;
}

}  // namespace mid
