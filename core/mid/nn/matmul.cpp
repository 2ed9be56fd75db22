#include "mid/nn/matmul.hpp"

#include "mid/base/matrix.hpp"
#include "mid/base/work.hpp"

namespace mid {
namespace {

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

constexpr MatmulKernel kPlain{
#if defined(__SSE2__) || defined(_M_X64)
    "SSE2",
#elif defined(__ARM_NEON)
    "NEON",
#else
    "none",
#endif
    matmul_eigen};

/// MIDLAB_X86_KERNELS is defined by core/CMakeLists.txt where the files of these kernels are compiled for their processors.
constexpr MatmulKernel kKernels[] = {
#if defined(MIDLAB_X86_KERNELS)
    {"AVX-512", matmul_avx512},
    {"AVX2+FMA", matmul_avx2},
#elif defined(__wasm_simd128__)
    {"WASM SIMD", matmul_wasm},
#endif
    kPlain,
    {}};

}  // namespace

const MatmulKernel* matmul_kernels() {
#ifdef MIDLAB_X86_KERNELS
  static const MatmulKernel* const first = kKernels + (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ? 2
                                                       : !__builtin_cpu_supports("avx512f")                              ? 1
                                                                                                                         : 0);
  return first;
#else
  return kKernels;
#endif
}

void matmul(const Product& p) {
  count_work(2. * p.m * p.n * p.k);
  matmul_kernels()->compute(p);
}

const char* matmul_simd() { return matmul_kernels()->name; }

}  // namespace mid
