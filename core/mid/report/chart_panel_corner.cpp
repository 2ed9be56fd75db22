#include "mid/report/chart_panel_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mid {

/// Where its words begin: right of guessing, even where some run is worse than that.
double ChartPanel::corner_left() const {
  double from = left_;
  for (const Chart::Baseline& m : chart_.marks)
    if (m.vertical) from = std::max(from, x(m.at));
  return from + kCornerInset;
}

/// Its words in one line, or in two that are about as long.
std::vector<std::string> ChartPanel::corner_lines() const {
  const std::string& all = chart_.corner->words;
  if (corner_in_one_line_) return {all};
  std::size_t best = std::string::npos;
  const auto from_middle = [&](std::size_t at) { return std::abs(static_cast<double>(at) - static_cast<double>(all.size()) / 2); };
  for (std::size_t at = all.find(' '); at != std::string::npos; at = all.find(' ', at + 1))
    if (best == std::string::npos || from_middle(at) < from_middle(best)) best = at;
  if (best == std::string::npos) return {all};
  return {all.substr(0, best), all.substr(best + 1)};
}

LabelRoom::Area ChartPanel::corner_area() const {
  double w = 0;
  const auto all = corner_lines();
  for (const std::string& one : all) w = std::max(w, width(one, corner_size(), Weight::medium));
  double h = kCornerInset + static_cast<double>(all.size()) * (corner_size() + 5);
  if (const std::string& more = chart_.corner->more; !more.empty() && has_more())
    w = std::max(w, 14 + width(more, style_.note, Weight::regular)), h += style_.note + 6;
  return {corner_left(), top_, corner_left() + w, top_ + h};
}

/// The upright axis grows until no mark lies under its words; they stand in one line or in two, whichever needs less of that.
void ChartPanel::make_room_for_corner() {
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

double ChartPanel::grown_for_corner() {
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

void ChartPanel::tint() {
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

void ChartPanel::corner_words() {
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

}  // namespace mid
