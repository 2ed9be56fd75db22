#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/report/drawing.hpp"

namespace mid {

/// How large a chart's letters are and what surrounds its axes, in pixels. As it is here it suits a sheet (report/drawing.hpp).
struct ChartStyle {
  double note = 13, axis = 14, head = 15;  ///< sizes of letters
  double left = 56, top = 30, bottom = 50, right = 0;
  double above = 12;  ///< from the plot up to the line on which the upright axis' title stands, where series are named directly
  int ticks = 6;      ///< about so many an axis
  double clear = 12;  ///< what the names of series keep to marks and their intervals
  double inset_width = 150, inset_height = 110;
  double list_line = 22;  ///< height of a line of the list at the edge
  int list_lines = 100;   ///< most of them; who finds no room there has no name in the picture
  TextWidth width = {};   ///< null: rough_text_width
};

/// A chart in its place: shapes in the order in which they are drawn, and where things stand, for hands and tests.
struct PlacedChart {
  struct Dot {
    double x, y;
    std::size_t series, point;
  };
  /// Words inside the axes.
  struct Label {
    std::string words;
    LabelRoom::Area area;
  };
  std::vector<Drawing::Shape> shapes;
  LabelRoom::Area plot{};
  std::vector<Dot> dots;
  std::vector<Label> labels;
  std::vector<LabelRoom::Area> whiskers;
  std::vector<std::size_t> listed;  ///< series whose names found no room beside a mark: they stand in the list at the edge
  std::optional<LabelRoom::Area> inset;
  double low = 0, high = 1;  ///< of the upright axis, as drawn
  /// The value at a height.
  double value_at(double y) const { return low + (high - low) * (plot.bottom - y) / (plot.bottom - plot.top); }
  double height_of(double value) const { return plot.bottom - (plot.bottom - plot.top) * (value - low) / (high - low); }
};

/// Places a chart in a box. The upright axis grows upwards until no mark lies under the words of the chart's corner.
PlacedChart place_chart(const Chart& chart, const LabelRoom::Area& box, const ChartStyle& style);

/// Makes the axes of a chart from its points: the attacker's begins at guessing (or below, where a point is worse) and ends at the whole;
/// the model's shows its points and what the chart's floor asks, cut where that leaves out guessing. Both are shares. Adds the inset of
/// the whole range and the baselines.
void zoom_to_data(Chart& chart, double guess_x, std::optional<double> guess_y);

}  // namespace mid
