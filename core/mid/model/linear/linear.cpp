#include "mid/model/linear/linear.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "mid/base/param.hpp"
#include "mid/info/mixture.hpp"
#include "mid/model/linear/factor.hpp"

namespace mid {
namespace {

constexpr int kMostSteps = 600;
constexpr double kConverged = 1e-12, kSufficient = 1e-4;
constexpr double kShortest = 1e-12;  // of steps: below this rounding decides whether J falls
constexpr double kSingular = 1e-12, kTrace = 1e-10;
constexpr Eigen::Index kTickNumbers = 100'000;  // inputs that a product reads between two ticks

/// The rows as the fits see them: centred, inputs divided by their sd.
struct Rows {
  MatrixD x;
  VectorXd y, mean, sd;  // of the inputs; sd 1 where it is 0
  double y_mean = 0, y_variance = 0;
  Eigen::MatrixXd gram;  // x'x
  VectorXd product;      // x'y

  Eigen::Index block() const { return std::max<Eigen::Index>(1, kTickNumbers / std::max<Eigen::Index>(1, x.cols())); }
  /// From weights of these inputs to the model of the inputs as they were.
  Linear model(const VectorXd& v) const {
    Linear out{v.cwiseQuotient(sd), 0};
    out.bias = y_mean - out.weight.dot(mean);
    return out;
  }
};

Task prepare(MatrixD x, VectorXd y, Rows& out) {
  check_regression(x, y);
  const Eigen::Index n = x.rows(), d = x.cols();
  out.mean = x.colwise().mean().transpose();
  out.y_mean = y.mean();
  out.x = std::move(x);
  out.y = y.array() - out.y_mean;
  out.y_variance = out.y.squaredNorm() / static_cast<double>(n);
  count_work(4. * static_cast<double>(out.x.size()));
  co_await Tick{};
  out.x.rowwise() -= out.mean.transpose();
  out.sd = (out.x.colwise().squaredNorm().transpose() / static_cast<double>(n)).cwiseSqrt();
  for (Eigen::Index j = 0; j < d; ++j)
    // A constant is left with the rounding of its mean, which must not become an input.
    if (out.sd[j] <= 1e-13 * std::abs(out.mean[j])) out.x.col(j).setZero(), out.sd[j] = 1;
  out.x.array().rowwise() /= out.sd.transpose().array();
  count_work(6. * static_cast<double>(out.x.size()));
  co_await Tick{};
  out.gram = Eigen::MatrixXd::Zero(d, d);
  out.product = VectorXd::Zero(d);
  const Eigen::Index block = std::max<Eigen::Index>(1, out.block() / d);
  for (Eigen::Index first = 0; first < n; first += block) {
    const auto part = out.x.middleRows(first, std::min(block, n - first));
    out.gram.noalias() += part.transpose() * part;
    out.product.noalias() += part.transpose() * out.y.segment(first, part.rows());
    if (tick_due(2. * static_cast<double>(part.size() * (d + 1)))) co_await Tick{};
  }
}

/// x'x ready to solve with; singular ones get the pinned trace of a ridge.
Task factor_gram(Eigen::MatrixXd gram, Ldlt& out) {
  co_await factor_ldlt(gram, out);
  const VectorXd d = out.lower.diagonal();
  if (d.minCoeff() > kSingular * d.maxCoeff()) co_return;
  gram.diagonal().array() += kTrace * gram.trace() / static_cast<double>(gram.rows());
  co_await factor_ldlt(std::move(gram), out);
}

/// J and what it is made of, at weights v.
struct Value {
  double loss = 0, error = 0, upper = 0;
  VectorXd gradient;  // by v
};

Task evaluate(const Rows& rows, double lambda, double noise, VectorXd v, Value& out) {
  const Eigen::Index n = rows.x.rows(), block = rows.block();
  VectorXd mu(n);
  for (Eigen::Index first = 0; first < n; first += block) {
    const Eigen::Index count = std::min(block, n - first);
    mu.segment(first, count).noalias() = rows.x.middleRows(first, count) * v;
    count_work(2. * static_cast<double>(count * v.size()));
    if (count == block) co_await Tick{};
  }
  UpperBound bound;
  co_await upper_bound(mu, noise, bound);
  const VectorXd residual = mu - rows.y, slope = 2 / static_cast<double>(n) * residual + lambda * bound.gradient;
  out.error = residual.squaredNorm() / static_cast<double>(n);
  out.upper = bound.value;
  out.loss = out.error + lambda * out.upper;
  out.gradient = VectorXd::Zero(v.size());
  for (Eigen::Index first = 0; first < n; first += block) {
    const Eigen::Index count = std::min(block, n - first);
    out.gradient.noalias() += rows.x.middleRows(first, count).transpose() * slope.segment(first, count);
    count_work(2. * static_cast<double>(count * v.size()));
    if (count == block) co_await Tick{};
  }
}

/// A descent on its way.
struct State {
  VectorXd v, gradient;
  double loss = 0, error = 0, upper = 0;
  int steps = 0, end = static_cast<int>(DescentEnd::steps);
  void pack(Packer& out) const {
    out.add(v), out.add(gradient), out.add(loss), out.add(error), out.add(upper), out.add(steps), out.add(end);
  }
  void unpack(Unpacker& in) {
    in.get_same(v), in.get_same(gradient), in.get(loss), in.get(error), in.get(upper), in.get_index(steps, 0, kMostSteps + 1),
        in.get_index(end, 0, 3);
    Unpacker::expect(v.allFinite() && gradient.allFinite() && std::isfinite(loss) && std::isfinite(error) && std::isfinite(upper));
  }
  static auto members(State& s) { return std::tie(s); }
  void take(VectorXd at, Value value) {
    v = std::move(at);
    gradient = std::move(value.gradient);
    loss = value.loss, error = value.error, upper = value.upper;
  }
  Descent outcome() const { return {loss, steps, static_cast<DescentEnd>(end)}; }
};

struct Problem {
  Rows rows;
  Ldlt solver;  // of x'x
  double lambda = 0, noise = 1;
  double curvature() const { return (2 + 2 * lambda / (noise * noise)) / static_cast<double>(rows.x.rows()); }
};

Task descend(Context& context, const Problem& problem, std::string name, VectorXd start, State& state) {
  Value value;
  co_await evaluate(problem.rows, problem.lambda, problem.noise, start, value);
  state.take(start, value);
  const int done = context.progress.done;
  for (Loop step(context, name, kMostSteps, state); step; co_await step.next()) {
    context.progress.done = done + *step;
    context.progress.live["loss"] = state.loss;
    const VectorXd direction = problem.solver.solve(state.gradient) / problem.curvature();
    const double slope = state.gradient.dot(direction);
    if (!std::isfinite(slope)) throw Failure(Message("refusal.regression_infinite"));
    bool fell = false;
    const bool converged = slope < kConverged * problem.rows.y_variance;
    for (double t = 1; !converged && !fell && t >= kShortest; t /= 2) {
      const VectorXd trial = state.v - t * direction;
      co_await evaluate(problem.rows, problem.lambda, problem.noise, trial, value);
      fell = value.loss <= state.loss - kSufficient * t * slope;
      if (fell) state.take(trial, value);
    }
    if (fell) {
      ++state.steps;
      continue;
    }
    state.end = static_cast<int>(converged ? DescentEnd::converged : DescentEnd::rounding);
    step.stop();
    break;
  }
  context.progress.done = done + kMostSteps;
  context.progress.live["loss"] = state.loss;
}

[[noreturn]] void bad_number(const Message& which, Eigen::Index row) { throw Error("data", which.with("row", std::to_string(row + 1))); }

}  // namespace

VectorXd Linear::predict(MatrixDRef x) const { return (x * weight).array() + bias; }
VectorXd Linear::predict(MatrixRef x) const {
  count_work(3. * static_cast<double>(x.size()));
  return (x.cast<double>() * weight).array() + bias;
}

void check_regression(const MatrixD& x, const VectorXd& y) {
  assert(x.rows() == y.size());
  count_work(4. * static_cast<double>(x.size()));
  if (y.size() < 2) throw Error("data", Message("refusal.training_rows").with("found", std::to_string(y.size())));
  bool varies = false;
  for (Eigen::Index j = 0; j < x.cols(); ++j) varies = varies || (x.col(j).array() != x(0, j)).any();
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) bad_number(Message("refusal.target_infinite"), i);
    for (Eigen::Index j = 0; j < x.cols(); ++j)
      if (!std::isfinite(x(i, j))) bad_number(Message("refusal.input_infinite").with("input", std::to_string(j + 1)), i);
  }
  if ((y.array() == y[0]).all())
    throw Error("data", Message("refusal.target_constant").with("found", shown(y[0])).with("rows", std::to_string(y.size())));
  if (!varies) throw Error("data", Message("refusal.inputs_constant").with("rows", std::to_string(y.size())));
}

Task fit_ridge(Context&, MatrixD x, VectorXd y, double penalty, Linear& out) {
  if (!(penalty >= 0 && std::isfinite(penalty)))
    throw Error("defense.lambda", Message("refusal.at_least").with("low", "0").with("found", shown(penalty)));
  Rows rows;
  co_await prepare(std::move(x), std::move(y), rows);
  Eigen::MatrixXd gram = rows.gram;
  gram.diagonal().array() += penalty * static_cast<double>(rows.x.rows());
  Ldlt solver;
  co_await factor_gram(std::move(gram), solver);
  out = rows.model(solver.solve(rows.product));
}

Task fit_linear_mid(Context& context, std::string name, MatrixD x, VectorXd y, double lambda, double noise, LinearMidFit& out) {
  if (!(lambda >= 0 && std::isfinite(lambda)))
    throw Error("defense.lambda", Message("refusal.at_least").with("low", "0").with("found", shown(lambda)));
  if (!(noise > 0 && std::isfinite(noise))) throw Error("defense.noise", Message("refusal.noise_zero").with("found", shown(noise)));
  context.progress.begin("training", 2 * kMostSteps, "step");
  Problem problem;
  problem.lambda = lambda, problem.noise = noise;
  co_await prepare(std::move(x), std::move(y), problem.rows);
  co_await factor_gram(problem.rows.gram, problem.solver);
  const VectorXd ols = problem.solver.solve(problem.rows.product), shrunk = ols / (1 + lambda / (noise * noise));
  State first, second;
  co_await descend(context, problem, name + ".ols", ols, first);
  co_await descend(context, problem, name + ".shrunk", shrunk, second);
  out.from_ols = first.outcome(), out.from_shrunk = second.outcome();
  out.kept_shrunk = second.loss < first.loss;
  const State& kept = out.kept_shrunk ? second : first;
  out.model = problem.rows.model(kept.v);
  out.loss = kept.loss, out.error = kept.error, out.upper = kept.upper;
}

Line rescale_line(const VectorXd& answers, const VectorXd& y) {
  assert(answers.size() == y.size() && y.size() > 0);
  const double mean = answers.mean(), y_mean = y.mean();
  const VectorXd centred = answers.array() - mean;
  const double spread = centred.squaredNorm();
  const double slope = spread > 0 ? centred.dot(y) / spread : 0;
  return {y_mean - slope * mean, slope};
}

}  // namespace mid
