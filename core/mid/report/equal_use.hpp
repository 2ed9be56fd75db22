#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/report/chart.hpp"

namespace mid {

/// Who gives away least among those that are useful enough: a chart's series at the same use.
struct EqualUse {
  struct Place {
    std::size_t series = 0;
    std::optional<double> leaks;            ///< what the attacker gets there; empty: it never reaches the line
    std::optional<double> low, high;        ///< interval of that
    std::optional<std::size_t> point = {};  ///< the run that it is; empty: between two neighbouring ones, on the straight line
    int seeds = 1;                          ///< behind it: of the two neighbours the fewer
  };
  double floor = 0;               ///< the use that was asked for
  std::vector<Place> places;      ///< those that reach it, least first; then the others
  int seeds = 0;                  ///< the fewest behind any that reaches it; 0: nobody does
  std::size_t reach = 0;          ///< how many do
  std::vector<std::size_t> ties;  ///< places behind the first that cannot be told from it: their interval begins before its interval ends
  /// Fewer repeats than this may be chance.
  static constexpr int kEnough = 3;
  bool decided() const { return reach > 0 && seeds >= kEnough; }
};

/// A series may also be between two neighbouring runs of which one reaches the floor and the other does not.
EqualUse equal_use(const Chart& chart, double floor);

/// Where a chart's line begins: as much use as the model nobody defended has (the series with the mark of no defence) less two points,
/// in whole points; without such a run of the best there is.
double usual_floor(const Chart& chart);

}  // namespace mid
