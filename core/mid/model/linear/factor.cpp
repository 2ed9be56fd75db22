#include "mid/model/linear/factor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mid {
namespace {

using Eigen::Index;

/// Exchanges rows and columns k and m > k of a symmetric matrix of which the lower triangle is kept.
void exchange(Eigen::MatrixXd& a, Index k, Index m) {
  const Index behind = a.rows() - m - 1;
  a.row(k).head(k).swap(a.row(m).head(k));
  a.col(k).tail(behind).swap(a.col(m).tail(behind));
  std::swap(a(k, k), a(m, m));
  for (Index i = k + 1; i < m; ++i) std::swap(a(i, k), a(m, i));
}

template <class M>
void solve_in_place(const Ldlt& by, M& x) {
  x = by.order * x;
  by.lower.triangularView<Eigen::UnitLower>().solveInPlace(x);
  for (Index i = 0; i < x.rows(); ++i) {
    if (std::abs(by.lower(i, i)) > std::numeric_limits<double>::min())
      x.row(i) /= by.lower(i, i);
    else
      x.row(i).setZero();
  }
  by.lower.transpose().triangularView<Eigen::UnitUpper>().solveInPlace(x);
  x = by.order.transpose() * x;
}

}  // namespace

VectorXd Ldlt::solve(const VectorXd& b) const {
  VectorXd x = b;
  solve_in_place(*this, x);
  count_work(2. * static_cast<double>(lower.size()));
  return x;
}

Task factor_ldlt(Eigen::MatrixXd symmetric, Ldlt& out) {
  out.lower = std::move(symmetric);
  Eigen::MatrixXd& a = out.lower;
  const Index n = a.rows();
  out.order.resize(n);
  VectorXd weighted(n);
  for (Index k = 0; k < n; ++k) {
    Index largest = 0;
    a.diagonal().tail(n - k).cwiseAbs().maxCoeff(&largest);
    largest += k;
    out.order.coeffRef(k) = static_cast<int>(largest);
    if (k != largest) exchange(a, k, largest);
    const Index rest = n - k - 1;
    if (k > 0) {
      weighted.head(k) = a.diagonal().head(k).asDiagonal() * a.row(k).head(k).adjoint();
      a(k, k) -= (a.row(k).head(k) * weighted.head(k)).value();
      if (rest > 0) a.col(k).tail(rest).noalias() -= a.block(k + 1, 0, rest, k) * weighted.head(k);
    }
    const bool valid = std::abs(a(k, k)) > 0;
    if (k == 0 && !valid) {  // nothing but zeros, or no numbers
      for (Index j = 0; j < n; ++j) out.order.coeffRef(j) = static_cast<int>(j);
      co_return;
    }
    if (valid && n > 1) a.col(k).tail(rest) /= a(k, k);
    if (tick_due(2. * static_cast<double>(rest * k + n))) co_await Tick{};
  }
}

Task solve_ldlt(const Ldlt& by, Eigen::MatrixXd b, Eigen::MatrixXd& out) {
  // Whole groups of four, so that a column's sums do not hang on where a piece begins.
  const double work_of_column = 4. * static_cast<double>(by.lower.size());
  const Index block = 4 * std::max<Index>(1, static_cast<Index>(kWorkOfTick / 4 / std::max(1., work_of_column)));
  for (Index first = 0; first < b.cols(); first += block) {
    const Index count = std::min(block, b.cols() - first);
    Eigen::MatrixXd part = b.middleCols(first, count);
    solve_in_place(by, part);
    b.middleCols(first, count) = part;
    if (tick_due(work_of_column * static_cast<double>(count))) co_await Tick{};
  }
  out = std::move(b);
}

Task decompose_symmetric(Eigen::MatrixXd symmetric, VectorXd& values, Eigen::MatrixXd& vectors) {
  const Index n = symmetric.rows();
  Eigen::MatrixXd& a = vectors;
  a = symmetric.triangularView<Eigen::Lower>();
  if (n <= 1) {
    values = a.diagonal();
    a.setOnes();
    co_return;
  }
  double scale = a.cwiseAbs().maxCoeff();
  if (scale == 0) scale = 1;
  a.triangularView<Eigen::Lower>() /= scale;

  // To three diagonals by reflections, whose product then takes the place of the matrix.
  VectorXd coefficient(n - 1), workspace(n);
  for (Index i = 0; i < n - 1; ++i) {
    const Index rest = n - i - 1;
    double beta = 0, h = 0;
    a.col(i).tail(rest).makeHouseholderInPlace(h, beta);
    a(i + 1, i) = 1;
    coefficient.tail(rest).noalias() = a.bottomRightCorner(rest, rest).selfadjointView<Eigen::Lower>() * (h * a.col(i).tail(rest));
    coefficient.tail(rest) += (h * -.5 * (coefficient.tail(rest).dot(a.col(i).tail(rest)))) * a.col(i).tail(rest);
    a.bottomRightCorner(rest, rest).selfadjointView<Eigen::Lower>().rankUpdate(a.col(i).tail(rest), coefficient.tail(rest), -1);
    a(i + 1, i) = beta;
    coefficient[i] = h;
    if (tick_due(4. * static_cast<double>(rest * rest))) co_await Tick{};
  }
  values = a.diagonal();
  VectorXd below = a.diagonal<-1>();
  a.diagonal().setOnes();
  a.triangularView<Eigen::StrictlyUpper>().setZero();
  for (Index k = n - 2; k >= 0; --k) {
    const Index corner = n - k - 1;
    a.bottomRightCorner(corner, corner).applyHouseholderOnTheLeft(a.col(k).tail(corner - 1), coefficient[k], workspace.data());
    a.col(k).tail(corner).setZero();
    if (tick_due(4. * static_cast<double>(corner * corner))) co_await Tick{};
  }

  // From three diagonals to one by QR steps.
  constexpr int kMostSteps = 30;  // an eigenvalue
  constexpr double kExact = 1 / std::numeric_limits<double>::epsilon();
  Index end = n - 1, start = 0, steps = 0;
  while (end > 0) {
    for (Index i = start; i < end; ++i)
      if (std::abs(below[i]) < std::numeric_limits<double>::min()) {
        below[i] = 0;
      } else {
        const double scaled = kExact * below[i];
        if (scaled * scaled <= std::abs(values[i]) + std::abs(values[i + 1])) below[i] = 0;
      }
    while (end > 0 && below[end - 1] == 0) --end;
    if (end <= 0 || ++steps > kMostSteps * n) break;
    start = end - 1;
    while (start > 0 && below[start - 1] != 0) --start;
    Eigen::internal::tridiagonal_qr_step<Eigen::ColMajor>(values.data(), below.data(), start, end, a.data(), n);
    if (tick_due(6. * static_cast<double>(n * (end - start)))) co_await Tick{};
  }
  if (steps <= kMostSteps * n)
    for (Index i = 0; i < n - 1; ++i) {
      Index least = 0;
      values.segment(i, n - i).minCoeff(&least);
      if (least == 0) continue;
      std::swap(values[i], values[least + i]);
      a.col(i).swap(a.col(least + i));
    }
  values *= scale;
  count_work(2. * static_cast<double>(n * n));
}

}  // namespace mid
