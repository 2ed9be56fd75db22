/// @file
/// @ingroup measure
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/base/members.hpp"

namespace mid {

/// A figure as midlab shows it: never without its baseline and its uncertainty. Undefined or infinite parts are empty (null
/// in JSON, with a warning in the result).
struct Measure {
  std::optional<double> value = {};     ///< in `unit`
  std::optional<double> baseline = {};  ///< what is reached without the model or its answer (FigureKind::baseline says by what)
  std::optional<double> low = {};       ///< lower end of the interval of 95 % (FigureKind::interval)
  std::optional<double> high = {};      ///< its upper end
  int n = 0;                            ///< how many records, persons or pictures it averages
  std::string unit = {};                ///< "proportion", "nats", "bits", "dB", "" for pure numbers
  /// The value over every second person, and over the others: who picks a setting by the first reports the second (mid compare). Empty
  /// for figures that compare no defences, or of one person.
  std::vector<double> halves = {};

  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("value", self.value), each("baseline", self.baseline), each("low", self.low), each("high", self.high), each("n", self.n),
        each("unit", self.unit), each("halves", self.halves, !self.halves.empty());
  }
};

/// `x`, or empty when it is not a finite number.
std::optional<double> finite(double x);

}  // namespace mid
