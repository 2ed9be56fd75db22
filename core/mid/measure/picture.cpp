#include "mid/measure/picture.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>

#include "mid/nn/matmul.hpp"

namespace mid {
namespace {

constexpr double kFlat = 1e-6;   // deviations below this are float's rounding
constexpr double kTie = 1e-12;   // correlations closer than this are equal
constexpr double kClose = 1e-4;  // single precision cannot be trusted to order correlations closer than this
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
Task deviations(const Matrix& pictures, const Matrix& average, const std::vector<int>& rows, Matrix& out) {
  out.resize(static_cast<Eigen::Index>(rows.size()), pictures.cols());
  VectorXd deviation(pictures.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const int r = rows[static_cast<std::size_t>(i)];
    normalised_deviation(&pictures.coeffRef(r, 0), &average.coeffRef(r, 0), deviation);
    out.row(i) = deviation.cast<float>();
    if (tick_due(10. * static_cast<double>(out.cols()))) co_await Tick{};
  }
}

double exact_fit(const Matrix& guess, const Matrix& truth, int i, int j) {
  return guess.row(i).cast<double>().dot(truth.row(j).cast<double>());
}

/// How many truths fit guess i strictly less well than its own; `fit`: the product with each. That is in single precision, twice
/// as fast; what it leaves in doubt is decided in double.
int lower_fits(const Matrix& guess, const Matrix& truth, const Eigen::Ref<const Eigen::RowVectorXf>& fit, int i) {
  const double own = exact_fit(guess, truth, i, i);
  int lower = 0;
  for (int j = 0; j < fit.size(); ++j) {
    const double f = std::abs(fit[j] - own) > kClose ? static_cast<double>(fit[j]) : exact_fit(guess, truth, i, j);
    lower += f < own - kTie;
  }
  return lower;
}

/// lower_fits() of every guess; -1 where it is flat.
Task all_lower_fits(const Matrix& guess, const Matrix& truth, VectorXi& out) {
  out.resize(guess.rows());
  const double work_of_row = 2. * static_cast<double>(truth.size());
  const auto block = std::max<Eigen::Index>(1, static_cast<Eigen::Index>(kWorkOfTick / std::max(1., work_of_row)));
  for (Eigen::Index first = 0; first < guess.rows(); first += block) {
    const Eigen::Index count = std::min(block, guess.rows() - first);
    Matrix fit(count, truth.rows());
    matmul_kernels()->compute({.a = guess.row(first).data(),
                               .b = truth.data(),
                               .c = fit.data(),
                               .m = static_cast<int>(count),
                               .n = static_cast<int>(truth.rows()),
                               .k = static_cast<int>(truth.cols()),
                               .transpose_b = true});  // the tick below counts its work
    for (Eigen::Index i = 0; i < count; ++i)
      out[first + i] = guess.row(first + i).isZero(0) ? -1 : lower_fits(guess, truth, fit.row(i), static_cast<int>(first + i));
    if (tick_due(work_of_row * static_cast<double>(count))) co_await Tick{};
  }
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

Task line_up(const Matrix& guess, const Matrix& truth, const Matrix& average, const std::vector<int>& pool, VectorXd& out) {
  assert(guess.rows() == truth.rows() && guess.rows() == average.rows());
  assert(static_cast<std::size_t>(guess.rows()) == pool.size());
  out.resize(guess.rows());
  const std::map<int, std::vector<int>> pools = rows_by_pool(pool);
  Matrix g, t;
  VectorXi lower;
  for (const auto& [name, rows] : pools) {
    co_await deviations(guess, average, rows, g);
    co_await deviations(truth, average, rows, t);
    co_await all_lower_fits(g, t, lower);
    const int m = static_cast<int>(rows.size()) - 1, k = others_shown(rows.size());
    for (int i = 0; i <= m; ++i) out[rows[static_cast<std::size_t>(i)]] = lower[i] < 0 ? 1.0 / (k + 1) : chance_all_lower(lower[i], m, k);
  }
}

VectorXd line_up(MatrixRef guess, MatrixRef truth, MatrixRef average, const std::vector<int>& pool) {
  const Matrix g = guess, t = truth, a = average;
  VectorXd out;
  finish(line_up(g, t, a, pool, out));
  return out;
}

Task draw_line_ups(const Matrix& guess, const Matrix& truth, const Matrix& average, const std::vector<int>& pool, int rows, Stream random,
                   std::vector<LineUp>& out) {
  const std::map<int, std::vector<int>> pools = rows_by_pool(pool);
  out.assign(static_cast<std::size_t>(rows), {});
  Matrix g, t;
  for (int i = 0; i < rows; ++i) {
    LineUp& line = out[static_cast<std::size_t>(i)];
    std::vector<int> others = pools.at(pool[static_cast<std::size_t>(i)]);
    std::erase(others, i);
    const int m = static_cast<int>(others.size()), k = others_shown(others.size() + 1);
    const Stream own = random.sub(static_cast<std::uint64_t>(i));
    const std::vector<int> drawn = permutation(own.sub("who"), m);
    std::vector<int> who{i};
    for (int j = 0; j < k; ++j) who.push_back(others[static_cast<std::size_t>(drawn[static_cast<std::size_t>(j)])]);
    for (const int place : permutation(own.sub("order"), k + 1)) {
      if (place == 0) line.truth = static_cast<int>(line.row.size());
      line.row.push_back(who[static_cast<std::size_t>(place)]);
    }
    const std::vector<int> own_row(1, i);  // g++ 12 loses a list in braces in a coroutine
    co_await deviations(guess, average, own_row, g);
    co_await deviations(truth, average, line.row, t);
    for (int j = 0; j <= k; ++j) line.likeness.push_back(exact_fit(g, t, 0, j));
    if (g.isZero(0)) continue;
    line.pick = line.truth;
    for (int j = 0; j <= k; ++j) {
      const double fit = line.likeness[static_cast<std::size_t>(j)], best = line.likeness[static_cast<std::size_t>(line.pick)];
      if (j != line.truth && (line.pick == line.truth ? fit >= best - kTie : fit > best)) line.pick = j;
    }
  }
}

Task nearest_truth(const Matrix& guess, const Matrix& truth, const Matrix& average, VectorXd& out) {
  const int n = static_cast<int>(guess.rows());
  std::vector<int> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  Matrix g, t;
  VectorXi lower;
  co_await deviations(guess, average, rows, g);
  co_await deviations(truth, average, rows, t);
  co_await all_lower_fits(g, t, lower);
  out.resize(n);
  for (int i = 0; i < n; ++i) out[i] = lower[i] < 0 ? 1.0 / n : lower[i] == n - 1;
}

VectorXd nearest_truth(MatrixRef guess, MatrixRef truth, MatrixRef average) {
  const Matrix g = guess, t = truth, a = average;
  VectorXd out;
  finish(nearest_truth(g, t, a, out));
  return out;
}

double line_up_chance(const std::vector<int>& pool) {
  double sum = 0;
  for (const auto& [name, rows] : rows_by_pool(pool)) sum += static_cast<double>(rows.size()) / (others_shown(rows.size()) + 1);
  return sum / static_cast<double>(pool.size());
}

}  // namespace mid
