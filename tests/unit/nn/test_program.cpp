// Every operation of nn/ops.def: its value, its gradient and its second derivative.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

#include "mid/base/philox.hpp"
#include "mid/nn/device.hpp"
#include "op_cases.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// A compiled Program with its inputs filled.
std::unique_ptr<Executable> ran(Program program, const std::vector<Var>& inputs, const std::vector<MatrixD>& values) {
  auto executable = cpu_device()->compile(std::move(program));
  for (std::size_t i = 0; i < inputs.size(); ++i) executable->write(inputs[i], values[i].cast<float>());
  executable->run();
  return executable;
}

MatrixD value(Executable& executable, Var v) {
  Matrix out;
  REQUIRE(executable.read(v, out));
  return out.cast<double>();
}

std::vector<Var> inputs_for(Program& p, const std::vector<MatrixD>& values) {
  std::vector<Var> out;
  for (const MatrixD& v : values) out.push_back(p.input(static_cast<int>(v.rows()), static_cast<int>(v.cols())));
  return out;
}

MatrixD weights_like(const MatrixD& shape, std::uint64_t name) {
  Random draw(Stream{11, name});
  MatrixD out(shape.rows(), shape.cols());
  for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = static_cast<float>(2 * draw.uniform() - 1);
  return out;
}

void require_close(const MatrixD& found, const MatrixD& wanted, double tolerance) {
  REQUIRE(found.rows() == wanted.rows());
  REQUIRE(found.cols() == wanted.cols());
  for (Eigen::Index i = 0; i < found.size(); ++i)
    REQUIRE_THAT(found.data()[i], WithinAbs(wanted.data()[i], tolerance * (1 + std::abs(wanted.data()[i]))));
}

/// sum of w .* reference(x): what the gradients are of.
double scalar_of(const OpCase& c, const std::vector<MatrixD>& x, const MatrixD& w) { return c.reference(x).cwiseProduct(w).sum(); }

/// d / d x[i] of `f`, by central differences.
template <class F>
MatrixD differences(F f, std::vector<MatrixD> x, std::size_t i, double h) {
  MatrixD out(x[i].rows(), x[i].cols());
  for (Eigen::Index j = 0; j < out.size(); ++j) {
    const double at = x[i].data()[j];
    x[i].data()[j] = at + h;
    const double above = f(x);
    x[i].data()[j] = at - h;
    const double below = f(x);
    x[i].data()[j] = at;
    out.data()[j] = (above - below) / (2 * h);
  }
  return out;
}

}  // namespace

TEST_CASE("every operation of ops.def has a case", "[program]") {
  for (std::size_t i = 0; i < op_catalogue().size(); ++i) {
    const OpInfo& op = op_catalogue()[i];
    INFO(op.name);
    CHECK(!op.meaning.empty());
    if (op.family == OpFamily::source || op.family == OpFamily::update) continue;  // cases of their own below
    bool found = false;
    for (const OpCase& c : op_cases()) {
      if (c.op != static_cast<Op>(i)) continue;
      found = true;
      CHECK(static_cast<int>(c.hand.size()) == op.operands);
    }
    CHECK(found);
  }
}

TEST_CASE("operations give the values worked out by hand", "[program]") {
  for (const OpCase& c : op_cases()) {
    INFO(c.name);
    Program p;
    const auto x = inputs_for(p, c.hand);
    const Var y = c.record(p, x);
    CHECK(p.nodes()[static_cast<std::size_t>(y.id)].op == c.op);
    require_close(value(*ran(p, x, c.hand), y), c.result, 2e-7);
    require_close(c.reference(c.hand), c.result, 1e-12);
  }
}

TEST_CASE("gradients equal differences of the double-precision reference", "[program]") {
  for (const OpCase& c : op_cases()) {
    INFO(c.name);
    Program p;
    const auto x = inputs_for(p, c.smooth);
    const MatrixD w = weights_like(c.reference(c.smooth), 1);
    const Var result = p.sum(p.mul(c.record(p, x), p.constant(w.cast<float>())));
    const auto gradient = p.gradient(result, x);
    const auto run = ran(p, x, c.smooth);
    for (std::size_t i = 0; i < x.size(); ++i)
      require_close(value(*run, gradient[i]), differences([&](const auto& at) { return scalar_of(c, at, w); }, c.smooth, i, 1e-6), 3e-6);
  }
}

TEST_CASE("second derivatives equal differences of the double-precision reference", "[program]") {
  for (const OpCase& c : op_cases()) {
    INFO(c.name);
    Program p;
    const auto x = inputs_for(p, c.smooth);
    const MatrixD w = weights_like(c.reference(c.smooth), 1);
    const Var result = p.sum(p.mul(c.record(p, x), p.constant(w.cast<float>())));
    // The derivative of the gradient's component along a fixed direction: a row of the second derivative.
    const auto gradient = p.gradient(result, x);
    std::vector<MatrixD> direction;
    Var along = p.full(1, 1, 0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      direction.push_back(weights_like(c.smooth[i], 2 + i));
      along = p.add(along, p.sum(p.mul(gradient[i], p.constant(direction[i].cast<float>()))));
    }
    const auto second = p.gradient(along, x);
    const auto run = ran(p, x, c.smooth);
    constexpr double kStep = 1e-4;
    const auto reference_along = [&](const std::vector<MatrixD>& at) {
      auto above = at, below = at;
      for (std::size_t i = 0; i < at.size(); ++i) above[i] += kStep * direction[i], below[i] -= kStep * direction[i];
      return (scalar_of(c, above, w) - scalar_of(c, below, w)) / (2 * kStep);
    };
    for (std::size_t i = 0; i < x.size(); ++i)
      require_close(value(*run, second[i]), differences(reference_along, c.smooth, i, kStep), 1e-5);
  }
}

TEST_CASE("not-a-number goes through every operation", "[program]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const OpCase& c : op_cases()) {
    if (c.op == Op::step) continue;  // a comparison; its factor carries the NaN
    INFO(c.name);
    for (std::size_t i = 0; i < c.smooth.size(); ++i)
      for (Eigen::Index at = 0; at < c.smooth[i].size(); ++at) {  // vector part and rest take different paths
        auto values = c.smooth;
        values[i].data()[at] = nan;
        const MatrixD expected = c.reference(values);
        bool outside = c.op == Op::columns && !expected.hasNaN();  // the column is not among those taken
        Program p;
        const auto x = inputs_for(p, values);
        const Var y = c.record(p, x);
        const MatrixD found = value(*ran(p, x, values), y);
        CHECK((found.hasNaN() || outside));
      }
  }
}
