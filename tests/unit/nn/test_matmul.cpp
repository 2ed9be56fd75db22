// The one product, with every transposition, against double precision: sizes around the kernel's blocks and edges.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

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

/// Largest error of a product by this kernel, in units of one rounding of its result; long sums make a few of them.
double error_of(const MatmulKernel& kernel, int m, int n, int k, bool ta, bool tb, bool bias) {
  const Matrix a = ta ? normal(k, m, 1) : normal(m, k, 1), b = tb ? normal(n, k, 2) : normal(k, n, 2), row = normal(1, n, 3);
  // Numbers around the result show whether the kernel writes beyond it.
  constexpr Eigen::Index kGuard = 64;
  Eigen::VectorXf memory = Eigen::VectorXf::Constant(kGuard * 2 + Eigen::Index{m} * n, 12345);
  float* c = memory.data() + kGuard;
  for (Eigen::Index i = 0; i < Eigen::Index{m} * n; ++i) c[i] = std::numeric_limits<float>::quiet_NaN();  // c is only written
  kernel.compute({.a = a.data(),
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

/// Of the worst of this processor's kernels.
double error(int m, int n, int k, bool ta, bool tb, bool bias) {
  double most = 0;
  for (const MatmulKernel* kernel = matmul_kernels(); kernel->name; ++kernel)
    most = std::max(most, error_of(*kernel, m, n, k, ta, tb, bias));
  return most;
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
  for (int k : {255, 256, 257, 319, 320, 321, 640, 641, 784, 4096})
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

TEST_CASE("every kernel takes some rows of a transposed factor as if they were all", "[matmul]") {
  const Matrix a = normal(30, 23, 1), b = normal(30, 11, 2);
  for (const MatmulKernel* kernel = matmul_kernels(); kernel->name; ++kernel) {
    INFO(kernel->name);
    Matrix whole(23, 11), part(7, 11);
    kernel->compute({.a = a.data(), .b = b.data(), .c = whole.data(), .m = 23, .n = 11, .k = 30, .transpose_a = true});
    kernel->compute({.a = a.data() + 12, .b = b.data(), .c = part.data(), .m = 7, .n = 11, .k = 30, .transpose_a = true, .a_row = 23});
    CHECK((part - whole.middleRows(12, 7)).cwiseAbs().maxCoeff() < 1e-5f);
  }
}

TEST_CASE("every kernel computes some columns and leaves the others as they are", "[matmul]") {
  const Matrix a = normal(23, 30, 1), b = normal(30, 70, 2), bias = normal(1, 70, 3);
  for (const MatmulKernel* kernel = matmul_kernels(); kernel->name; ++kernel)
    for (const bool transposed : {false, true}) {
      INFO(kernel->name << (transposed ? ", b transposed" : ""));
      const Matrix right = transposed ? Matrix(b.transpose()) : b;
      Matrix whole(23, 70), part = Matrix::Constant(23, 70, 7);
      Product p{
          .a = a.data(), .b = right.data(), .c = whole.data(), .m = 23, .n = 70, .k = 30, .transpose_b = transposed, .bias = bias.data()};
      kernel->compute(p);
      p.c = part.data(), p.column = 32, p.columns = 21;
      kernel->compute(p);
      CHECK((part.middleCols(32, 21) - whole.middleCols(32, 21)).cwiseAbs().maxCoeff() < (kernel->any_part ? 1e-30f : 1e-5f));
      CHECK((part.leftCols(32).array() == 7).all());
      CHECK((part.rightCols(17).array() == 7).all());
    }
}

#ifdef __wasm_simd128__
TEST_CASE("WebAssembly's kernel sums in the order of the depth, whatever the shape", "[matmul]") {
  for (int m : {1, 3, 4, 9})
    for (int n : {1, 3, 4, 7, 8, 10, 129})
      for (int k : {1, 5, 300}) {
        const Matrix a = normal(m, k, 1), b = normal(k, n, 2), bias = normal(1, n, 3);
        Matrix found(m, n), wanted = bias.replicate(m, 1);
        matmul({.a = a.data(), .b = b.data(), .c = found.data(), .m = m, .n = n, .k = k, .bias = bias.data()});
        for (int d = 0; d < k; ++d)
          for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) wanted(i, j) += a(i, d) * b(d, j);
        INFO(m << " x " << n << " x " << k);
        REQUIRE(found == wanted);
      }
}
#endif

TEST_CASE("the kernels with fused multiply-add agree to the last bit", "[matmul]") {
  std::vector<const MatmulKernel*> fused;
  for (const MatmulKernel* kernel = matmul_kernels(); kernel->name; ++kernel)
    if (std::string(kernel->name).starts_with("AVX")) fused.push_back(kernel);
  if (fused.size() < 2) SKIP("this processor has " << fused.size() << " of them");
  for (int m : {1, 6, 11, 12, 13, 50})
    for (int n : {1, 10, 15, 16, 17, 31, 32, 33, 48, 95, 96, 97, 129})
      for (int k : {0, 1, 50, 320, 321, 784})
        for (int way = 0; way < 8; ++way) {
          const bool ta = way & 1, tb = way & 2;
          const Matrix a = ta ? normal(k, m, 1) : normal(m, k, 1), b = tb ? normal(n, k, 2) : normal(k, n, 2), bias = normal(1, n, 3);
          std::vector<Matrix> found;
          for (const MatmulKernel* kernel : fused) {
            Matrix& c = found.emplace_back(m, n);
            kernel->compute({.a = a.data(),
                             .b = b.data(),
                             .c = c.data(),
                             .m = m,
                             .n = n,
                             .k = k,
                             .transpose_a = ta,
                             .transpose_b = tb,
                             .bias = way & 4 ? bias.data() : nullptr});
          }
          INFO(m << " x " << n << " x " << k << " way " << way);
          for (const Matrix& c : found) REQUIRE(c == found[0]);
        }
}

TEST_CASE("the kernel that products take has a name, and a plain one stands behind it", "[matmul]") {
  CHECK(std::string(matmul_simd()) == matmul_kernels()->name);
  int count = 0;
  while (matmul_kernels()[count].name) ++count;
  REQUIRE(count >= 1);
#ifdef __wasm_simd128__
  CHECK(std::string(matmul_simd()) == "WASM SIMD");
  CHECK(count == 2);
#endif
}
