#include "mid/report/chart_panel_parts.hpp"

#include <algorithm>
#include <cmath>

namespace mid {

void ChartPanel::axes() {
  upright_axis();
  line(left_, bottom_, right_, bottom_, token::kEdge, 1);
  lower_axis();
  if (chart_.y.cut) cut_sign();
  const std::string up = chart_.named_directly ? chart_.y.title : "↑ " + chart_.y.title;
  text(left_ - style_.left, top_ - (chart_.named_directly ? style_.above : 18), up, style_.axis, Weight::medium, colour_of(chart_.y.role),
       Align::left);
  text(right_, bottom_ + 43, chart_.x.title + " →", style_.axis, Weight::medium, colour_of(chart_.x.role), Align::right);
}

void ChartPanel::upright_axis() {
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
}

/// Its numbers, and in the place of guessing a word.
void ChartPanel::lower_axis() {
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
}

/// A zigzag over the foot of the upright axis.
void ChartPanel::cut_sign() {
  out_.shapes.emplace_back(Drawing::Box{left_ - 5, bottom_ - 9, 10, 6, token::kSurface});
  for (const double up : {9.0, 3.0})
    out_.shapes.emplace_back(Drawing::Line{
        {{left_ - 5, bottom_ - up + 2}, {left_ - 1, bottom_ - up - 2}, {left_ + 1, bottom_ - up + 2}, {left_ + 5, bottom_ - up - 2}},
        token::kInk2,
        1.5});
}

void ChartPanel::dashes(const Chart::Baseline& m) {
  if (m.vertical) {
    line(x(m.at), top_, x(m.at), bottom_, token::kInk2, 1.5, true);
    room_.occupy_line(x(m.at), top_, x(m.at), bottom_);
  } else {
    line(left_, y(m.at), right_, y(m.at), token::kInk2, 1.5, true);
    room_.occupy_line(left_, y(m.at), right_, y(m.at));
  }
}

/// The words of a baseline stand beside it where there is room: along its line rather than at one end.
void ChartPanel::words(const Chart::Baseline& m) {
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

void ChartPanel::region(const Chart::Region& r) {
  // As far as it lies inside the axes: beyond them stand their numbers.
  const double left = x(std::max(r.left, chart_.x.low)), right = x(std::min(r.right, chart_.x.high));
  const double top = y(std::min(r.high, high_)), bottom = y(std::max(r.low, low_));
  out_.shapes.emplace_back(Drawing::Box{left, top, right - left, bottom - top, token::kEdge, true});
}

void ChartPanel::floor(const Chart::Floor& at) {
  if (at.at < low_ || at.at > high_) return;
  line(left_, y(at.at), right_, y(at.at), token::kModel, 2);
  room_.occupy({left_, y(at.at) - 3, right_, y(at.at) + 3});
}

void ChartPanel::floor_words(const Chart::Floor& at) {
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
void ChartPanel::inset(const Chart::Inset& whole) {
  const double w = style_.inset_width, h = style_.inset_height;
  for (double up = 12; up + h < bottom_ - top_; up += 12)
    for (double across = 12; across + w < right_ - left_ - 6; across += 12) {
      const Area box{left_ + across, bottom_ - up - h, left_ + across + w, bottom_ - up};
      if (!room_.is_free(box)) continue;
      return inset_in(whole, box);
    }
}

void ChartPanel::inset_in(const Chart::Inset& whole, const Area& box) {
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
  const double top = std::max(box.top + 1, py(std::min(high_, whole.high))), foot = std::min(box.bottom - 1, py(std::max(low_, whole.low)));
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
