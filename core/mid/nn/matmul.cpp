#include "mid/nn/matmul.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

#include "mid/base/matrix.hpp"
#include "mid/base/work.hpp"
#include "mid/base/workers.hpp"
#include "mid/nn/product_of.hpp"

namespace mid {
namespace {

void matmul_eigen(const Product& p) {
  assert(!p.more);
  using Map = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
  const int columns = p.columns > 0 ? p.columns : p.n;
  auto c = Eigen::Map<Matrix>(p.c, p.m, p.n).middleCols(p.column, columns);
  const Map a(p.a, p.transpose_a ? p.k : p.m, p.transpose_a ? p.m : p.k,
              Eigen::OuterStride<>(!p.transpose_a ? p.k
                                   : p.a_row > 0  ? p.a_row
                                                  : p.m));
  const Map b(p.b + (p.transpose_b ? Eigen::Index{p.column} * p.k : p.column), p.transpose_b ? columns : p.k, p.transpose_b ? p.k : columns,
              Eigen::OuterStride<>(p.transpose_b ? p.k : p.n));
  if (!p.transpose_a && !p.transpose_b)
    c.noalias() = a * b;
  else if (!p.transpose_b)
    c.noalias() = a.transpose() * b;
  else if (!p.transpose_a)
    c.noalias() = a * b.transpose();
  else
    c.noalias() = a.transpose() * b.transpose();
  if (p.bias) c.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(p.bias + p.column, columns);
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
    {"AVX-512", matmul_avx512, true},
    {"AVX2+FMA", matmul_avx2, true},
#elif defined(__wasm_simd128__)
    {"WASM SIMD", matmul_wasm, true},
#endif
    kPlain,
    {}};

/// Less is not worth a thread's while: to wake it takes some microseconds.
constexpr double kWorthAThread = 5e5;
/// Parts of c have whole groups of every kernel's rows, or whole panels of its columns.
constexpr int kRowsTogether = 12, kColumnsTogether = 32;

/// Cuts the longer side of c: a part copies the b that it needs, so few rows are cut by columns.
void share_product(const Product& p, const MatmulKernel& kernel, Workers& workers, int most) {
  const bool by_rows = p.m >= p.n;
  const int together = by_rows ? kRowsTogether : kColumnsTogether, groups = ((by_rows ? p.m : p.n) + together - 1) / together;
  const int parts = std::min(most, groups);
  const auto compute = [&](int part) {
    const int from = groups * part / parts * together;
    const int count = std::min(groups * (part + 1) / parts * together, by_rows ? p.m : p.n) - from;
    Product own = p;
    if (by_rows) {
      own.a += p.transpose_a ? from : Eigen::Index{from} * p.k;
      own.c += Eigen::Index{from} * p.n;
      own.m = count;
      own.a_row = p.a_row > 0 ? p.a_row : p.m;
    } else {
      own.column = from, own.columns = count;
    }
    kernel.compute(own);
  };
  workers.share(parts, std::ref(compute));  // by reference: a copy would be an allocation
}

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

void matmul(const Product& p, Workers* workers) {
  const double work = 2. * p.m * p.n * p.k;
  count_work(work);
  const MatmulKernel& kernel = *matmul_kernels();
  const int most =
      workers && kernel.any_part && p.columns == 0 ? static_cast<int>(std::min<double>(workers->count(), work / kWorthAThread)) : 1;
  if (most > 1)
    share_product(p, kernel, *workers, most);
  else
    kernel.compute(p);
}

Matrix product_of(const Matrix& a, const Matrix& b, bool transpose_b, const float* bias) {
  assert(a.cols() == (transpose_b ? b.cols() : b.rows()));
  Matrix out(a.rows(), transpose_b ? b.rows() : b.cols());
  matmul({.a = a.data(),
          .b = b.data(),
          .c = out.data(),
          .m = static_cast<int>(out.rows()),
          .n = static_cast<int>(out.cols()),
          .k = static_cast<int>(a.cols()),
          .transpose_b = transpose_b,
          .bias = bias});
  return out;
}

const char* matmul_simd() { return matmul_kernels()->name; }

}  // namespace mid
