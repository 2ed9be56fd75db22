#pragma once
#include <string>
#include <vector>

#include "mid/report/chart_panel.hpp"

namespace mid {

/// One chart in its box, while place_chart() draws it. Where two things want one place, what is drawn first has it: LabelRoom knows what
/// is taken. Its members stand in chart_panel.cpp (the order of drawing) and chart_panel_axes.cpp, _runs.cpp and _corner.cpp.
class ChartPanel {
 public:
  using Area = LabelRoom::Area;
  ChartPanel(const Chart& chart, const Area& box, const ChartStyle& style);
  PlacedChart draw();
  /// The mark of a series.
  static Mark mark_in(const Chart::Series& s) { return s.mark.value_or(mark_of(s.role)); }

 private:
  static constexpr double kTitle = 26, kCornerInset = 10;
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
  void label(const Drawing::Text& t);

  // Axes, baselines, and what else belongs to the plane.
  void axes();
  void upright_axis();
  void lower_axis();
  void cut_sign();
  void dashes(const Chart::Baseline& m);
  void words(const Chart::Baseline& m);
  void region(const Chart::Region& r);
  void floor(const Chart::Floor& at);
  void floor_words(const Chart::Floor& at);
  void inset(const Chart::Inset& whole);
  void inset_in(const Chart::Inset& whole, const Area& box);

  // Runs and their names.
  struct Bars {
    Area across, upright;  ///< a point's intervals as they are drawn; empty where there is none
  };
  Bars bars_of(const Chart::Point& p) const;
  Area mark_area(const Chart::Point& p) const;
  void lines(const Chart::Series& s);
  void markers(std::size_t index);
  void labels();
  bool beside(const Chart::Point& p, const std::string& words, Weight weight, Colour colour);
  void names();

  // The corner where both sides would want to be.
  double corner_size() const { return style_.axis; }
  double corner_left() const;
  std::vector<std::string> corner_lines() const;
  Area corner_area() const;
  bool has_more() const { return bottom_ - top_ > 240; }
  void make_room_for_corner();
  double grown_for_corner();
  void tint();
  void corner_words();

  const Chart& chart_;
  const ChartStyle& style_;
  double left_, top_, right_, bottom_, low_, high_;
  bool corner_in_one_line_ = true;
  PlacedChart out_;
  LabelRoom room_;
};

}  // namespace mid
