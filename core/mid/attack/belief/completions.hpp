#pragma once
#include <string>
#include <vector>

#include "mid/attack/attack.hpp"

namespace mid {

/// How many combinations of unknown values an attacker tries for each value of the secret.
inline constexpr int kMostCompletions = 1000;

/// All ways to fill in the columns that an attacker does not know beside the secret, each with its share: the product of the
/// values' shares, as if the columns were independent. Without unknown columns there is one way, which leaves records as they
/// are. Fredrikson et al., USENIX Security 2014; method.md section 2.
class Completions {
 public:
  /// Throws Error naming attack.also_unknown for more than kMostCompletions. `unknown` outlives it.
  explicit Completions(const std::vector<Unknown>& unknown);
  int count() const { return count_; }
  double share(int number) const;
  /// `known` with the unknown columns filled in.
  Matrix fill(Matrix known, int number) const;

 private:
  std::vector<int> values_of(int number) const;
  const std::vector<Unknown>& unknown_;
  int count_ = 1;
};

/// ln(exp(a) + exp(b)); -inf stands for nothing.
double log_sum(double a, double b);
/// ln(exp(sum) + exp(more)), entry by entry; -inf stands for nothing.
void add_logs(MatrixD& sum, const MatrixD& more);

/// The field "also_unknown" of an attack whose struct has a list `also_unknown`.
template <class S>
Param also_unknown_param() {
  return param(&S::also_unknown, "also_unknown", "attack.also_unknown", "Fredrikson et al., USENIX Security 2014");
}

}  // namespace mid
