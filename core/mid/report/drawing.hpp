#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mid/report/chart.hpp"
#include "mid/report/painter.hpp"

namespace mid {

/// A figure arranged on its sheet: shapes in the order in which they are drawn, in pixels from the top left corner. The writers
/// (svg.cpp, chart_png.cpp) only say each shape in their own language, so that both show the same picture.
struct Drawing {
  struct Box {
    double x, y, w, h;
    Colour colour;
    bool outline = false;
    double radius = 0;
  };
  struct Line {
    std::vector<std::pair<double, double>> points;
    Colour colour;
    double width = 1;
    bool dashed = false;
    double opacity = 1;
  };
  struct Marker {
    double x, y;
    Chart::Role role;
    bool hollow = false;
  };
  struct Ring {  ///< around the run that is shown
    double x, y;
  };
  struct Text {
    double x, y;
    std::string words;
    double size;
    Weight weight;
    Colour colour;
    Align align;
  };
  using Shape = std::variant<Box, Line, Marker, Ring, Text>;

  int width = 0, height = 0;
  std::string title;
  std::vector<Shape> shapes;
};

inline constexpr double kMarkerRadius = 5, kRingRadius = 11;

/// Arranges a figure.
Drawing arrange(const Figure& figure);

Colour colour_of(Chart::Role role);

/// About how wide text in Inter is: near enough to leave room for it, and the same whoever draws.
double rough_text_width(std::string_view text, double size);

/// Where labels find room: each goes to the place around its marker that touches least of what is there already.
class LabelRoom {
 public:
  struct Area {
    double left, top, right, bottom;
  };
  explicit LabelRoom(Area plot) : plot_(plot) {}
  void occupy(Area area) { taken_.push_back(area); }
  /// How much of an area is taken already, with what lies outside the plot counted twenty times.
  double cost(const Area& area) const;
  void occupy_line(double x0, double y0, double x1, double y1);
  /// Moves each label, which comes with the place of its marker, beside that marker.
  void place(std::vector<Drawing::Text>& labels);

 private:
  struct Place {
    double x, y;
    Align align;
    Area area;
    double cost;
  };
  std::vector<Place> places(double x, double y, const std::string& words, double size) const;
  Area plot_;
  std::vector<Area> taken_;
};

}  // namespace mid
