// The processor as a Device: sources, optimisers, order, and what a gradient is when there is none.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "../matrices.hpp"
#include "mid/base/philox.hpp"
#include "mid/base/work.hpp"
#include "mid/base/workers.hpp"
#include "mid/nn/device.hpp"
#include "mid/nn/matmul.hpp"

using namespace mid;
using Catch::Matchers::WithinAbs;

namespace {

Matrix read(Executable& executable, Var v) {
  Matrix out;
  REQUIRE(executable.read(v, out));
  return out;
}

}  // namespace

TEST_CASE("inputs, parameters and constants are read at every run", "[device]") {
  Parameter w;
  w.value = row({1, 2, 3});
  Program p;
  const Var x = p.input(1, 3), y = p.add(p.mul(x, p.parameter(w)), p.constant(row({.5f, 0, 0})));
  auto run = cpu_device()->compile(p);
  run->write(x, row({1, 1, 1}));
  run->run();
  CHECK(read(*run, y) == row({1.5f, 2, 3}));
  w.value = row({10, 20, 30});
  run->write(x, row({1, 0, -1}));
  run->run();
  CHECK(read(*run, y) == row({10.5f, 0, -30}));
  CHECK(run->sync());
}

TEST_CASE("a run by parts gives the numbers of a whole run, and weights change in its last part", "[device]") {
  Matrix start(300, 300), picture(300, 300);
  fill_normal(Stream{1}, 0, start);
  fill_normal(Stream{2}, 0, picture);
  const auto train = [&](Parameter& w, bool by_parts) {
    w.value = start;
    Program p;
    const Var x = p.input(300, 300), weight = p.parameter(w), rate = p.constant(row({.1f}));
    Var y = x;
    for (int i = 0; i < 6; ++i) y = p.tanh(p.matmul(y, weight));
    const Var loss = p.mean_of_rows(p.sum_cols(y));
    const std::vector<Var> of{weight};
    p.adam(weight, p.gradient(loss, of)[0], rate);
    auto run = cpu_device()->compile(std::move(p));
    int parts = 0;
    for (int step = 0; step < 3; ++step) {
      run->write(x, picture);
      if (by_parts) {
        const Matrix before = w.value;
        while (run->run_part()) {
          ++parts;
          REQUIRE(w.value == before);
        }
        CHECK(w.value != before);
      } else {
        run->run();
      }
    }
    return parts;
  };
  Parameter whole, parted;
  train(whole, false);
  CHECK(train(parted, true) >= 6);
  CHECK(whole.value == parted.value);
  CHECK(parted.steps == 3);
}

TEST_CASE("gather fills an input with chosen rows of a matrix", "[device]") {
  Matrix all(4, 2);
  all << 0, 1, 10, 11, 20, 21, 30, 31;
  Program p;
  const Var x = p.input(3, 2), y = p.scale(x, 2);
  auto run = cpu_device()->compile(p);
  const int rows[] = {3, 0, 3};
  run->gather(x, all, rows);
  run->run();
  Matrix wanted(3, 2);
  wanted << 60, 62, 0, 2, 60, 62;
  CHECK(read(*run, y) == wanted);
}

TEST_CASE("the same Parameter is the same Var, however often it is recorded", "[program]") {
  Parameter w, other;
  w.value = other.value = row({1});
  Program p;
  const Var a = p.parameter(w), b = p.parameter(other), c = p.parameter(w);
  CHECK(a.id == c.id);
  CHECK(a.id != b.id);
}

TEST_CASE("gradients add up over all uses and are zero where nothing depends", "[program]") {
  Program p;
  const Var x = p.input(1, 2), unused = p.input(2, 2);
  const Var y = p.sum(p.add(p.mul(x, x), p.scale(x, 3)));  // x^2 + 3 x
  const Var of[] = {x, unused};
  const auto g = p.gradient(y, of);
  const Var later = p.input(1, 3);  // recorded after the scalar
  const Var of_later[] = {later};
  const Var zero = p.gradient(y, of_later)[0];
  auto run = cpu_device()->compile(p);
  run->write(x, row({2, -1}));
  run->run();
  CHECK(read(*run, g[0]) == row({7, 1}));
  CHECK(read(*run, g[1]) == Matrix::Zero(2, 2));
  CHECK(read(*run, zero) == Matrix::Zero(1, 3));
}

TEST_CASE("a third derivative can be taken", "[program]") {
  Program p;
  const Var x = p.input(1, 1);
  const Var of[] = {x};
  Var y = p.mul(p.mul(x, x), p.mul(x, x));  // x^4: 4 x^3, 12 x^2, 24 x
  for (int order = 0; order < 3; ++order) y = p.gradient(y, of)[0];
  auto run = cpu_device()->compile(p);
  run->write(x, row({1.5f}));
  run->run();
  CHECK(read(*run, y)(0, 0) == 36);
}

TEST_CASE("Adam's steps are those worked out by hand", "[device]") {
  Parameter w;
  w.value = row({1, 1, 1});
  Program p;
  const Var g = p.input(1, 3), rate = p.input(1, 1);
  p.adam(p.parameter(w), g, rate);
  auto run = cpu_device()->compile(p);
  run->write(rate, row({.1f}));
  run->write(g, row({3, -.01f, 0}));
  run->run();  // first step: rate * sign(g), whatever its size
  CHECK(w.steps == 1);
  CHECK_THAT(w.value(0, 0), WithinAbs(.9, 1e-6));
  CHECK_THAT(w.value(0, 1), WithinAbs(1.1, 1e-6));
  CHECK(w.value(0, 2) == 1);
  run->write(g, row({-1, -.01f, 0}));
  run->run();
  // m = .9 * .3 - .1 = .17, / (1 - .81) = .894737; v = .999 * .009 + .001 = .009991, / (1 - .998001) = 4.998
  CHECK_THAT(w.value(0, 0), WithinAbs(.9 - .1 * .8947368 / std::sqrt(4.997999), 1e-6));
  CHECK_THAT(w.value(0, 1), WithinAbs(1.2, 1e-6));
}

TEST_CASE("weight decay adds to the gradient", "[device]") {
  for (bool adam : {true, false}) {
    Parameter decayed, plain;
    decayed.value = plain.value = row({2, -4});
    Program p;
    const Var g = p.input(1, 2), same = p.input(1, 2), rate = p.input(1, 1);
    if (adam)
      p.adam(p.parameter(decayed), g, rate, .5f), p.adam(p.parameter(plain), same, rate);
    else
      p.sgd(p.parameter(decayed), g, rate, 0, .5f), p.sgd(p.parameter(plain), same, rate);
    auto run = cpu_device()->compile(p);
    run->write(rate, row({.25f}));
    run->write(g, row({1, 1}));
    run->write(same, row({2, -1}));  // 1 + .5 * 2, 1 + .5 * -4
    run->run();
    CHECK(decayed.value == plain.value);
    CHECK(decayed.value != row({2, -4}));
  }
}

TEST_CASE("descent with momentum follows PyTorch's convention", "[device]") {
  Parameter w;
  w.value = row({0});
  Program p;
  const Var g = p.input(1, 1), rate = p.input(1, 1);
  p.sgd(p.parameter(w), g, rate, .5f);
  auto run = cpu_device()->compile(p);
  run->write(rate, row({1}));
  run->write(g, row({1}));
  run->run();
  CHECK(w.value(0, 0) == -1);  // v = 1
  run->run();
  CHECK(w.value(0, 0) == -2.5f);  // v = 1.5
  run->write(rate, row({2}));
  run->run();
  CHECK(w.value(0, 0) == -6);  // v = 1.75
}

TEST_CASE("optimisers step after everything else, so all values are of the weights before", "[device]") {
  Parameter w;
  w.value = row({1});
  Program p;
  const Var v = p.parameter(w);
  p.sgd(v, p.full(1, 1, 1), p.full(1, 1, 1));
  const Var after = p.scale(v, 10);  // recorded after the step
  auto run = cpu_device()->compile(p);
  run->run();
  CHECK(read(*run, after)(0, 0) == 10);
  CHECK(w.value(0, 0) == 0);
}

TEST_CASE("a number's value does not depend on where it stands in a matrix", "[device]") {
  // Sizes that leave a rest after whole vectors: the rest must not take another exp than the vectors.
  for (int size = 1; size <= 19; ++size) {
    Program p;
    const Var x = p.input(1, size);
    const std::vector<Var> ys = {p.exp(x), p.log(x), p.tanh(x), p.sigmoid(x), p.softplus(x), p.log_softplus(x), p.sqrt(x)};
    auto run = cpu_device()->compile(p);
    for (float v = .05f; v < 3; v += .0371f) {
      run->write(x, Matrix::Constant(1, size, v));
      run->run();
      for (Var y : ys) {
        const Matrix found = read(*run, y);
        CHECK((found.array() == found(0, 0)).all());
      }
    }
  }
}

TEST_CASE("sums of rows and of columns have the bits of one number after the other, for any width", "[device]") {
  Random draw(Stream{9}.sub("sums"));
  for (int n = 1; n <= 75; ++n) {
    Matrix values(7, n);
    for (int r = 0; r < 7; ++r)
      for (int c = 0; c < n; ++c) values(r, c) = static_cast<float>(draw.normal() * std::exp2(draw.normal() * 8));
    values.row(3).setConstant(-0.f);
    Program p;
    const Var x = p.input(7, n), rows = p.sum_rows(x), columns = p.sum_cols(x);
    p.keep(rows), p.keep(columns);
    auto run = cpu_device()->compile(p);
    run->write(x, values);
    run->run();
    Matrix of_rows = Matrix::Zero(1, n), of_columns(7, 1);
    for (int r = 0; r < 7; ++r) {
      float lane[8] = {};
      for (int c = 0; c < n; ++c) of_rows(0, c) += values(r, c), lane[c % 8] += values(r, c);
      of_columns(r, 0) = ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
    }
    CAPTURE(n);
    CHECK(read(*run, rows) == of_rows);
    CHECK(read(*run, columns) == of_columns);
  }
}

TEST_CASE("exp gives a normal number or 0, in each place of a vector", "[device]") {
  for (int size = 1; size <= 9; ++size) {
    Program p;
    const Var x = p.input(1, size), y = p.exp(x);
    p.keep(y);
    auto run = cpu_device()->compile(p);
    for (const float v : {-87.29f, -87.31f, -89.f, -1e30f, -HUGE_VALF, 0.f}) {
      run->write(x, Matrix::Constant(1, size, v));
      run->run();
      const Matrix found = read(*run, y);
      CAPTURE(v, size);
      if (v < -87.3f)
        CHECK((found.array() == 0).all());
      else
        CHECK(((found.array() / std::exp(v) - 1).abs() < 1e-5f && found.array() >= std::numeric_limits<float>::min()).all());
    }
    run->write(x, Matrix::Constant(1, size, std::nanf("")));
    run->run();
    CHECK((read(*run, y).array() != read(*run, y).array()).all());
  }
}

TEST_CASE("log-softmax of numbers that lie far apart has the bits of the whole sum, and not-a-number reaches its whole row", "[device]") {
  const std::vector<float> values = {-1.5f, -250, 2, -78.5f, -77.5f, 1, -3e38f, -16};
  const auto with = [&](float last) {
    Program p;
    const Var x = p.input(1, 9), y = p.log_softmax(x);
    p.keep(y);
    auto run = cpu_device()->compile(p);
    std::vector<float> all = values;
    all.push_back(last);
    run->write(x, Eigen::Map<const Matrix>(all.data(), 1, 9));
    run->run();
    return read(*run, y);
  };
  float total = 0;
  for (float v : values) total += std::exp(v - 2);
  total += std::exp(.25f - 2);
  const Matrix found = with(.25f);
  for (int c = 0; c < 8; ++c) CHECK(found(0, c) == values[static_cast<std::size_t>(c)] - (2 + std::log(total)));
  const Matrix broken = with(std::nanf(""));
  CHECK((broken.array() != broken.array()).all());
}

TEST_CASE("a large product in pieces has the numbers of the whole, and no piece is long") {
  Random draw(Stream{4}.sub("large"));
  const auto filled = [&](int rows, int cols) {
    Matrix m(rows, cols);
    for (float& x : m.reshaped()) x = static_cast<float>(draw.normal());
    return m;
  };
  const auto device = cpu_device();
  for (const bool transposed : {false, true}) {
    const Matrix a = transposed ? filled(900, 131) : filled(131, 900), b = filled(900, 500);
    Program program;
    const Var x = program.input(static_cast<int>(a.rows()), static_cast<int>(a.cols())), y = program.input(900, 500);
    const Var product = program.matmul(x, y, transposed, false);
    program.keep(product);
    const auto executable = device->compile(std::move(program));
    executable->write(x, a), executable->write(y, b);
    int parts = 1;
    for (work_done.piece = 0; executable->run_part(); work_done.piece = 0, ++parts)
      CHECK(static_cast<double>(work_done.piece) <= kMostWorkOfTick);
    CHECK(parts == 3);  // 118 million operations, 5e7 a part
    Matrix found, whole(131, 500);
    REQUIRE(executable->read(product, found));
    matmul({.a = a.data(), .b = b.data(), .c = whole.data(), .m = 131, .n = 500, .k = 900, .transpose_a = transposed});
    CHECK(found == whole);
  }
}

TEST_CASE("workers change no bit of a Program's results and nothing of the work that is counted", "[device]") {
  // Products that are cut by rows and by columns, elementwise work, tables, parts, gathered and drawn inputs, an optimiser's step: all
  // large enough to be shared, of sizes that no share divides.
  const Matrix data = [] {
    Matrix m(500, 301);
    fill_normal(Stream{1}, 0, m);
    return m;
  }();
  std::vector<int> rows, table;
  for (int r = 0; r < 259; ++r) rows.push_back(r * 7 % 500);
  for (int c = 0; c < 900; ++c) table.push_back(c * 11 % 301 - (c % 50 == 0));
  const auto train = [&](std::shared_ptr<Workers> workers) {
    Parameter w{Matrix(301, 517), {}, {}, 0};
    fill_normal(Stream{2}, 0, w.value);
    w.value *= .05f;
    Program p;
    const Var x = p.input(259, 301), noise = p.input(259, 517), weight = p.parameter(w), rate = p.constant(row({.01f}));
    const Var hidden = p.softplus(p.add(p.add(p.matmul(x, weight), p.spread_rows(p.constant(Matrix::Ones(1, 517)), 259)), noise));
    const Var wide = p.gather(x, table);
    const Var parts = p.part_products(p.reshape(hidden, 517, 259), p.reshape(hidden, 517, 259), 11, false, true);
    const Var loss = p.add(p.mean_of_rows(p.sum_cols(p.mul(hidden, p.log_softmax(hidden)))),
                           p.add(p.mean_of_rows(p.sum_cols(p.exp(wide))), p.scale(p.sum(parts), 1e-6f)));
    const std::vector<Var> of{weight};
    const Var gradient = p.gradient(loss, of)[0];
    p.adam(weight, gradient, rate);
    p.keep(gradient), p.keep(loss);
    const auto run = cpu_device(std::move(workers))->compile(std::move(p));
    work_done.piece = 0;
    for (int step = 0; step < 3; ++step) {
      run->gather(x, data, rows);
      run->normal(noise, Stream{3}, static_cast<std::uint64_t>(step) * 1000 + 1);
      run->run();
    }
    const std::int64_t work = work_done.piece;
    return std::tuple(w.value, w.second, read(*run, gradient), read(*run, loss), work);
  };
  const auto alone = train(nullptr);
  CHECK(std::get<2>(alone).array().isFinite().all());
  for (int threads : {1, 2, 3, 7}) {
    INFO(threads << " threads");
    CHECK(train(worker_threads(threads)) == alone);
  }
}
