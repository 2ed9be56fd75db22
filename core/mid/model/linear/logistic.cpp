#include "mid/model/linear/logistic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mid/model/network/log_softmax.hpp"

namespace mid {
namespace {

using Eigen::Index;

constexpr int kRounds = 50, kRowsOfTick = 512;
constexpr Index kMostDense = 300;      // unknowns whose Newton step is solved for exactly
constexpr double kBiasPenalty = 1e-6;  // a trace: without it a value that never occurs sends biases to infinity
constexpr double kLargestStep = 5;     // in any weight: a separable set makes Newton overshoot
constexpr double kMostWork = 2e10;
constexpr Index kRowsOfProduct = 4096;

/// The rows that have a value, and that.
struct Learnt {
  SparseRows x;
  VectorXi label;
};

Task keep_labelled(SparseRows x, VectorXi y, Learnt& out) {
  std::vector<int> label;
  out.x.inputs = x.inputs;
  for (Index r = 0; r < y.size(); ++r) {
    if (y[r] < 0) continue;
    const std::size_t first = x.begin[static_cast<std::size_t>(r)], end = x.begin[static_cast<std::size_t>(r) + 1];
    out.x.input.insert(out.x.input.end(), x.input.begin() + static_cast<std::ptrdiff_t>(first),
                       x.input.begin() + static_cast<std::ptrdiff_t>(end));
    out.x.number.insert(out.x.number.end(), x.number.begin() + static_cast<std::ptrdiff_t>(first),
                        x.number.begin() + static_cast<std::ptrdiff_t>(end));
    out.x.end_row();
    label.push_back(y[r]);
    if (tick_due(4. * static_cast<double>(end - first))) co_await Tick{};
  }
  out.label = Eigen::Map<const VectorXi>(label.data(), static_cast<Index>(label.size()));
}

/// Some rows in full, with the constant input last, so that one matrix holds weights and biases.
MatrixD dense_with_constant(const SparseRows& x, Index first, Index count) {
  MatrixD out = MatrixD::Zero(count, x.inputs + 1);
  for (Index r = 0; r < count; ++r)
    for (std::size_t i = x.begin[static_cast<std::size_t>(first + r)]; i < x.begin[static_cast<std::size_t>(first + r) + 1]; ++i)
      out(r, x.input[i]) = double{x.number[i]};
  out.col(x.inputs).setOnes();
  count_work(4. * static_cast<double>(out.size()));
  return out;
}

/// Newton steps from the whole matrix of second derivatives. `w`: inputs and the constant x values.
Task by_factoring(const Learnt& learnt, int free, double ridge, MatrixD& w) {
  const MatrixD a = dense_with_constant(learnt.x, 0, learnt.x.rows());
  const VectorXi& label = learnt.label;
  const int n = static_cast<int>(a.rows()), d = static_cast<int>(a.cols()), unknowns = d * free;
  for (int round = 0; round < kRounds && free > 0 && n > 0; ++round) {
    VectorXd gradient(unknowns);
    Eigen::MatrixXd hessian = Eigen::MatrixXd::Zero(unknowns, unknowns);
    for (int v = 0; v < free; ++v)
      for (int i = 0; i < d; ++i) {
        const double penalty = i + 1 < d ? ridge : kBiasPenalty;
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
          const VectorXd weight =
              u == v ? VectorXd(p.col(v).array() * (1 - p.col(v).array())) : VectorXd(-p.col(v).array() * p.col(u).array());
          const Eigen::MatrixXd part = block.transpose() * (block.array().colwise() * weight.array()).matrix();
          hessian.block(v * d, u * d, d, d) += part;
          if (u != v) hessian.block(u * d, v * d, d, d) += part.transpose();
        }
      }
      count_work(static_cast<double>(m) * unknowns * (unknowns + d + 20.));
      co_await Tick{};
    }
    const VectorXd step = hessian.ldlt().solve(gradient);
    count_work(static_cast<double>(unknowns) * unknowns * unknowns / 3);
    // Steps of at most kLargestStep keep it going downhill.
    const double largest = step.cwiseAbs().maxCoeff(), cut = largest > kLargestStep ? kLargestStep / largest : 1.0;
    for (int v = 0; v < free; ++v) w.col(v) -= cut * step.segment(v * d, d);
    co_await Tick{};
    if (largest < 1e-8) break;
  }
}

/// x w, rows x columns of w; the last row of w belongs to the constant.
Task times(const SparseRows& x, const MatrixD& w, MatrixD& out) {
  out.resize(x.rows(), w.cols());
  for (Index r = 0; r < x.rows(); ++r) {
    auto row = out.row(r);
    row = w.row(x.inputs);
    const std::size_t first = x.begin[static_cast<std::size_t>(r)], end = x.begin[static_cast<std::size_t>(r) + 1];
    for (std::size_t i = first; i < end; ++i) row += double{x.number[i]} * w.row(x.input[i]);
    if (tick_due(2. * static_cast<double>((end - first + 1) * static_cast<std::size_t>(w.cols())))) co_await Tick{};
  }
}

/// x' r; `square`: of the squared inputs.
Task transposed_times(const SparseRows& x, const MatrixD& r, bool square, MatrixD& out) {
  out.setZero(x.inputs + 1, r.cols());
  for (Index row = 0; row < x.rows(); ++row) {
    const std::size_t first = x.begin[static_cast<std::size_t>(row)], end = x.begin[static_cast<std::size_t>(row) + 1];
    for (std::size_t i = first; i < end; ++i) {
      const double v{x.number[i]};
      out.row(x.input[i]) += (square ? v * v : v) * r.row(row);
    }
    out.row(x.inputs) += r.row(row);
    if (tick_due(2. * static_cast<double>((end - first + 1) * static_cast<std::size_t>(r.cols())))) co_await Tick{};
  }
}

/// Minus the penalised log-likelihood at some weights.
struct Place {
  MatrixD w;  // inputs and the constant x free values
  MatrixD p;  // rows x free values: their probabilities
  double loss = 0;
};

struct Penalty {
  double ridge;
  /// Adds the penalty's part of a gradient, or of its change, at w.
  void add(const MatrixD& w, MatrixD& to) const {
    to.topRows(w.rows() - 1) += ridge * w.topRows(w.rows() - 1);
    to.bottomRows(1) += kBiasPenalty * w.bottomRows(1);
    count_work(4. * static_cast<double>(w.size()));
  }
  double of(const MatrixD& w) const {
    return .5 * (ridge * w.topRows(w.rows() - 1).squaredNorm() + kBiasPenalty * w.bottomRows(1).squaredNorm());
  }
};

/// `place.w` is given. The last value's score is 0.
Task look(const Learnt& learnt, Penalty penalty, Place& place) {
  co_await times(learnt.x, place.w, place.p);
  const int free = static_cast<int>(place.w.cols());
  place.loss = penalty.of(place.w);
  for (Index r = 0; r < place.p.rows(); ++r) {
    auto row = place.p.row(r);
    const double most = std::max(0., row.maxCoeff()), own = learnt.label[r] < free ? row[learnt.label[r]] : 0;
    row = (row.array() - most).exp();
    const double sum = row.sum() + std::exp(-most);
    place.loss += most + std::log(sum) - own;
    row /= sum;
    if (tick_due(25. * (free + 1))) co_await Tick{};
  }
}

/// H s: how the gradient changes along s.
Task curve(const Learnt& learnt, Penalty penalty, const MatrixD& p, const MatrixD& s, MatrixD& along, MatrixD& out) {
  co_await times(learnt.x, s, along);
  along.colwise() -= p.cwiseProduct(along).rowwise().sum().eval();
  along = along.cwiseProduct(p);
  count_work(8. * static_cast<double>(along.size()));
  co_await transposed_times(learnt.x, along, false, out);
  penalty.add(s, out);
}

/// The Newton step H^-1 gradient up to a share `rest` of the gradient, by conjugate gradients scaled with H's diagonal.
Task newton_step(const Learnt& learnt, Penalty penalty, const MatrixD& p, const MatrixD& gradient, double rest, double& work,
                 MatrixD& step) {
  MatrixD diagonal, along, curved;
  const MatrixD spread = p.array() * (1 - p.array());
  co_await transposed_times(learnt.x, spread, true, diagonal);
  penalty.add(MatrixD::Ones(diagonal.rows(), diagonal.cols()), diagonal);
  step.setZero(gradient.rows(), gradient.cols());
  MatrixD residual = gradient, scaled = residual.cwiseQuotient(diagonal), direction = scaled;
  double size = residual.cwiseProduct(scaled).sum();
  const double enough = rest * rest * size;
  const double work_of_turn =
      static_cast<double>(gradient.cols()) *
      (4. * static_cast<double>(learnt.x.number.size() + 3 * learnt.x.begin.size()) + 20. * static_cast<double>(gradient.rows()));
  for (Index turn = 0; turn < gradient.size() && size > enough && work < kMostWork; ++turn) {
    co_await curve(learnt, penalty, p, direction, along, curved);
    const double far = size / direction.cwiseProduct(curved).sum();
    step += far * direction;
    residual -= far * curved;
    scaled = residual.cwiseQuotient(diagonal);
    const double before = size;
    size = residual.cwiseProduct(scaled).sum();
    direction = scaled + size / before * direction;
    work += work_of_turn;
    if (tick_due(16. * static_cast<double>(gradient.size()))) co_await Tick{};
  }
}

/// Newton steps from products with the records alone. False: the work ran out.
Task by_products(const Learnt& learnt, int free, double ridge, MatrixD& w, bool& converged) {
  constexpr double kSmallest = 1e-7;  // step: the next one would be its square
  const Penalty penalty{ridge};
  Place here, next;
  here.w = w.leftCols(free);
  co_await look(learnt, penalty, here);
  double work = 0, first = 0;
  converged = false;
  for (int round = 0; !converged && work < kMostWork; ++round) {
    MatrixD residual = here.p, gradient, step;
    for (Index r = 0; r < residual.rows(); ++r)
      if (learnt.label[r] < free) residual(r, learnt.label[r]) -= 1;
    co_await transposed_times(learnt.x, residual, false, gradient);
    penalty.add(here.w, gradient);
    const double length = gradient.norm();
    if (round == 0) first = length;
    if (length == 0) converged = true;
    if (converged) break;
    co_await newton_step(learnt, penalty, here.p, gradient, std::min(.1, std::sqrt(length / first)), work, step);
    const double largest = step.cwiseAbs().maxCoeff();
    bool fell = false;
    for (double far = largest > kLargestStep ? kLargestStep / largest : 1; !fell && far > 1e-6; far /= 2) {
      next.w = here.w - far * step;
      co_await look(learnt, penalty, next);
      work += 2. * static_cast<double>(learnt.x.number.size()) * free;
      fell = next.loss < here.loss;
    }
    if (fell) std::swap(here, next);
    converged = largest < kSmallest || !fell;  // not falling: rounding decides what is less
  }
  w.leftCols(free) = here.w;
}

}  // namespace

Task sparse(Matrix x, SparseRows& out) {
  out = {};
  out.inputs = x.cols();
  for (Index r = 0; r < x.rows(); ++r) {
    for (int c = 0; c < x.cols(); ++c) out.add(c, x(r, c));
    out.end_row();
    if (tick_due(4. * static_cast<double>(x.cols()))) co_await Tick{};
  }
}

Task fit_logistic(Context&, SparseRows x, VectorXi y, int values, double ridge, Logistic& out) {
  Learnt learnt;
  co_await keep_labelled(std::move(x), std::move(y), learnt);
  const int free = values - 1;
  const Index d = learnt.x.inputs + 1;
  MatrixD w = MatrixD::Zero(d, values);
  out.converged = true;
  if (d * free <= kMostDense)
    co_await by_factoring(learnt, free, ridge, w);
  else if (learnt.x.rows() > 0)
    co_await by_products(learnt, free, ridge, w, out.converged);
  out.weight = w.topRows(d - 1);
  out.bias = w.row(d - 1);
}

Task log_probability(const Logistic& model, SparseRows x, MatrixD& out) {
  if (model.weight.rows() * (model.weight.cols() - 1) <= kMostDense) {
    out.resize(x.rows(), model.weight.cols());
    for (Index first = 0; first < x.rows(); first += kRowsOfProduct) {
      const Index count = std::min(kRowsOfProduct, x.rows() - first);
      const MatrixD scores = dense_with_constant(x, first, count).leftCols(x.inputs) * model.weight;
      out.middleRows(first, count) = log_softmax<MatrixD>(scores.rowwise() + model.bias);
      if (tick_due(2. * static_cast<double>(count * model.weight.size()) + 25. * static_cast<double>(scores.size()))) co_await Tick{};
    }
  } else {
    MatrixD w(x.inputs + 1, model.weight.cols());
    w << model.weight, model.bias;
    co_await times(x, w, out);
    for (Index first = 0; first < x.rows(); first += kRowsOfProduct) {
      const Index count = std::min(kRowsOfProduct, x.rows() - first);
      out.middleRows(first, count) = log_softmax<MatrixD>(out.middleRows(first, count));
      if (tick_due(25. * static_cast<double>(count * out.cols()))) co_await Tick{};
    }
  }
}

}  // namespace mid
