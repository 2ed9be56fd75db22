// The catalogue of operations on the GPU, with the processor and double precision as oracles.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "adapter.hpp"
#include "mid/base/philox.hpp"
#include "op_cases.hpp"

using namespace mid;

namespace {

/// Largest |found - exact| / (1 + |exact|) that each operation is allowed for operands of ordinary size: a few units in the
/// last place (6e-8) of what the shader computes. A sum or product of n numbers may lose half a unit at each addition.
double bound_of(Op op) {
  switch (op) {
    case Op::exp: return 4e-7;  // a polynomial of degree 7, then a power of 2
    case Op::log:
    case Op::softplus: return 4e-7;
    case Op::log_softplus: return 8e-7;  // a logarithm of a logarithm
    case Op::div:
    case Op::sqrt:
    case Op::sigmoid: return 4e-7;  // WGSL allows 2.5 units for a quotient
    case Op::tanh: return 3e-7;
    case Op::log_softmax: return 1e-6;
    case Op::inverse: return 2e-6;  // as many subtractions as there are rows, divided by the smallest pivot
    case Op::matmul:
    case Op::part_products:
    case Op::dense:
    case Op::sum_rows:
    case Op::sum_cols: return 1e-6;
    default: return 1.2e-7;
  }
}

std::vector<Var> inputs_for(Program& p, const std::vector<MatrixD>& values) {
  std::vector<Var> out;
  for (const MatrixD& v : values) out.push_back(p.input(static_cast<int>(v.rows()), static_cast<int>(v.cols())));
  return out;
}

Matrix value(Executable& executable, Var v) {
  Matrix out;
  while (!executable.read(v, out)) {
  }
  return out;
}

std::unique_ptr<Executable> ran(Device& device, Program program, const std::vector<Var>& inputs, const std::vector<MatrixD>& values) {
  auto executable = device.compile(std::move(program));
  for (std::size_t i = 0; i < inputs.size(); ++i) executable->write(inputs[i], values[i].cast<float>());
  executable->run();
  return executable;
}

double error_of(const Matrix& found, const MatrixD& exact) {
  REQUIRE(found.rows() == exact.rows());
  REQUIRE(found.cols() == exact.cols());
  return ((found.cast<double>() - exact).array().abs() / (1 + exact.array().abs())).maxCoeff();
}

}  // namespace

TEST_CASE("every operation that has a value gives what double precision gives", "[gpu]") {
  const auto device = gpu_for_test();
  for (const OpCase& c : op_cases())
    for (const auto& operands : {c.hand, c.smooth}) {
      INFO(c.name);
      Program p;
      const auto x = inputs_for(p, operands);
      const Var y = c.record(p, x);
      const double error = error_of(value(*ran(*device, p, x, operands), y), c.reference(operands));
      CHECK(error <= bound_of(c.op));
    }
}

TEST_CASE("gradients and second derivatives equal the processor's", "[gpu]") {
  const auto device = gpu_for_test();
  const auto oracle = cpu_device();
  for (const OpCase& c : op_cases()) {
    INFO(c.name);
    Program p;
    const auto x = inputs_for(p, c.smooth);
    const Var y = c.record(p, x);
    Matrix weight(p.rows(y), p.cols(y));
    fill_normal(Stream{5, 1}, 0, weight);
    const auto first = p.gradient(p.sum(p.mul(y, p.constant(weight))), x);
    Var along = p.full(1, 1, 0);
    for (std::size_t i = 0; i < x.size(); ++i) along = p.add(along, p.sum(p.mul(first[i], first[i])));
    const auto second = p.gradient(along, x);
    const auto here = ran(*device, p, x, c.smooth), there = ran(*oracle, p, x, c.smooth);
    for (const auto& list : {first, second})
      for (Var v : list) CHECK(error_of(value(*here, v), value(*there, v).cast<double>()) <= 5e-6);
  }
}

TEST_CASE("not-a-number and infinity go through every operation as on the processor or in double precision", "[gpu]") {
  const auto device = gpu_for_test();
  const auto oracle = cpu_device();
  for (const double special :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()})
    for (const OpCase& c : op_cases()) {
      if (c.op == Op::step && std::isnan(special)) continue;  // a comparison; its factor carries the NaN
      INFO(c.name << ", " << special);
      for (std::size_t i = 0; i < c.smooth.size(); ++i) {
        auto values = c.smooth;
        values[i].data()[values[i].size() / 2] = special;
        Program p;
        const auto x = inputs_for(p, values);
        const Var y = c.record(p, x);
        const Matrix found = value(*ran(*device, p, x, values), y), wanted = value(*ran(*oracle, p, x, values), y);
        const Matrix exact = c.reference(values).cast<float>();  // Eigen's square root of infinity is not a number
        const auto agree = [](float a, float b) {
          return std::isnan(b) ? std::isnan(a) : std::isinf(b) ? a == b : std::abs(a - b) <= 2e-6 * (1 + std::abs(b));
        };
        for (Eigen::Index j = 0; j < found.size(); ++j) {
          INFO(found.data()[j] << " on the GPU, " << wanted.data()[j] << " on the processor, " << exact.data()[j]
                               << " in double precision");
          CHECK((agree(found.data()[j], wanted.data()[j]) || agree(found.data()[j], exact.data()[j])));
        }
      }
    }
}

TEST_CASE("the time of every operation beside the processor's", "[.perf]") {
  // Not asserted: run it with `unit_gpu "[.perf]"`. Operands are the catalogue's, 128 times as wide and as high where they may be.
  const auto device = gpu_for_test();
  const auto oracle = cpu_device();
  std::printf("%-28s %14s %12s %12s %8s\n", "operation", "shape", "processor", "GPU", "ratio");
  for (const OpCase& c : op_cases()) {
    constexpr int kTimes = 128;
    const bool fixed = c.op == Op::columns || c.op == Op::pad_columns || c.op == Op::spread_rows || c.op == Op::spread_cols ||
                       info(c.op).family == OpFamily::table || c.op == Op::reshape || c.op == Op::part_products;
    std::vector<MatrixD> operands;
    for (const MatrixD& m : c.smooth) operands.push_back(m.replicate(m.rows() == 1 ? 1 : kTimes, m.cols() == 1 || fixed ? 1 : kTimes));
    const auto time = [&](Device& d) {
      Program p;
      const auto x = inputs_for(p, operands);
      const Var y = c.record(p, x), sum = p.sum_rows(p.columns(y, 0, 1));
      p.keep(sum);
      const auto run = ran(d, p, x, operands);
      value(*run, sum);
      std::vector<double> times;
      for (int i = 0; i < 20; ++i) {
        const auto start = std::chrono::steady_clock::now();
        run->run();
        value(*run, sum);
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
      }
      std::nth_element(times.begin(), times.begin() + 10, times.end());
      return times[10];
    };
    const double cpu = time(*oracle), gpu = time(*device);
    std::printf("%-28s %6d x %-5d %9.3f ms %9.3f ms %8.2f\n", c.name.c_str(), static_cast<int>(operands[0].rows()),
                static_cast<int>(operands[0].cols()), cpu, gpu, cpu / gpu);
  }
}
