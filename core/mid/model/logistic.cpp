#include "mid/model/logistic.hpp"

#include <cmath>

#include "mid/model/log_softmax.hpp"

namespace mid {
namespace {

constexpr int kRounds = 50, kRowsOfTick = 512;

}  // namespace

MatrixD Logistic::log_probability(MatrixRef x) const {
  MatrixD scores = x.cast<double>() * weight;
  scores.rowwise() += bias;
  return log_softmax(std::move(scores));
}

Task fit_logistic(Context&, Matrix x, VectorXi y, int values, double ridge, Logistic& out) {
  // The constant input comes last, so that one matrix holds weights and biases.
  std::vector<int> rows;
  for (int i = 0; i < y.size(); ++i)
    if (y[i] >= 0) rows.push_back(i);
  const int n = static_cast<int>(rows.size()), d = static_cast<int>(x.cols()) + 1, free = values - 1;
  MatrixD a(n, d);
  VectorXi label(n);
  for (int i = 0; i < n; ++i) {
    a.row(i) << x.row(rows[static_cast<std::size_t>(i)]).cast<double>(), 1.0;
    label[i] = y[rows[static_cast<std::size_t>(i)]];
  }
  MatrixD w = MatrixD::Zero(d, values);
  const int unknowns = d * free;
  for (int round = 0; round < kRounds && free > 0 && n > 0; ++round) {
    // Biases get a trace of a penalty too: without it a value that never occurs sends them to infinity.
    VectorXd gradient(unknowns);
    Eigen::MatrixXd hessian = Eigen::MatrixXd::Zero(unknowns, unknowns);
    for (int v = 0; v < free; ++v)
      for (int i = 0; i < d; ++i) {
        const double penalty = i + 1 < d ? ridge : 1e-6;
        gradient[v * d + i] = penalty * w(i, v);
        hessian(v * d + i, v * d + i) = penalty;
      }
    for (int first = 0; first < n; first += kRowsOfTick) {
      const int m = std::min(kRowsOfTick, n - first);
      const MatrixD block = a.middleRows(first, m);
      const MatrixD p = log_softmax<MatrixD>(block * w).array().exp();
      for (int v = 0; v < free; ++v) {
        VectorXd residual = p.col(v);
        for (int i = 0; i < m; ++i) residual[i] -= label[first + i] == v ? 1.0 : 0.0;
        gradient.segment(v * d, d) += block.transpose() * residual;
        for (int u = 0; u <= v; ++u) {
          const VectorXd weight = u == v ? VectorXd(p.col(v).array() * (1 - p.col(v).array())) : VectorXd(-p.col(v).array() * p.col(u).array());
          const Eigen::MatrixXd part = block.transpose() * (block.array().colwise() * weight.array()).matrix();
          hessian.block(v * d, u * d, d, d) += part;
          if (u != v) hessian.block(u * d, v * d, d, d) += part.transpose();
        }
      }
      co_await Tick{};
    }
    const VectorXd step = hessian.ldlt().solve(gradient);
    // A separable set makes Newton overshoot; steps of at most 5 in any weight keep it going downhill.
    const double largest = step.cwiseAbs().maxCoeff(), cut = largest > 5 ? 5 / largest : 1.0;
    for (int v = 0; v < free; ++v) w.col(v) -= cut * step.segment(v * d, d);
    co_await Tick{};
    if (largest < 1e-8) break;
  }
  out.weight = w.topRows(d - 1);
  out.bias = w.row(d - 1);
}

}  // namespace mid
