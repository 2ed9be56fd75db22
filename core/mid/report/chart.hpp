#pragma once
#include <optional>
#include <string>
#include <vector>

namespace mid {

/// A chart as data: what it says, not how it is drawn. The page paints it, chart_svg (report/svg.hpp) writes it.
struct Chart {
  /// What a series or an axis is about; it decides the colour (report/tokens.hpp).
  enum class Role { model, attack, defend, noise, privacy, rounding, ink };

  struct Axis {
    std::string title;          ///< stands at the axis' end, in its role's colour
    Role role = Role::ink;
    double low = 0, high = 1;
    bool percent = false;       ///< values are proportions and written as per cent
  };
  struct Point {
    double x = 0, y = 0;
    std::optional<double> low = {}, high = {};  ///< interval of y
    std::string label = {};                     ///< beside the point: "Off", "β = 0.1"; empty for most
    bool ring = false;                          ///< the run that is shown
  };
  struct Series {
    std::string name;
    Role role = Role::defend;   ///< colour and, because colour is never the only sign, shape
    std::vector<Point> points;  ///< in the order of the defence's strength
    bool joined = true;         ///< by a line
  };
  /// A dashed line across: a baseline.
  struct Mark {
    double at = 0;
    std::string words;
    bool vertical = false;
  };

  std::string title;
  Axis x, y;
  std::vector<Series> series;
  std::vector<Mark> marks;
};

/// Round numbers (1, 2 or 5 times a power of ten) inside low to high, about `wanted` of them: where an axis is labelled.
/// Empty unless low < high.
std::vector<double> nice_ticks(double low, double high, int wanted);
/// A tick's number without needless zeros, with a true minus: "−0.5".
std::string tick_words(double tick);
/// The same as per cent where the axis is one: "50 %".
std::string tick_words(double tick, const Chart::Axis& axis);

}  // namespace mid
