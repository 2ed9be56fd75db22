#pragma once
#include <vector>

#include "mid/base/matrix.hpp"
#include "mid/base/philox.hpp"
#include "mid/base/task.hpp"

namespace mid {

/// Pictures are rows of height x width pixels in [0, 1]. All is computed in double. The rows of the first four functions
/// are independent of each other, so a Task may work through them in blocks. docs/method.md.

/// Mean squared error of each row.
VectorXd squared_error(MatrixRef a, MatrixRef b);

/// Peak signal-to-noise ratio of each row in dB, range [0, 1]: 10 log10(1 / MSE); infinite for equal pictures.
VectorXd psnr(MatrixRef a, MatrixRef b);

/// Structural similarity of each row: 7 x 7 uniform window, valid positions, C1 = .01^2, C2 = .03^2, sample covariance as
/// scikit-image's default (N / (N - 1)). Pictures have at least 7 x 7 pixels. Source: Wang et al., IEEE TIP 2004.
VectorXd ssim(MatrixRef a, MatrixRef b, int height, int width);

/// How well the shape of each guess's deviation from `average` fits that of the truth's: Pearson's correlation over the
/// pixels of guess - average and truth - average, each with its own mean over the pixels removed (overall brightness
/// counts for nothing). 0 where one of them is flat: a deviation of less than 1e-6 of the pixel range (root mean
/// square) is float's rounding, not a picture.
VectorXd correlation(MatrixRef guess, MatrixRef truth, MatrixRef average);

/// Line-up: for each row the exact chance that `guess` picks `truth` among itself and 9 others of its pool, by the
/// correlation above, every picture's deviation being from its own row's `average`: C(w, 9) / C(m, 9), m others in the
/// pool, w of them with strictly lower correlation (by more than 1e-12). A flat guess names nobody: it counts the chance.
/// Pools with fewer than 9 others: all m of them stand beside the truth, chance 1 / (m + 1).
/// Costs one product of 2 n^2 x pixels operations for a pool of n rows: 2,000 digits in ten pools take about 30 ms, so a
/// Task asks for `out`, with ticks in between; what it is given outlives it.
VectorXd line_up(MatrixRef guess, MatrixRef truth, MatrixRef average, const std::vector<int>& pool);
Task line_up(const Matrix& guess, const Matrix& truth, const Matrix& average, const std::vector<int>& pool, VectorXd& out);

/// One line-up that line_up() counts, as one would lay it out on a table.
struct LineUp {
  std::vector<int> row;          ///< who stands in it, in this order
  std::vector<double> likeness;  ///< of each: how well its truth fits the guess, by the correlation above; all 0 of a flat guess
  int truth = 0;                 ///< the place of the true one
  int pick = -1;                 ///< the place of the one that the guess picks: the likest, of equals not the true one; -1: it is flat
};
/// Draws one for each of the first `rows` rows: nine others of its pool (all of a small one), each set as likely as any other, in
/// random order. With the same `random` the same people stand in it, whatever the guess.
Task draw_line_ups(const Matrix& guess, const Matrix& truth, const Matrix& average, const std::vector<int>& pool, int rows, Stream random,
                   std::vector<LineUp>& out);

/// 1 where of all truths that of its own row fits the guess best, by the correlation above; 1 / rows for a flat guess. It
/// misleads where a picture is a mask of noise: show the picture, correlation and line-up beside it (docs/stories.md, "A face from a
/// name").
VectorXd nearest_truth(MatrixRef guess, MatrixRef truth, MatrixRef average);
Task nearest_truth(const Matrix& guess, const Matrix& truth, const Matrix& average, VectorXd& out);

/// The chance of somebody who points at random, as the mean over the rows: .1, or 1 / (m + 1) where a pool is small.
double line_up_chance(const std::vector<int>& pool);

}  // namespace mid
