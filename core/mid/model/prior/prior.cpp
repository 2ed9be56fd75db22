#include "mid/model/prior/prior.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mid/model/linear/factor.hpp"
#include "mid/nn/matmul.hpp"
#include "mid/nn/product_of.hpp"

namespace mid {
namespace {

constexpr double kRounding = 1e-6;  // of the largest variance: what float products cannot tell from 0

using Eigen::Index;
using Columns = Eigen::MatrixXd;  // vectors side by side, each contiguous

/// x v, or x' v if `transposed`, in row blocks of about a millisecond.
Task times(const Matrix& x, bool transposed, Columns v, Columns& out) {
  const Matrix narrow = v.cast<float>();
  const auto rows = x.rows(), cols = x.cols(), width = narrow.cols();
  constexpr double kWorkOfBlock = 4e7;
  const Index block = std::clamp(static_cast<Index>(kWorkOfBlock / (1 + 2. * static_cast<double>(cols * width))), Index{1}, rows);
  out.setZero(transposed ? cols : rows, width);
  for (Index from = 0; from < rows; from += block) {
    const Index count = std::min(block, rows - from);
    Matrix part(transposed ? cols : count, width);
    matmul({.a = x.row(from).data(),
            .b = transposed ? narrow.row(from).data() : narrow.data(),
            .c = part.data(),
            .m = static_cast<int>(part.rows()),
            .n = static_cast<int>(width),
            .k = static_cast<int>(transposed ? count : cols),
            .transpose_a = transposed});
    if (transposed)
      out += part.cast<double>();
    else
      out.middleRows(from, count) = part.cast<double>();
    co_await Tick{};
  }
}

/// Makes the columns of `w` orthonormal and orthogonal to those of `q`; drops those that `q` and their left neighbours
/// already span.
void orthonormalise(const Columns& q, Columns& w) {
  constexpr double kSpanned = 1e-10;
  const VectorXd length = w.colwise().norm();
  count_work(8. * static_cast<double>(w.size() * (q.cols() + w.cols() / 2)));
  for (int pass = 0; pass < 2; ++pass) w -= q * (q.transpose() * w).eval();  // twice is enough (Kahan, Parlett)
  Index kept = 0;
  for (Index c = 0; c < w.cols(); ++c) {
    VectorXd v = w.col(c);
    for (int pass = 0; pass < 2; ++pass) v -= w.leftCols(kept) * (w.leftCols(kept).transpose() * v).eval();
    const double rest = v.norm();
    if (rest > kSpanned * length(c)) w.col(kept++) = v / rest;
  }
  w.conservativeResize(Eigen::NoChange, kept);
}

Columns random_block(Stream random, Index rows, Index cols) {
  Random draw(random);
  Columns out(rows, cols);
  for (Index i = 0; i < out.size(); ++i) out.data()[i] = draw.normal();
  return out;
}

/// The leading eigenvalues and eigenvectors of x'x, or of xx' if that is smaller.
Task leading(const Matrix& x, int k, Stream random, VectorXd& value, Columns& vector) {
  const bool by_rows = x.rows() <= x.cols();
  const Index size = std::min(x.rows(), x.cols());
  constexpr Index kBlock = 16, kSpare = 8, kBlocksBeforeRestart = 6;
  constexpr int kMostProducts = 60;
  constexpr double kResidual = 1e-3;  // an eigenvalue's relative error is about its square
  const Index keep = std::min<Index>(k + kSpare, size);

  Columns q(size, 0), next = random_block(random, size, std::min(kBlock, size));
  orthonormalise(q, next);
  Columns projected;  // q' A q
  for (int product = 1;; ++product) {
    Columns half, w;
    co_await times(x, by_rows, next, half);
    co_await times(x, !by_rows, half, w);
    const Index had = q.cols(), has = had + next.cols();
    q.conservativeResize(Eigen::NoChange, has);
    q.rightCols(next.cols()) = next;
    const Columns share = q.transpose() * w;
    count_work(2. * static_cast<double>(q.size() * w.cols()));
    co_await Tick{};
    projected.conservativeResize(has, has);
    projected.rightCols(next.cols()) = share;
    projected.bottomRows(next.cols()) = share.transpose();
    const Index newest = next.cols();
    next = w;
    orthonormalise(q, next);
    const bool last = next.cols() == 0 || product == kMostProducts;
    if (!last && has < keep) continue;

    // What A adds to the space, seen from the newest block, bounds the error of every pair: |A v - value v|.
    co_await Tick{};
    VectorXd eigenvalue;
    Columns eigenvector;
    co_await decompose_symmetric(projected, eigenvalue, eigenvector);
    const Index count = std::min(keep, has);
    const Columns mix = eigenvector.rightCols(count).rowwise().reverse();
    const VectorXd residual = ((next.transpose() * w) * mix.bottomRows(newest)).colwise().norm();
    value = eigenvalue.reverse().head(count);
    bool settled = true;
    for (Index i = 0; i < std::min<Index>(k, count); ++i)
      settled = settled && residual(i) <= std::max(kResidual * value(i), kRounding * value(0));
    if (!last && !settled && has < keep + kBlocksBeforeRestart * kBlock) continue;
    q = (q * mix).eval();
    count_work(2. * static_cast<double>(q.rows() * mix.size()));
    projected = value.asDiagonal();
    if (last || settled) break;
    co_await Tick{};
  }
  vector = std::move(q);
}

}  // namespace

Matrix PcaPrior::code(MatrixRef pictures) const { return product_of(pictures.rowwise() - mean.row(0), components, true); }

Matrix PcaPrior::picture(MatrixRef code) const { return product_of(code, components, false, mean.data()); }

Task fit_pca(Context& context, Matrix pictures, int k, Stream random, PcaPrior& out) {
  (void)context;  // no save point: a fraction of a second
  assert(pictures.rows() >= 1 && k >= 0);
  const Index rows = pictures.rows(), pixels = pictures.cols();
  const Eigen::RowVectorXd mean = pictures.cast<double>().colwise().mean();
  out.mean = mean.cast<float>();
  pictures.rowwise() -= out.mean.row(0);
  count_work(6. * static_cast<double>(pictures.size()));
  co_await Tick{};

  VectorXd variance;
  Columns vector;
  co_await leading(pictures, std::min<int>(k, static_cast<int>(std::min(rows, pixels))), random, variance, vector);
  Index rank = 0;
  while (rank < std::min<Index>(k, variance.size()) && variance(rank) > kRounding * variance(0)) ++rank;

  Columns component = vector.leftCols(rank);
  if (rows <= pixels) co_await times(pictures, true, vector.leftCols(rank), component);
  orthonormalise(Columns(pixels, 0), component);
  for (Index i = 0; i < component.cols(); ++i) {
    Index at = 0;
    component.col(i).cwiseAbs().maxCoeff(&at);
    if (component(at, i) < 0) component.col(i) *= -1;
  }
  out.components = component.transpose().cast<float>();
  out.sd = (variance.head(component.cols()) / static_cast<double>(rows)).cwiseSqrt();
}

}  // namespace mid
