#pragma once
#include <functional>
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
  struct Area {  ///< filled, convex
    std::vector<std::pair<double, double>> points;
    Colour colour;
  };
  struct Marker {
    double x, y;
    Mark mark;
    Colour colour;
    bool hollow = false;
    double size = 1, opacity = 1;
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
  using Shape = std::variant<Box, Line, Area, Marker, Ring, Text>;

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

/// A mark around its middle in parts, each convex and given by its corners; empty: it is round.
std::vector<std::vector<std::pair<double, double>>> corners_of(Mark mark);
/// Whether a mark is drawn hollow; `second`: the other way round, for the second series that has it.
bool is_hollow(Mark mark, bool second);

/// Width of a text in pixels.
using TextWidth = std::function<double(std::string_view text, double size, Weight weight)>;

/// Where labels find room: each goes to the place around its marker that touches least of what is there already.
class LabelRoom {
 public:
  struct Area {
    double left, top, right, bottom;
    Area grown(double by) const { return {left - by, top - by, right + by, bottom + by}; }
    bool meets(const Area& o) const { return left < o.right && o.left < right && top < o.bottom && o.top < bottom; }
  };
  /// How far what belongs to a marker reaches from its middle: the marker itself, its intervals.
  struct Reach {
    double left, right, up, down;
  };
  /// `width`: null for rough_text_width.
  explicit LabelRoom(Area plot, TextWidth width = {}) : plot_(plot), width_(std::move(width)) {}
  void occupy(Area area) { taken_.push_back(area); }
  /// How much of an area is taken already, with what lies outside the plot counted twenty times.
  double cost(const Area& area) const;
  bool is_free(const Area& area) const { return cost(area) < .01; }
  void occupy_line(double x0, double y0, double x1, double y1);
  /// Moves each label, which comes with the place of its marker, beside that marker.
  void place(std::vector<Drawing::Text>& labels);
  /// Moves a label beside its marker, to the first of eight places that is quite free: behind its intervals to the four sides, and between
  /// them. False: none is. The label then takes the place.
  bool place_free(Drawing::Text& label, const Reach& reach, double clear);
  /// What the letters of a text cover.
  Area area_of(const Drawing::Text& text) const;

 private:
  struct Place {
    double x, y;
    Align align;
    Area area;
    double cost;
  };
  std::vector<Place> places(double x, double y, const std::string& words, double size) const;
  double width(std::string_view words, double size, Weight weight) const;
  Area plot_;
  std::vector<Area> taken_;
  TextWidth width_;
};

}  // namespace mid
