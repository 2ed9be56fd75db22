#include "mid/metric/picture.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>

namespace mid {
namespace {

constexpr double kFlat = 1e-6;    // deviations below this are float's rounding
constexpr double kTie = 1e-12;    // correlations closer than this are equal
constexpr double kClose = 1e-4;   // single precision cannot be trusted to order correlations closer than this
constexpr int kOthers = 9;

/// The deviation picture - average less its mean over the pixels, scaled to length 1; all zero where it is flat.
template <class Out>
void normalised_deviation(const float* picture, const float* average, Out&& out) {
  const auto pixels = out.size();
  const Eigen::Map<const VectorXf> p(picture, pixels), a(average, pixels);
  out = p.template cast<double>() - a.template cast<double>();
  out.array() -= out.mean();
  const double length = out.norm();
  if (length <= kFlat * std::sqrt(static_cast<double>(pixels)))
    out.setZero();
  else
    out /= length;
}

/// The deviations of the given rows, one a row.
Matrix deviations(MatrixRef pictures, MatrixRef average, const std::vector<int>& rows) {
  Matrix out(static_cast<Eigen::Index>(rows.size()), pictures.cols());
  VectorXd deviation(pictures.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const int r = rows[static_cast<std::size_t>(i)];
    normalised_deviation(&pictures.coeffRef(r, 0), &average.coeffRef(r, 0), deviation);
    out.row(i) = deviation.cast<float>();
  }
  return out;
}

double exact_fit(const Matrix& guess, const Matrix& truth, int i, int j) {
  return guess.row(i).cast<double>().dot(truth.row(j).cast<double>());
}

/// How many truths fit guess i strictly less well than its own. The product is in single precision, twice as fast; what
/// it leaves in doubt is decided in double.
int lower_fits(const Matrix& guess, const Matrix& truth, const Matrix& fit, int i) {
  const double own = exact_fit(guess, truth, i, i);
  int lower = 0;
  for (int j = 0; j < fit.cols(); ++j) {
    const double f = std::abs(fit(i, j) - own) > kClose ? static_cast<double>(fit(i, j)) : exact_fit(guess, truth, i, j);
    lower += f < own - kTie;
  }
  return lower;
}

std::map<int, std::vector<int>> rows_by_pool(const std::vector<int>& pool) {
  std::map<int, std::vector<int>> rows;
  for (std::size_t i = 0; i < pool.size(); ++i) rows[pool[i]].push_back(static_cast<int>(i));
  return rows;
}

int others_shown(std::size_t pool_size) { return std::min(kOthers, static_cast<int>(pool_size) - 1); }

/// C(w, k) / C(m, k): the chance that k of m others drawn without replacement all belong to the w lower ones.
double chance_all_lower(int w, int m, int k) {
  double chance = 1;
  for (int i = 0; i < k; ++i) chance *= static_cast<double>(std::max(w - i, 0)) / (m - i);
  return chance;
}

}  // namespace

VectorXd squared_error(MatrixRef a, MatrixRef b) {
  assert(a.rows() == b.rows() && a.cols() == b.cols());
  VectorXd out(a.rows());
  for (Eigen::Index r = 0; r < a.rows(); ++r)
    out[r] = (a.row(r).cast<double>() - b.row(r).cast<double>()).squaredNorm() / static_cast<double>(a.cols());
  return out;
}

VectorXd psnr(MatrixRef a, MatrixRef b) {
  return squared_error(a, b).unaryExpr([](double mse) { return -10 * std::log10(mse); });
}

VectorXd correlation(MatrixRef guess, MatrixRef truth, MatrixRef average) {
  assert(guess.rows() == truth.rows() && guess.rows() == average.rows());
  VectorXd out(guess.rows()), g(guess.cols()), t(guess.cols());
  for (Eigen::Index r = 0; r < guess.rows(); ++r) {
    normalised_deviation(&guess.coeffRef(r, 0), &average.coeffRef(r, 0), g);
    normalised_deviation(&truth.coeffRef(r, 0), &average.coeffRef(r, 0), t);
    out[r] = g.dot(t);
  }
  return out;
}

VectorXd line_up(MatrixRef guess, MatrixRef truth, MatrixRef average, const std::vector<int>& pool) {
  assert(guess.rows() == truth.rows() && guess.rows() == average.rows());
  assert(static_cast<std::size_t>(guess.rows()) == pool.size());
  VectorXd out(guess.rows());
  for (const auto& [name, rows] : rows_by_pool(pool)) {
    const Matrix g = deviations(guess, average, rows), t = deviations(truth, average, rows);
    const Matrix fit = g * t.transpose();
    const int m = static_cast<int>(rows.size()) - 1, k = others_shown(rows.size());
    for (int i = 0; i <= m; ++i)
      out[rows[static_cast<std::size_t>(i)]] =
          g.row(i).isZero(0) ? 1.0 / (k + 1) : chance_all_lower(lower_fits(g, t, fit, i), m, k);
  }
  return out;
}

VectorXd nearest_truth(MatrixRef guess, MatrixRef truth, MatrixRef average) {
  const int n = static_cast<int>(guess.rows());
  std::vector<int> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  const Matrix g = deviations(guess, average, rows), t = deviations(truth, average, rows);
  const Matrix fit = g * t.transpose();
  VectorXd out(n);
  for (int i = 0; i < n; ++i) out[i] = g.row(i).isZero(0) ? 1.0 / n : lower_fits(g, t, fit, i) == n - 1;
  return out;
}

double line_up_chance(const std::vector<int>& pool) {
  double sum = 0;
  for (const auto& [name, rows] : rows_by_pool(pool))
    sum += static_cast<double>(rows.size()) / (others_shown(rows.size()) + 1);
  return sum / static_cast<double>(pool.size());
}

}  // namespace mid
