#pragma once
#include "mid/base/json.hpp"
#include "mid/base/matrix.hpp"

/// A matrix of the golden files: a list of rows.
inline mid::Matrix matrix(const mid::Json& rows) {
  mid::Matrix out(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c) out(r, c) = rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)].get<float>();
  return out;
}
