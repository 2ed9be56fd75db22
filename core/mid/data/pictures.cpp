#include "mid/data/pictures.hpp"

#include <algorithm>
#include <cassert>

namespace mid {

Matrix shifted(MatrixRef pictures, int height, int width, int down, int right) {
  assert(pictures.cols() == height * width);
  Matrix out(pictures.rows(), pictures.cols());
  for (int y = 0; y < height; ++y) {
    const int from_y = std::clamp(y - down, 0, height - 1);
    for (int x = 0; x < width; ++x) out.col(y * width + x) = pictures.col(from_y * width + std::clamp(x - right, 0, width - 1));
  }
  return out;
}

Matrix mirrored(MatrixRef pictures, int height, int width) {
  assert(pictures.cols() == height * width);
  Matrix out(pictures.rows(), pictures.cols());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) out.col(y * width + x) = pictures.col(y * width + width - 1 - x);
  return out;
}

Matrix reduced(MatrixRef pictures, int height, int width, int factor) {
  assert(pictures.cols() == height * width && factor >= 1 && height % factor == 0 && width % factor == 0);
  if (factor == 1) return pictures;
  const int small_width = width / factor;
  Matrix out = Matrix::Zero(pictures.rows(), pictures.cols() / (factor * factor));
  for (Eigen::Index row = 0; row < pictures.rows(); ++row)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) out(row, y / factor * small_width + x / factor) += pictures(row, y * width + x);
  return out / static_cast<float>(factor * factor);
}

Matrix enlarged(MatrixRef pictures, int height, int width, int factor) {
  assert(pictures.cols() == Eigen::Index{height} * width);
  Matrix out(pictures.rows(), pictures.cols() * factor * factor);
  for (Eigen::Index r = 0; r < pictures.rows(); ++r) {
    float* to = out.row(r).data();
    for (int y = 0; y < height * factor; ++y)
      for (int x = 0; x < width * factor; ++x) *to++ = pictures(r, Eigen::Index{y / factor} * width + x / factor);
  }
  return out;
}

Matrix with_shifts(MatrixRef pictures, int height, int width, int pixels) {
  if (pixels == 0) return pictures;
  const Eigen::Index n = pictures.rows();
  Matrix out(kShiftCopies * n, pictures.cols());
  out.topRows(n) = pictures;
  const int moves[kShiftCopies - 1][2] = {{pixels, 0}, {-pixels, 0}, {0, pixels}, {0, -pixels}};
  for (int i = 0; i < kShiftCopies - 1; ++i) out.middleRows((i + 1) * n, n) = shifted(pictures, height, width, moves[i][0], moves[i][1]);
  return out;
}

}  // namespace mid
