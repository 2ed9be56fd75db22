#include <array>
#include <cassert>

#include "mid/measure/picture.hpp"

namespace mid {
namespace {

constexpr int kWindow = 7;
constexpr double kC1 = .01 * .01, kC2 = .03 * .03;  // data range 1

/// Sums of x, y, x^2, y^2 and xy.
using Sums = Eigen::Array<double, 5, 1>;

Sums of_pixel(double x, double y) { return Sums(x, y, x * x, y * y, x * y); }

double similarity(const Sums& window) {
  constexpr double n = kWindow * kWindow, sample = n / (n - 1);
  const Sums mean = window / n;
  const double x = mean[0], y = mean[1];
  const double var_x = sample * (mean[2] - x * x), var_y = sample * (mean[3] - y * y), cov = sample * (mean[4] - x * y);
  return (2 * x * y + kC1) * (2 * cov + kC2) / ((x * x + y * y + kC1) * (var_x + var_y + kC2));
}

/// One picture: the window's sums slide, a row of column sums down and one window sum to the right.
double mean_similarity(const float* a, const float* b, int height, int width) {
  std::vector<Sums> column(static_cast<std::size_t>(width), Sums::Zero());
  double total = 0;
  for (int row = 0; row < height; ++row) {
    for (int x = 0; x < width; ++x) {
      Sums& sum = column[static_cast<std::size_t>(x)];
      sum += of_pixel(a[row * width + x], b[row * width + x]);
      if (const int gone = row - kWindow; gone >= 0) sum -= of_pixel(a[gone * width + x], b[gone * width + x]);
    }
    if (row < kWindow - 1) continue;
    Sums window = Sums::Zero();
    for (int x = 0; x < width; ++x) {
      window += column[static_cast<std::size_t>(x)];
      if (x >= kWindow) window -= column[static_cast<std::size_t>(x - kWindow)];
      if (x >= kWindow - 1) total += similarity(window);
    }
  }
  return total / ((height - kWindow + 1.0) * (width - kWindow + 1.0));
}

}  // namespace

VectorXd ssim(MatrixRef a, MatrixRef b, int height, int width) {
  assert(a.rows() == b.rows() && a.cols() == height * width && b.cols() == a.cols());
  assert(height >= kWindow && width >= kWindow);
  VectorXd out(a.rows());
  for (Eigen::Index r = 0; r < a.rows(); ++r) out[r] = mean_similarity(&a.coeffRef(r, 0), &b.coeffRef(r, 0), height, width);
  return out;
}

}  // namespace mid
