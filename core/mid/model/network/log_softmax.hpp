#pragma once
#include "mid/base/matrix.hpp"

namespace mid {

/// Each row less ln of the sum of its exponentials: logarithms of confidences. M is Matrix or MatrixD.
template <class M>
M log_softmax(M scores) {
  scores.colwise() -= scores.rowwise().maxCoeff().eval();
  const Eigen::Matrix<typename M::Scalar, Eigen::Dynamic, 1> total = scores.array().exp().rowwise().sum().log();
  scores.colwise() -= total;
  return scores;
}

}  // namespace mid
