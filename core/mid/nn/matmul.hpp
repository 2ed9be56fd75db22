#pragma once

namespace mid {

class Workers;

/// A product of matrices: c = op(a) op(b), and `bias` added to each row of it.
struct Product {
  const float* a = nullptr;  ///< m x k row by row, or k x m if transpose_a
  const float* b = nullptr;  ///< k x n row by row, or n x k if transpose_b
  float* c = nullptr;        ///< m x n row by row; overlaps nothing
  int m = 0, n = 0, k = 0;
  bool transpose_a = false, transpose_b = false;
  const float* bias = nullptr;  ///< n numbers; null: none
  int a_row = 0;                ///< numbers from one row of a transposed `a` to the next, where c has some of its rows only; 0: m
  int column = 0, columns = 0;  ///< of c to compute, the others stay as they are; 0 columns: all n
  bool more = false;            ///< every sum goes on from what c has, without a bias; only kernels with any_part can
};

/// Every matrix product of networks goes through here: all speed lives in this function. The sums' order is fixed by the
/// shape and by the processor, so results are equal bit by bit from run to run, and for any number of workers, who share a large
/// product (null: there are none).
void matmul(const Product& product, Workers* workers = nullptr);

/// A way to compute a product.
struct MatmulKernel {
  const char* name = nullptr;  ///< "AVX2+FMA", "WASM SIMD", ...; of the plain one, what Eigen was compiled for: "SSE2", ...
  void (*compute)(const Product&) = nullptr;
  bool any_part = false;  ///< a part of the product has the same bits as in the whole, whatever the part
};

/// What this processor can compute products with, the one that matmul() takes first and the plain one last; behind it one
/// without a name. For tests and benchmarks, which compare them; their results agree within 1e-4 relative.
const MatmulKernel* matmul_kernels();

/// The name of the kernel that matmul() takes.
const char* matmul_simd();

/// The kernels of x86-64 processors that have AVX2 and FMA, or AVX-512 (F) as well, in the only files compiled for them; their results
/// agree to the last bit. This header includes nothing on purpose: inline functions compiled there would merge with everybody else's.
void matmul_avx2(const Product& product);
void matmul_avx512(const Product& product);
/// The kernel of WebAssembly with SIMD128.
void matmul_wasm(const Product& product);

}  // namespace mid
