#include "mid/nn/matmul.hpp"

#include "mid/base/matrix.hpp"
#include "mid/base/work.hpp"

namespace mid {
namespace {

/// MIDLAB_AVX2 is defined by core/CMakeLists.txt where matmul_avx2.cpp is compiled for AVX2 and FMA.
bool has_avx2() {
#ifdef MIDLAB_AVX2
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has;
#else
  return false;
#endif
}

void matmul_eigen(const Product& p) {
  using Map = Eigen::Map<const Matrix>;
  Eigen::Map<Matrix> c(p.c, p.m, p.n);
  const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> a(p.a, p.transpose_a ? p.k : p.m, p.transpose_a ? p.m : p.k,
                                                            Eigen::OuterStride<>(!p.transpose_a ? p.k
                                                                                 : p.a_row > 0  ? p.a_row
                                                                                                : p.m));
  const Map b(p.b, p.transpose_b ? p.n : p.k, p.transpose_b ? p.k : p.n);
  if (!p.transpose_a && !p.transpose_b)
    c.noalias() = a * b;
  else if (!p.transpose_b)
    c.noalias() = a.transpose() * b;
  else if (!p.transpose_a)
    c.noalias() = a * b.transpose();
  else
    c.noalias() = a.transpose() * b.transpose();
  if (p.bias) c.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(p.bias, p.n);
}

}  // namespace

void matmul(const Product& p) {
  count_work(2. * p.m * p.n * p.k);
#ifdef MIDLAB_AVX2
  if (has_avx2()) return matmul_avx2(p);
#endif
  matmul_eigen(p);
}

const char* matmul_simd() {
  if (has_avx2()) return "AVX2+FMA";
#if defined(__wasm_simd128__)
  return "WASM SIMD";
#elif defined(__SSE2__) || defined(_M_X64)
  return "SSE2";
#elif defined(__ARM_NEON)
  return "NEON";
#else
  return "none";
#endif
}

}  // namespace mid
