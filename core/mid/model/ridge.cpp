#include "mid/model/ridge.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace mid {
namespace {

constexpr double kCandidates[] = {.003, .03, .1, .3, 1, 3};
constexpr std::size_t kBlock = 256;

}  // namespace

void RidgeFeatures::learn(const Matrix& x) {
  mean = x.colwise().mean();
  const Eigen::RowVectorXf sd = (x.rowwise() - mean).array().square().colwise().mean().sqrt();
  // A number that never changes carries nothing: it is switched off instead of divided by 0.
  scale = (sd.array() > 1e-6f).select(sd.array().inverse(), Eigen::RowVectorXf::Zero(sd.cols()).array());
}

Matrix RidgeFeatures::of(const Matrix& x) const {
  const Eigen::Index d = x.cols();
  Matrix out(x.rows(), 1 + d + (quadratic ? d * (d + 1) / 2 : 0));
  out.col(0).setOnes();
  out.middleCols(1, d) = (x.rowwise() - mean).array().rowwise() * scale.array();
  if (quadratic)
    for (Eigen::Index i = 0, to = 1 + d; i < d; ++i)
      for (Eigen::Index k = i; k < d; ++k, ++to) out.col(to) = out.col(1 + i).cwiseProduct(out.col(1 + k));
  return out;
}

void RidgeMoments::add(const Matrix& features, const Matrix& wanted) {
  assert(features.rows() == wanted.rows());
  RidgeMoments part;
  part.xx = (features.transpose() * features).cast<double>();
  part.xy = (features.transpose() * wanted).cast<double>();
  part.yy = wanted.cast<double>().colwise().squaredNorm();
  part.rows = static_cast<int>(features.rows());
  add(part);
}

void RidgeMoments::add(const RidgeMoments& other) {
  if (rows == 0) *this = other;
  else if (other.rows != 0) xx += other.xx, xy += other.xy, yy += other.yy, rows += other.rows;
}

RidgeMoments RidgeMoments::without(const RidgeMoments& part) const {
  if (part.rows == 0) return *this;
  return {xx - part.xx, xy - part.xy, yy - part.yy, rows - part.rows};
}

Eigen::MatrixXd ridge_weights(const RidgeMoments& m, double penalty) {
  Eigen::MatrixXd a = m.xx;
  a.diagonal().array() += penalty * m.rows;
  a(0, 0) = m.xx(0, 0);
  a.diagonal().array() += 1e-9 * m.rows;  // a switched-off number leaves a row of zeros
  return a.ldlt().solve(m.xy);
}

VectorXd RidgeMoments::squared_error(const Eigen::MatrixXd& w) const {
  return yy + (w.cwiseProduct(xx * w) - 2 * w.cwiseProduct(xy)).colwise().sum().transpose();
}

Task fit_ridge(Context&, RidgeProblem problem, Ridge& out) {
  assert(!problem.answers.empty() && !problem.fold.empty());
  const Eigen::Index own = problem.wanted.rows();
  {
    Matrix all(own * static_cast<Eigen::Index>(problem.answers.size()), problem.answers[0].cols());
    Eigen::Index to = 0;
    for (const Matrix& answer : problem.answers) all.middleRows(to, own) = answer, to += own;
    out.features.learn(all);
  }
  co_await Tick{};

  std::vector<std::vector<int>> rows_of_fold(static_cast<std::size_t>(1 + *std::max_element(problem.fold.begin(), problem.fold.end())));
  for (std::size_t i = 0; i < problem.fold.size(); ++i) rows_of_fold[static_cast<std::size_t>(problem.fold[i])].push_back(static_cast<int>(i));
  std::vector<RidgeMoments> moments(rows_of_fold.size());
  for (std::size_t f = 0; f < moments.size(); ++f)
    for (const Matrix& answer : problem.answers)
      for (std::size_t first = 0; first < rows_of_fold[f].size(); first += kBlock) {
        const std::size_t end = std::min(first + kBlock, rows_of_fold[f].size());
        const std::vector<int> rows(&rows_of_fold[f][first], &rows_of_fold[f][0] + end);
        moments[f].add(out.features.of(answer(rows, Eigen::all)), problem.wanted(rows, Eigen::all));
        co_await Tick{};
      }
  RidgeMoments total;
  for (const RidgeMoments& m : moments) total.add(m);

  out.penalty = problem.penalty.value_or(0);
  out.r2.reset();
  if (!problem.penalty) {
    double best = std::numeric_limits<double>::infinity();
    for (double candidate : kCandidates) {
      double error = 0;
      for (const RidgeMoments& left_out : moments) {
        if (left_out.rows == 0) continue;
        error += problem.importance.dot(left_out.squared_error(ridge_weights(total.without(left_out), candidate)));
        co_await Tick{};
      }
      if (error < best) best = error, out.penalty = candidate;
    }
    const VectorXd of_the_mean = total.yy - total.xy.row(0).transpose().cwiseAbs2() / total.rows;
    out.r2 = 1 - best / std::max(1e-12, problem.importance.dot(of_the_mean));
  }
  out.weight = ridge_weights(total, out.penalty).cast<float>();
  co_await Tick{};
}

}  // namespace mid
