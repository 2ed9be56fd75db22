#pragma once
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// Pictures are rows of height x width pixels in [0, 1]. demos.md, "Words used below"; docs/method.md.

/// Mean squared error of each row.
VectorXd squared_error(MatrixRef a, MatrixRef b);
/// Peak signal-to-noise ratio of each row in dB, range [0, 1]: 10 log10(1 / MSE); infinite for equal pictures.
VectorXd psnr(MatrixRef a, MatrixRef b);
/// Structural similarity of each row: 7 x 7 uniform window, valid positions, C1 = .01^2, C2 = .03^2, sample covariance as
/// scikit-image's default (N / (N - 1)). Source: Wang et al., IEEE TIP 2004.
VectorXd ssim(MatrixRef a, MatrixRef b, int height, int width);
/// Correlation of each row's deviations from `average` (rows as pictures); 0 where one of them is constant.
VectorXd correlation(MatrixRef guess, MatrixRef truth, MatrixRef average);

/// Line-up: for each row the exact chance that `guess` picks `truth` among itself and 9 others of its pool, by correlation
/// of deviations from that row's `average`: C(w, 9) / C(m, 9), m others in the pool, w of them with strictly lower correlation.
/// A picture without any deviation counts .1. Pools with fewer than 9 others: all of them are used, chance 1 / (m + 1) ...
VectorXd line_up(MatrixRef guess, MatrixRef truth, MatrixRef average, const std::vector<int>& pool);

}  // namespace mid
