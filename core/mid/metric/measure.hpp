#pragma once
#include <optional>
#include <string>

#include "mid/base/json.hpp"

namespace mid {

/// A figure as midlab shows it: never without its baseline and its uncertainty. Undefined or infinite parts are empty (null
/// in JSON, with a warning in the result).
struct Measure {
  std::optional<double> value, baseline, low, high;
  int n = 0;          ///< how many records, persons or pictures it averages
  std::string unit;   ///< "proportion", "nats", "dB", "" for pure numbers
  Json json() const;
  static Measure from_json(const Json& j);
};

}  // namespace mid
