#pragma once
#include <span>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// How many of the positive records a ranking finds where it names a given share of the others by mistake: the true-positive rate at a
/// fixed false-positive rate, which says more about an attack on few records than a mean over all of them does. The threshold is that
/// quantile of the other records' scores, linear between two of them; of those at the threshold itself the share is named that brings
/// the rate to what is asked. Source: Carlini et al., IEEE S&P 2022.
class TruePositiveRate {
 public:
  /// Row-aligned: a higher score is more likely positive.
  TruePositiveRate(const VectorXd& score, const Eigen::Array<bool, Eigen::Dynamic, 1>& positive);
  /// At that false-positive rate, in (0, 1). Scores members (3, 1), strangers (2, 0): .5 at .5. Not a number where all records are of one
  /// side.
  double at(double false_positive_rate) const;
  /// The same of a resample; `weight`: how often each record is there.
  double at(double false_positive_rate, std::span<const int> weight) const;

 private:
  VectorXd score_;
  std::vector<int> positive_, other_;  // rows by score, least first
};

}  // namespace mid
