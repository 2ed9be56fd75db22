#pragma once
#include <optional>
#include <span>

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

}  // namespace mid
