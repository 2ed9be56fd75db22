#pragma once
#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// Principal components of pictures: what a face looks like, learnt from other people's faces.
struct PcaPrior {
  Matrix mean;                            ///< 1 x pixels
  Matrix components;                      ///< k x pixels, orthonormal rows, largest variance first
  VectorXd sd;                            ///< of the training pictures' coefficients (population)
  Matrix code(MatrixRef pictures) const;  ///< rows x k: (pictures - mean) components'
  Matrix picture(MatrixRef code) const;   ///< rows x pixels, not clipped
};

/// The first `k` components, by block Lanczos iteration with thick restarts: the pictures enter only as products with a few
/// vectors, in row blocks with ticks, so no call takes longer than a few milliseconds. Float products, double-precision
/// orthogonality; stops when every variance is right to about 1e-6 of itself, or after 60 products. Deterministic given
/// `random`; each component's sign makes its largest entry positive. `k` is reduced to the rank when the pictures have less
/// (variances below 1e-6 of the largest are rounding).
/// Source: Golub and Underwood 1977; Wu and Simon, SIAM J. Matrix Anal. Appl. 22(2), 2000.
Task fit_pca(Context& context, Matrix pictures, int k, Stream random, PcaPrior& out);

}  // namespace mid
