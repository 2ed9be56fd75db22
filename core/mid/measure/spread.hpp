#pragma once
#include <optional>
#include <span>
#include <utility>

namespace mid {

/// A figure over several seeds.
struct Spread {
  double mean = 0;
  std::optional<double> sd = {};  ///< of the sample (n - 1); empty for one value
  int n = 0;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("mean", self.mean), each("sd", self.sd), each("n", self.n);
  }
};

/// Mean and sample standard deviation of `values`, of which there is at least one.
Spread spread(std::span<const double> values);

/// Where the mean of as many more of them lies, 95 % sure: Student's interval. Empty for fewer than three values: of two it is wider than
/// what is measured.
std::optional<std::pair<double, double>> interval_of_mean(std::span<const double> values);

}  // namespace mid
