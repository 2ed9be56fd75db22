#pragma once
#include "mid/base/matrix.hpp"

namespace mid {

/// a b of whole matrices, or a b' if `transpose_b`, by nn/matmul; `bias`, if given, is added to each row (as many numbers as columns).
Matrix product_of(const Matrix& a, const Matrix& b, bool transpose_b = false, const float* bias = nullptr);

}  // namespace mid
