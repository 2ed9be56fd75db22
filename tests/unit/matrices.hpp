#pragma once
#include <algorithm>
#include <initializer_list>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/base/matrix.hpp"

/// A matrix of the golden files: a list of rows.
inline mid::Matrix matrix(const mid::Json& rows) {
  mid::Matrix out(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c) out(r, c) = rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)].get<float>();
  return out;
}

/// A vector of the golden files: a list of numbers.
inline Eigen::VectorXd vector(const mid::Json& j) {
  const auto values = j.get<std::vector<double>>();
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// A matrix of one row.
inline mid::Matrix row(std::initializer_list<float> values) {
  mid::Matrix m(1, static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), m.data());
  return m;
}
