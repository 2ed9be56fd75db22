#pragma once
#include <optional>
#include <string>
#include <vector>

namespace mid {

struct ReleaseKind;

/// A chart as data: what it says, not how it is drawn.
struct Chart {
  /// What a series or an axis is about. It decides the colour (report/tokens.hpp) and the marker: round for a defence of MID,
  /// hollow square for noise, triangle for differential privacy, diamond for rounding, ring for everything in ink.
  enum class Role { model, attack, defend, noise, privacy, rounding, ink };

  struct Axis {
    std::string title;  ///< stands at the axis' end, in its role's colour
    Role role = Role::ink;
    double low = 0, high = 1;
    bool percent = false;  ///< values are proportions and written as per cent
  };
  struct Point {
    double x = 0, y = 0;
    std::optional<double> low = {}, high = {};      ///< interval of y
    std::string label = {};                         ///< beside the point: "Off", "β = 0.1"; empty for most
    bool ring = false;                              ///< the run that is shown
    std::optional<double> x_low = {}, x_high = {};  ///< interval of x
  };
  struct Series {
    std::string name;
    Role role = Role::defend;   ///< colour and, because colour is never the only sign, shape
    std::vector<Point> points;  ///< in the order of the defence's strength
    bool joined = true;         ///< by a line
    bool second = false;        ///< the second series of its role: hollow where the first is filled, dashed where it is joined
  };
  /// A dashed line across: a baseline.
  struct Mark {
    double at = 0;
    std::string words;
    bool vertical = false;
  };

  /// A part of the plane: what another panel shows enlarged.
  struct Region {
    double left = 0, right = 1, low = 0, high = 1;
  };

  std::string title;
  Axis x, y;
  std::vector<Series> series;
  std::vector<Mark> marks;
  std::optional<Region> region;  ///< outlined
};

/// One sheet: charts side by side that share a title and a legend (small multiples). chart_svg (report/svg.hpp) and chart_png
/// (report/chart_png.hpp) draw the same arrangement.
struct Figure {
  std::string title;    ///< the question that the picture answers
  std::string beneath;  ///< what was run
  std::vector<Chart> panels;
  int columns = 1;
  std::string foot;  ///< what the bars mean
};

/// Round numbers (1, 2 or 5 times a power of ten) inside low to high, about `wanted` of them: where an axis is labelled.
/// Empty unless low < high.
std::vector<double> nice_ticks(double low, double high, int wanted);
/// A tick's number without needless zeros, with a true minus: "−0.5".
std::string tick_words(double tick);
/// The same as per cent where the axis is one: "50 %".
std::string tick_words(double tick, const Chart::Axis& axis);

/// What runs with this release look like.
Chart::Role role_of(const ReleaseKind& kind);

}  // namespace mid
