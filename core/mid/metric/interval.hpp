#pragma once
#include <span>
#include <utility>

#include "mid/base/philox.hpp"
#include "mid/metric/measure.hpp"

namespace mid {

/// Wilson's 95 % interval of a proportion of `wins` (may be fractional: expected wins) among `n` trials.
std::pair<double, double> wilson(double wins, double n);

/// A proportion with its Wilson interval.
Measure proportion(double wins, int n, double baseline);

/// The mean of `values` with a 95 % percentile bootstrap (1,000 resamples) over persons: values with the same `person` are
/// drawn together; empty: each value is a person. `random` is a fixed stream, so that a result is reproducible.
Measure mean_with_bootstrap(std::span<const double> values, std::span<const int> person, std::optional<double> baseline,
                            std::string unit, Stream random);

}  // namespace mid
