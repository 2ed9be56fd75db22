#pragma once
#include <Eigen/Dense>

namespace mid {

/// Storage of networks, pictures and encoded inputs: float, row-major, one record a row.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
/// A read-only view of a Matrix or of a block of its rows or columns; never copies those.
using MatrixRef = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;
/// Double precision, for regression, information and metrics.
using MatrixD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::VectorXd;
using Eigen::VectorXf;
using Eigen::VectorXi;

}  // namespace mid
