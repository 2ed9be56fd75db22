#pragma once
#include "mid/base/matrix.hpp"

namespace mid {

/// Pictures are rows of height x width pixels, row by row.

/// Moves each picture by (down, right) pixels; the edge is replicated.
Matrix shifted(MatrixRef pictures, int height, int width, int down, int right);
/// Each picture mirrored left to right.
Matrix mirrored(MatrixRef pictures, int height, int width);
/// Each picture reduced by `factor` (a divisor of both sides): the mean of factor x factor pixels.
Matrix reduced(MatrixRef pictures, int height, int width, int factor);
/// Each pixel of pictures of height x width repeated factor x factor times: what reduced() undoes.
Matrix enlarged(MatrixRef pictures, int height, int width, int factor);
/// How many with_shifts makes of one that it moves.
inline constexpr int kShiftCopies = 5;
/// The pictures followed by their four shifts of `pixels` along the axes (down, up, right, left): 5 rows for each.
/// Row order: all originals, then all moved down, ... `pixels` 0 returns the pictures alone.
Matrix with_shifts(MatrixRef pictures, int height, int width, int pixels);

}  // namespace mid
