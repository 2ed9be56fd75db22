#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mid/base/philox.hpp"
#include "mid/base/task.hpp"
#include "mid/measure/measure.hpp"

namespace mid {

/// Intervals of 95 %. Proportions get Wilson's; means and ratios get a percentile bootstrap of 1,000 resamples over
/// persons: records with the same `person` are drawn together (two photos of one face are not two independent facts);
/// an empty `person` makes every record a person of its own. `random` is a stream kept for this one figure, so that a
/// result is reproducible. A figure that is not finite, or of no records, is a Measure without value and interval.
///
/// Cost: 1,000 random draws a person: about 4 ms for 1,000 persons, 20 ms for 5,000. Those that take an `out` are for tables,
/// and tick.

/// Wilson's interval of a proportion of `wins` (may be fractional: expected wins) among `n` trials; (0, 1) for n = 0.
/// Source: Wilson, JASA 22 (1927); 8 of 10 give (.4902, .9433).
std::pair<double, double> wilson(double wins, double n);

/// A proportion with its Wilson interval.
Measure proportion(double wins, int n, std::optional<double> baseline);

/// The mean of `values`.
Measure mean_with_bootstrap(std::span<const double> values, std::span<const int> person, std::optional<double> baseline, std::string unit,
                            Stream random);
Task mean_with_bootstrap(std::vector<double> values, std::vector<int> person, std::optional<double> baseline, std::string unit,
                         Stream random, Measure& out);

/// Figures of the same records that are no means and get their intervals from the very resamples of a mean: `of` is told how often
/// each record is in a resample and writes a value for each of `measures`, which get low and high. A value that is not finite
/// leaves its resample out.
struct AlsoResampled {
  std::vector<Measure*> measures = {};
  std::function<void(std::span<const int> weight, std::span<double> values)> of = {};
};

/// The mean of `values` over every second person, in order of their numbers (records where `person` is empty), and over the others
/// (Measure::halves).
std::vector<double> halves(std::span<const double> values, std::span<const int> person);

/// The advantage: mean of wins - baseline_wins, paired record by record, baseline 0. `wins` of an attack and of the best
/// guess without the answer, in [0, 1]. method.md section 1, "Game and advantage".
Measure paired_advantage(std::span<const double> wins, std::span<const double> baseline_wins, std::span<const int> person, Stream random,
                         AlsoResampled also = {});
/// What `also` points to must outlive the task.
Task paired_advantage(std::vector<double> wins, std::vector<double> baseline_wins, std::vector<int> person, Stream random,
                      AlsoResampled also, Measure& out);

/// R squared, the share of detail that comes back: 1 - sum of `error_attack` / sum of `error_average` over pictures; baseline 0, 1 is
/// perfect, negative is worse than drawing the average picture. Without value when the average pictures are perfect.
Measure r_squared(std::span<const double> error_attack, std::span<const double> error_average, std::span<const int> person, Stream random);
Task r_squared(std::vector<double> error_attack, std::vector<double> error_average, std::vector<int> person, Stream random, Measure& out);

}  // namespace mid
