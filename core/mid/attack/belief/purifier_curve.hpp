#pragma once
#include <utility>
#include <vector>

#include "mid/model/network/network.hpp"

namespace mid {

/// What a purifier makes of the one logit of two classes. Of a network with noise before it the logit's distribution is known and the
/// answer's is not: whoever holds the weights goes back along this curve.
class PurifierCurve {
 public:
  /// Tabulates the curve of a network of two classes with a purifier, where its confidences are not cut off.
  explicit PurifierCurve(const Network& network);
  /// The released logit of logit `logit`, between two points of the table along the straight line.
  double at(double logit) const;
  /// The logits whose released one lies in [low, high] (low <= high): stretches in order, the outer ones endless. Where the curve does not
  /// reach the interval, the stretch of the table that comes nearest.
  std::vector<std::pair<double, double>> before(double low, double high) const;

 private:
  std::vector<double> released_;  // at kFirst, kFirst + kStep, ...
};

}  // namespace mid
