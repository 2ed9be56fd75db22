#include "mid/model/linear/ridge.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "mid/base/square_root.hpp"
#include "mid/model/linear/factor.hpp"
#include "mid/nn/matmul.hpp"
#include "mid/nn/product_of.hpp"

namespace mid {
namespace {

constexpr double kCandidates[] = {.0001, .003, .03, .1, .3, 1, 3};
constexpr std::size_t kBlock = 256;

/// Columns of a product that are computed between two ticks: whole panels of its kernel, so that no sum hangs on where a piece begins.
Eigen::Index columns_of_tick(double work_of_column) {
  constexpr Eigen::Index kPanel = 16;
  return kPanel * std::max<Eigen::Index>(1, static_cast<Eigen::Index>(kWorkOfTick / kPanel / std::max(1., work_of_column)));
}

/// Adds features' right to a sum.
Task add_product(const Matrix& features, const Matrix& right, Eigen::MatrixXd& sum) {
  const double work_of_column = 2. * static_cast<double>(features.size());
  Matrix product(features.cols(), right.cols());
  Product part{.a = features.data(),
               .b = right.data(),
               .c = product.data(),
               .m = static_cast<int>(features.cols()),
               .n = static_cast<int>(right.cols()),
               .k = static_cast<int>(features.rows()),
               .transpose_a = true};
  const Eigen::Index block = columns_of_tick(work_of_column);
  for (Eigen::Index first = 0; first < right.cols(); first += block) {
    const Eigen::Index count = std::min(block, right.cols() - first);
    part.column = static_cast<int>(first), part.columns = static_cast<int>(count);
    matmul_kernels()->compute(part);  // the tick below counts its work
    sum.middleCols(first, count) += product.middleCols(first, count).cast<double>();
    if (tick_due(work_of_column * static_cast<double>(count))) co_await Tick{};
  }
}

}  // namespace

void RidgeFeatures::learn(const Matrix& x) {
  mean = x.colwise().mean();
  const Eigen::RowVectorXf variance = (x.rowwise() - mean).array().square().colwise().mean(), sd = square_root(variance);
  // A number that never changes carries nothing: it is switched off instead of divided by 0.
  scale = (sd.array() > 1e-6f).select(sd.array().inverse(), Eigen::RowVectorXf::Zero(sd.cols()).array());
}

Matrix RidgeFeatures::of(const Matrix& x) const {
  const Eigen::Index d = x.cols();
  count_work(2. * static_cast<double>(x.size() * (quadratic ? (d + 3) / 2 : 1)));
  Matrix out(x.rows(), 1 + d + (quadratic ? d * (d + 1) / 2 : 0));
  out.col(0).setOnes();
  out.middleCols(1, d) = (x.rowwise() - mean).array().rowwise() * scale.array();
  if (quadratic)
    for (Eigen::Index i = 0, to = 1 + d; i < d; ++i)
      for (Eigen::Index k = i; k < d; ++k, ++to) out.col(to) = out.col(1 + i).cwiseProduct(out.col(1 + k));
  return out;
}

Task RidgeMoments::add(const Matrix& features, const Matrix& wanted) {
  assert(features.rows() == wanted.rows());
  const Eigen::Index d = features.cols();
  if (rows == 0) xx.setZero(d, d), xy.setZero(d, wanted.cols()), yy.setZero(wanted.cols());
  co_await add_product(features, features, xx);
  co_await add_product(features, wanted, xy);
  yy += wanted.cast<double>().colwise().squaredNorm();
  rows += static_cast<int>(features.rows());
}

void RidgeMoments::add(const RidgeMoments& other) {
  if (rows == 0)
    *this = other;
  else if (other.rows != 0)
    xx += other.xx, xy += other.xy, yy += other.yy, rows += other.rows;
}

RidgeMoments RidgeMoments::without(const RidgeMoments& part) const {
  if (part.rows == 0) return *this;
  return {xx - part.xx, xy - part.xy, yy - part.yy, rows - part.rows};
}

Task ridge_weights(const RidgeMoments& m, double penalty, Eigen::MatrixXd& out) {
  Eigen::MatrixXd a = m.xx;
  a.diagonal().array() += penalty * m.rows;
  a(0, 0) = m.xx(0, 0);
  a.diagonal().array() += 1e-9 * m.rows;  // a switched-off number leaves a row of zeros
  Ldlt factored;
  co_await factor_ldlt(std::move(a), factored);
  co_await solve_ldlt(factored, m.xy, out);
}

Task RidgeMoments::squared_error(const Eigen::MatrixXd& w, VectorXd& out) const {
  out.resize(w.cols());
  const double work_of_column = 2. * static_cast<double>(xx.size());
  const Eigen::Index block = columns_of_tick(work_of_column);
  for (Eigen::Index first = 0; first < w.cols(); first += block) {
    const Eigen::Index count = std::min(block, w.cols() - first);
    const auto part = w.middleCols(first, count);
    out.segment(first, count) =
        yy.segment(first, count) +
        (part.cwiseProduct(xx * part) - 2 * part.cwiseProduct(xy.middleCols(first, count))).colwise().sum().transpose();
    if (tick_due(work_of_column * static_cast<double>(count))) co_await Tick{};
  }
}

Matrix Ridge::predict(const Matrix& numbers) const { return product_of(numbers, weight); }

Task fit_ridge(Context&, RidgeProblem problem, Ridge& out) {
  assert(!problem.answers.empty() && !problem.fold.empty());
  const Eigen::Index own = problem.wanted.rows();
  {
    Matrix all(own * static_cast<Eigen::Index>(problem.answers.size()), problem.answers[0].cols());
    Eigen::Index to = 0;
    for (const Matrix& answer : problem.answers) all.middleRows(to, own) = answer, to += own;
    out.features.learn(all);
    count_work(8. * static_cast<double>(all.size()));
  }
  co_await Tick{};

  // The folds' rows that are predicted, and after them the folds' others.
  const auto folds = static_cast<std::size_t>(1 + *std::max_element(problem.fold.begin(), problem.fold.end()));
  const auto tested = static_cast<std::size_t>(problem.tested > 0 ? problem.tested : own);
  std::vector<std::vector<int>> group(2 * folds);
  for (std::size_t i = 0; i < problem.fold.size(); ++i)
    group[static_cast<std::size_t>(problem.fold[i]) + (i < tested ? 0 : folds)].push_back(static_cast<int>(i));
  std::vector<RidgeMoments> moments(group.size());
  for (std::size_t f = 0; f < moments.size(); ++f)
    for (const Matrix& answer : problem.answers)
      for (std::size_t first = 0; first < group[f].size(); first += kBlock) {
        const std::size_t end = std::min(first + kBlock, group[f].size());
        const std::vector<int> rows(&group[f][first], &group[f][0] + end);
        const Matrix seen = out.features.of(answer(rows, Eigen::all)), wanted = problem.wanted(rows, Eigen::all);
        co_await moments[f].add(seen, wanted);
        co_await Tick{};
      }
  RidgeMoments total, judged;
  for (std::size_t f = 0; f < moments.size(); ++f) {
    const RidgeMoments& m = moments[f];
    total.add(m);
    if (f < folds && tested < static_cast<std::size_t>(own)) judged.add(m);
    if (tick_due(2. * static_cast<double>(m.xx.size() + m.xy.size()))) co_await Tick{};
  }

  Eigen::MatrixXd weights;
  VectorXd errors;
  out.penalty = problem.penalty.value_or(0);
  out.r2.reset();
  if (!problem.penalty || problem.validate) {
    const std::vector<double> candidates =
        problem.penalty ? std::vector<double>{*problem.penalty} : std::vector<double>(std::begin(kCandidates), std::end(kCandidates));
    double best = std::numeric_limits<double>::infinity();
    for (double candidate : candidates) {
      double error = 0;
      for (std::size_t f = 0; f < folds; ++f) {
        const RidgeMoments& left_out = moments[f];
        if (left_out.rows == 0) continue;
        RidgeMoments others = total.without(left_out);
        if (moments[f + folds].rows) others = others.without(moments[f + folds]);
        count_work(4. * static_cast<double>(others.xx.size()));
        co_await ridge_weights(others, candidate, weights);
        co_await left_out.squared_error(weights, errors);
        error += problem.importance.dot(errors);
        co_await Tick{};
      }
      if (error < best) best = error, out.penalty = candidate;
    }
    const RidgeMoments& of = judged.rows ? judged : total;
    const VectorXd of_the_mean = of.yy - of.xy.row(0).transpose().cwiseAbs2() / of.rows;
    out.error = best;
    out.r2 = 1 - best / std::max(1e-12, problem.importance.dot(of_the_mean));
  }
  co_await ridge_weights(total, out.penalty, weights);
  out.weight = weights.cast<float>();
  co_await Tick{};
}

}  // namespace mid
