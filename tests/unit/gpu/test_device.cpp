// The GPU as a Device: sources, products of every shape, optimisers, shared weights, fusion, loss of the device.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>

#include "../matrices.hpp"
#include "adapter.hpp"
#include "gpu/plan.hpp"
#include "mid/base/error.hpp"

using namespace mid;

namespace {

Matrix some(int rows, int cols, std::uint64_t name) {
  Matrix out(rows, cols);
  fill_normal(Stream{3, name}, 0, out);
  return out;
}

Matrix read(Executable& executable, Var v) {
  Matrix out;
  while (!executable.read(v, out)) {
  }
  return out;
}

void settle(Executable& executable) {
  while (!executable.sync()) {
  }
}

/// The largest error of a product in units of its bound: depth roundings of 2^-24 of the sum of the sizes.
double rounding(const Matrix& found, const MatrixD& left, const MatrixD& right) {
  const MatrixD bound = static_cast<double>(left.cols() + 1) * 0x1p-24 * (left.cwiseAbs() * right.cwiseAbs());
  return ((found.cast<double>() - left * right).array().abs() / bound.array()).maxCoeff();
}

}  // namespace

TEST_CASE("products of every shape and turn are right: one number, primes, tiles and their edges", "[gpu]") {
  const auto device = gpu_for_test();
  struct Shape {
    int m, n, k;
  };
  // From 16 x 16 tiles by 64 x 64 ones to 128 x 128 ones; kernels.cpp says when which.
  for (const Shape s : {Shape{1, 1, 1},
                        {1, 7, 3},
                        {13, 1, 17},
                        {16, 16, 16},
                        {17, 31, 53},
                        {64, 64, 5},
                        {97, 101, 211},
                        {449, 453, 19},
                        {512, 448, 33},
                        {512, 448, 32},
                        {1409, 1537, 9},
                        {1536, 1408, 16}})
    for (const bool turn_a : {false, true})
      for (const bool turn_b : {false, true}) {
        if (s.m == 1409 && turn_a != turn_b) continue;
        INFO(s.m << " x " << s.n << " x " << s.k << ", " << turn_a << turn_b);
        const Matrix a = turn_a ? some(s.k, s.m, 1) : some(s.m, s.k, 1), b = turn_b ? some(s.n, s.k, 2) : some(s.k, s.n, 2);
        Program p;
        const Var x = p.input(static_cast<int>(a.rows()), static_cast<int>(a.cols())),
                  y = p.input(static_cast<int>(b.rows()), static_cast<int>(b.cols()));
        const Var z = p.matmul(x, y, turn_a, turn_b);
        p.keep(z);
        const auto run = device->compile(p);
        run->write(x, a), run->write(y, b);
        run->run();
        const MatrixD left = turn_a ? MatrixD(a.transpose().cast<double>()) : MatrixD(a.cast<double>()),
                      right = turn_b ? MatrixD(b.transpose().cast<double>()) : MatrixD(b.cast<double>());
        CHECK(rounding(read(*run, z), left, right) <= 1);
      }
}

TEST_CASE("a matrix times its own transpose, and one too long for a dimension of a dispatch", "[gpu]") {
  const auto device = gpu_for_test();
  Program p;
  const Var x = p.input(37, 19), gram = p.matmul(x, x, false, true);
  const Var wide = p.input(3, 2'900'003), sums = p.sum_cols(p.mul(wide, wide));  // 33,985 workgroups of 256: more than one row of them
  p.keep(gram), p.keep(sums);
  const auto run = device->compile(p);
  const Matrix a = some(37, 19, 1), b = some(3, 2'900'003, 2);
  run->write(x, a), run->write(wide, b);
  run->run();
  CHECK(rounding(read(*run, gram), a.cast<double>(), a.cast<double>().transpose()) <= 1);
  const MatrixD exact = b.cast<double>().array().square().rowwise().sum();
  CHECK(((read(*run, sums).cast<double>() - exact).array().abs() / exact.array()).maxCoeff() < 1e-5);
}

TEST_CASE("element by element beyond one dimension of a dispatch", "[gpu]") {
  const auto device = gpu_for_test();
  Program p;
  const Var x = p.input(2897, 2903), y = p.shift(p.scale(x, 2), 1);  // 8,409,991 numbers: 32,852 workgroups
  p.keep(y);
  const auto run = device->compile(p);
  const Matrix a = some(2897, 2903, 1);
  run->write(x, a);
  run->run();
  CHECK(read(*run, y) == Matrix((a.array() * 2 + 1).matrix()));
}

TEST_CASE("sums over narrow, wide, tall and single matrices", "[gpu]") {
  const auto device = gpu_for_test();
  for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 300}, {300, 1}, {500, 2}, {129, 5}, {67, 9}, {31, 257}, {1000, 40}}) {
    INFO(rows << " x " << cols);
    Program p;
    const Var x = p.input(rows, cols);
    const Var down = p.sum_rows(x), across = p.sum_cols(x), squares = p.sum_rows(p.mul(x, x)), all = p.sum(p.exp(x));
    for (Var v : {down, across, squares, all}) p.keep(v);
    const auto run = device->compile(p);
    const Matrix a = some(rows, cols, 1);
    run->write(x, a);
    run->run();
    const MatrixD d = a.cast<double>();
    const auto close = [](const Matrix& found, const MatrixD& exact) {
      return ((found.cast<double>() - exact).array().abs() / (1 + exact.array().abs())).maxCoeff() < 2e-5;
    };
    CHECK(close(read(*run, down), d.colwise().sum()));
    CHECK(close(read(*run, across), d.rowwise().sum()));
    CHECK(close(read(*run, squares), d.array().square().colwise().sum().matrix()));
    CHECK(close(read(*run, all), MatrixD::Constant(1, 1, d.array().exp().sum())));
  }
}

TEST_CASE("inputs are written, gathered and drawn; constants stay", "[gpu]") {
  const auto device = gpu_for_test();
  Matrix all(4, 2);
  all << 0, 1, 10, 11, 20, 21, 30, 31;
  Program p;
  const Var x = p.input(3, 2), noise = p.input(5, 7);
  const Var y = p.add(p.scale(x, 2), p.constant(Matrix::Constant(3, 2, .5f))), z = p.scale(noise, 1);
  const auto run = device->compile(p);
  const int rows[] = {3, 0, 3}, others[] = {1, 1, 2};
  run->gather(x, all, rows);
  run->normal(noise, Stream{1, 2}, 7);
  run->run();
  Matrix wanted(3, 2), expected(5, 7);
  wanted << 60.5f, 62.5f, .5f, 2.5f, 60.5f, 62.5f;
  fill_normal(Stream{1, 2}, 7, expected);
  CHECK(read(*run, y) == wanted);
  CHECK((read(*run, z) - expected).cwiseAbs().maxCoeff() < 2e-6);
  run->gather(x, all, others);
  run->write(noise, expected * 3);
  run->run();
  wanted << 20.5f, 22.5f, 20.5f, 22.5f, 40.5f, 42.5f;
  CHECK(read(*run, y) == wanted);
  CHECK(read(*run, z) == Matrix(expected * 3));
  run->write(x, Matrix::Zero(3, 2));  // the last filling counts
  run->run();
  CHECK(read(*run, y) == Matrix::Constant(3, 2, .5f));
  CHECK(read(*run, z) == Matrix(expected * 3));
}

TEST_CASE("optimisers take the processor's steps, with decay and momentum", "[gpu]") {
  const auto device = gpu_for_test();
  const auto oracle = cpu_device();
  for (const bool adam : {true, false})
    for (const float decay : {0.f, .03f})
      for (const float momentum : {0.f, .9f}) {
        INFO(adam << " decay " << decay << " momentum " << momentum);
        std::vector<Parameter> here(5), there;
        for (std::size_t i = 0; i < here.size(); ++i) here[i].value = some(3 + static_cast<int>(i), 40, i);  // more than one kernel holds
        there = here;
        const auto train = [&](Device& d, std::vector<Parameter>& weights) {
          Program p;
          const Var rate = p.input(1, 1);
          std::vector<Var> all;
          for (Parameter& w : weights) all.push_back(p.parameter(w));
          Var loss = p.full(1, 1, 0);
          for (Var v : all) loss = p.add(loss, p.sum(p.mul(v, p.mul(v, v))));
          const auto g = p.gradient(loss, all);
          for (std::size_t i = 0; i < all.size(); ++i)
            if (adam)
              p.adam(all[i], g[i], rate, decay, {momentum, .99});
            else
              p.sgd(all[i], g[i], rate, momentum, decay);
          p.keep(loss);
          const auto run = d.compile(p);
          for (int step = 0; step < 6; ++step) {
            run->write(rate, row({.01f / static_cast<float>(step + 1)}));
            run->run();
          }
          settle(*run);
        };
        train(*device, here), train(*oracle, there);
        for (std::size_t i = 0; i < here.size(); ++i) {
          CHECK((here[i].value - there[i].value).cwiseAbs().maxCoeff() < 2e-6);
          CHECK(here[i].steps == 6);
          if (adam) CHECK(((here[i].second - there[i].second).array().abs() / (1 + there[i].second.array())).maxCoeff() < 2e-6);
        }
      }
}

TEST_CASE("Programs that share a Parameter share it on the GPU, and the owner's numbers count again after sync", "[gpu]") {
  const auto device = gpu_for_test();
  Parameter w;
  w.value = row({1, 2});
  Program down, look;
  const Var one = down.full(1, 1, 1), v = down.parameter(w);
  down.sgd(v, down.scale(v, .5f), one);  // halves
  const Var seen = look.scale(look.parameter(w), 10);
  look.keep(seen), down.keep(v);
  const auto halve = device->compile(down), show = device->compile(look);
  halve->run(), halve->run();
  show->run();
  CHECK(read(*show, seen) == row({2.5f, 5}));
  CHECK(w.value == row({1, 2}));
  settle(*halve);
  CHECK(w.value == row({.25f, .5f}));
  w.value = row({8, 8});
  halve->run();
  settle(*halve);
  CHECK(w.value == row({4, 4}));
  for (int i = 0; i < 5; ++i) {  // a step, the weights, a step, the weights: they come with the step
    halve->run();
    settle(*halve);
    w.value *= 2;
  }
  CHECK(w.value == row({4, 4}));
  halve->run();
  show->run();
  CHECK(read(*show, seen) == row({20, 20}));
}

TEST_CASE("a long chain is one kernel, sums go along, and what nobody keeps needs no memory of its own", "[gpu]") {
  Program p;
  const Var x = p.input(64, 32), bias = p.input(1, 32);
  Var y = p.add(x, p.spread_rows(bias, 64));
  for (int i = 0; i < 20; ++i) y = p.tanh(p.scale(p.mul(y, y), .5f));
  const Var total = p.sum_cols(y);
  p.keep(total);
  const gpu::Plan plan = gpu::plan(p, 8);
  CHECK(plan.dispatches.size() == 1);
  CHECK(plan.buffer_floats.size() == 3);  // two inputs and the sums

  // Products one after the other: two buffers take turns.
  Program q;
  const Var a = q.input(64, 64);
  Var b = a;
  for (int i = 0; i < 10; ++i) b = q.matmul(b, a);
  q.keep(b);
  CHECK(gpu::plan(q, 8).buffer_floats.size() == 4);
}

TEST_CASE("a kernel never binds more buffers than the adapter allows", "[gpu]") {
  Program p;
  std::vector<Var> inputs;
  for (int i = 0; i < 30; ++i) inputs.push_back(p.input(8, 8));
  Var sum = inputs[0];
  for (int i = 1; i < 30; ++i) sum = p.add(sum, p.exp(inputs[static_cast<std::size_t>(i)]));
  p.keep(sum);
  for (const std::size_t most : {std::size_t{4}, std::size_t{8}, std::size_t{10}})
    for (const gpu::Dispatch& d : gpu::plan(p, most).dispatches) CHECK(d.places.size() <= most);
  const auto device = gpu_for_test();
  const auto run = device->compile(p);
  for (Var v : inputs) run->write(v, Matrix::Constant(8, 8, .5f));
  run->run();
  CHECK(std::abs(read(*run, sum)(3, 3) - (.5f + 29 * std::exp(.5f))) < 1e-4);
}

TEST_CASE("a matrix without rows is refused in a sentence", "[gpu]") {
  const auto device = gpu_for_test();
  Program p;
  const Var x = p.input(0, 3);
  p.keep(p.scale(x, 2));
  CHECK_THROWS_AS(device->compile(p), Failure);
}

TEST_CASE("a lost device ends the work with a sentence, and another device goes on", "[gpu]") {
  std::string why_not;
  const auto one = gpu::Gpu::open(why_not), two = gpu::Gpu::open(why_not);
  REQUIRE(one);
  REQUIRE(two);
  const auto work = [](const std::shared_ptr<gpu::Gpu>& gpu, auto&& in_between) {
    gpu::GpuDevice device(gpu);
    Program p;
    const Var x = p.input(1, 2), y = p.scale(x, 2);
    const auto run = device.compile(p);
    run->write(x, row({1, 2}));
    run->run();
    in_between();
    run->run();
    return read(*run, y);
  };
  CHECK_THROWS_WITH(work(one, [&] { one->lose(); }), Catch::Matchers::ContainsSubstring("was lost in the middle of the run"));
  CHECK(work(two, [] {}) == row({2, 4}));
}
