#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/mark.hpp"

namespace mid {

/// A chart as data: what it says, not how it is drawn.
struct Chart {
  /// What a series or an axis is about. It decides the colour (report/tokens.hpp) and, where a series says nothing else, its mark.
  enum class Role { model, attack, defend, noise, privacy, rounding, ink, other };

  struct Axis {
    std::string title;  ///< stands at the axis' end, in its role's colour
    Role role = Role::ink;
    double low = 0, high = 1;
    bool percent = false;    ///< values are proportions and written as per cent
    bool cut = false;        ///< it does not begin where it would: a zigzag says so
    std::string start = {};  ///< in the place of its first number: "chance 10 %"
  };
  struct Point {
    double x = 0, y = 0;
    std::optional<double> low = {}, high = {};      ///< interval of y
    std::string label = {};                         ///< beside the point: "Off", "β = 0.1"; empty for most
    bool ring = false;                              ///< the run that is shown
    std::optional<double> x_low = {}, x_high = {};  ///< interval of x
    int seeds = 1;                                  ///< repeats that it is the mean of
  };
  struct Series {
    std::string name;
    Role role = Role::defend;       ///< colour and, because colour is never the only sign, shape
    std::vector<Point> points;      ///< in the order of the defence's strength
    bool joined = true;             ///< by a line
    bool second = false;            ///< the second series of its mark: hollow where the first is filled, dashed where it is joined
    std::optional<Mark> mark = {};  ///< unset: mark_of(role)
    double opacity = 1;             ///< of marks and lines
    std::optional<std::pair<double, double>> begins = {};  ///< where its line comes from: a run that is no run of it
  };
  /// A dashed line across: a baseline.
  struct Baseline {
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
  std::vector<Baseline> marks;
  std::optional<Region> region;  ///< outlined

  /// The corner where a model is right and the attacker is not, tinted, with words inside.
  struct Corner {
    std::string words, more;  ///< what it is; with an arrow to it, in a second line
  };
  std::optional<Corner> corner;
  /// What every run that counts reaches: a line across with a word; charts that can be touched have a handle at its end.
  struct Floor {
    double at = 0;
    std::string words;
  };
  std::optional<Floor> floor;
  /// The whole plane in small, with baselines and the part that is shown.
  struct Inset {
    double left = 0, right = 1, low = 0, high = 1;
    std::string words = {};              ///< beside it, where there is room
    std::vector<Baseline> guesses = {};  ///< baselines
  };
  std::optional<Inset> inset;
  bool named_directly = false;  ///< each series has its name beside a mark, or in a list at the edge, in place of a legend
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

/// What runs with this defence and this release look like: the release's mark, or the defence's where answers are left as they are.
Mark mark_of_run(std::string_view defence, std::string_view release);
/// The mark of a series that names none.
Mark mark_of(Chart::Role role);
/// The colour that belongs to a mark.
Chart::Role role_of(Mark mark);
/// A series that looks like its mark; `second` where another of `before` has that mark.
void give_mark(Chart::Series& series, Mark mark, const std::vector<Chart::Series>& before);

}  // namespace mid
