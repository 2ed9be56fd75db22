#pragma once
#include "mid/base/context.hpp"
#include "mid/base/matrix.hpp"

namespace mid {

/// Principal components of pictures: what a face looks like, learnt from other people's faces.
struct PcaPrior {
  Matrix mean;        ///< 1 x pixels
  Matrix components;  ///< k x pixels, orthonormal rows, largest variance first
  VectorXd sd;        ///< of the training pictures' coefficients (population)
  Matrix code(MatrixRef pictures) const;     ///< rows x k: (pictures - mean) components'
  Matrix picture(MatrixRef code) const;      ///< rows x pixels, not clipped
};

/// The first `k` components by block subspace iteration on the rows' Gram products, in row blocks with ticks (no call
/// above a few milliseconds). Deterministic given `random`; each component's sign makes its largest entry positive.
/// `k` is reduced to the rank when the pictures have less.
Task fit_pca(Context& context, Matrix pictures, int k, Stream random, PcaPrior& out);

}  // namespace mid
