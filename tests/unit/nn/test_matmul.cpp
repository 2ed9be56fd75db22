// The one product, with every transposition, against double precision: sizes around the kernel's blocks and edges.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "mid/base/matrix.hpp"
#include "mid/base/philox.hpp"
#include "mid/nn/matmul.hpp"

using namespace mid;

namespace {

Matrix normal(int rows, int cols, std::uint64_t name) {
  Matrix out(rows, cols);
  fill_normal(Stream{1, name}, 0, out);
  return out;
}

/// Largest error of a product, in units of one rounding of its result; long sums make a few of them.
double error(int m, int n, int k, bool ta, bool tb, bool bias) {
  const Matrix a = ta ? normal(k, m, 1) : normal(m, k, 1), b = tb ? normal(n, k, 2) : normal(k, n, 2), row = normal(1, n, 3);
  // Numbers around the result show whether the kernel writes beyond it.
  constexpr Eigen::Index kGuard = 64;
  Eigen::VectorXf memory = Eigen::VectorXf::Constant(kGuard * 2 + Eigen::Index{m} * n, 12345);
  float* c = memory.data() + kGuard;
  for (Eigen::Index i = 0; i < Eigen::Index{m} * n; ++i) c[i] = std::numeric_limits<float>::quiet_NaN();  // c is only written
  matmul({.a = a.data(),
          .b = b.data(),
          .c = c,
          .m = m,
          .n = n,
          .k = k,
          .transpose_a = ta,
          .transpose_b = tb,
          .bias = bias ? row.data() : nullptr});
  if ((memory.head(kGuard).array() != 12345).any() || (memory.tail(kGuard).array() != 12345).any()) return 1e30;
  const MatrixD x = ta ? MatrixD(a.cast<double>().transpose()) : MatrixD(a.cast<double>());
  const MatrixD y = tb ? MatrixD(b.cast<double>().transpose()) : MatrixD(b.cast<double>());
  MatrixD wanted = x * y;
  if (bias) wanted.rowwise() += row.cast<double>().row(0);
  const MatrixD found = Eigen::Map<const Matrix>(c, m, n).cast<double>();
  if (!found.allFinite()) return 1e30;
  return m == 0 || n == 0 ? 0 : (found - wanted).cwiseAbs().maxCoeff() / (1 + std::sqrt(k)) * 1e6;
}

}  // namespace

TEST_CASE("products equal double precision for every transposition and odd size", "[matmul]") {
  for (int m : {1, 2, 5, 6, 7, 13, 50})
    for (int n : {1, 2, 8, 15, 16, 17, 33, 97, 128})
      for (int k : {1, 2, 16, 50})
        for (int way = 0; way < 8; ++way) {
          INFO(m << " x " << n << " x " << k << " way " << way);
          REQUIRE(error(m, n, k, way & 1, way & 2, way & 4) < 10);
        }
}

TEST_CASE("long sums are cut into blocks and put together again", "[matmul]") {
  for (int k : {319, 320, 321, 640, 641, 784, 4096})
    for (int way = 0; way < 8; ++way) {
      INFO("k " << k << " way " << way);
      REQUIRE(error(7, 17, k, way & 1, way & 2, way & 4) < 10);
    }
  REQUIRE(error(784, 200, 50, true, false, false) < 10);
}

TEST_CASE("empty products are zero or the bias", "[matmul]") {
  CHECK(error(3, 5, 0, false, false, false) == 0);
  CHECK(error(3, 5, 0, false, false, true) == 0);
  CHECK(error(0, 5, 3, false, false, true) == 0);
  CHECK(error(3, 0, 3, false, false, false) == 0);
}

TEST_CASE("a product repeats bit by bit and lets not-a-number through", "[matmul]") {
  const Matrix a = normal(50, 300, 1);
  Matrix b = normal(300, 40, 2);
  Matrix c(50, 40), d(50, 40);
  matmul({.a = a.data(), .b = b.data(), .c = c.data(), .m = 50, .n = 40, .k = 300});
  matmul({.a = a.data(), .b = b.data(), .c = d.data(), .m = 50, .n = 40, .k = 300});
  CHECK(c == d);
  b(299, 39) = std::numeric_limits<float>::quiet_NaN();
  matmul({.a = a.data(), .b = b.data(), .c = d.data(), .m = 50, .n = 40, .k = 300});
  CHECK(d.col(39).array().isNaN().all());
  CHECK(d.leftCols(39) == c.leftCols(39));
}

TEST_CASE("the instruction set in use has a name", "[matmul]") { CHECK(!std::string(matmul_simd()).empty()); }
