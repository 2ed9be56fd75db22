// Compiled with -mavx2 -mfma, alone of all files: intrinsics and raw pointers only, nothing inline from elsewhere. Tiles of 6 x 16 sums in
// 12 registers; matmul_blocks.hpp has the rest.
#include "mid/nn/matmul.hpp"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

#include "mid/nn/matmul_blocks.hpp"

namespace mid {
namespace {

// Loops over the rows must unroll whole, or the sums live in memory instead of in registers.
#define MID_EACH_ROW _Pragma("GCC unroll 6") for (int r = 0; r < R; ++r)

struct Avx2 {
  static constexpr int kRows = 6, kPanel = 16, kMostDepth = 320, kMostColumns = 96, kAlignment = 32;

  static void copy_b(const Product& p, int first, int depth, int column, int columns, float* to) {
    for (int j = 0; j < columns; j += kPanel, to += kPanel * depth) {
      const int width = smaller(kPanel, columns - j);
      if (p.transpose_b) {
        for (int c = 0; c < kPanel; ++c) {
          const float* from = p.b + static_cast<long>(column + j + c) * p.k + first;
          for (int d = 0; d < depth; ++d) to[d * kPanel + c] = c < width ? from[d] : 0;
        }
      } else {
        const float* from = p.b + static_cast<long>(first) * p.n + column + j;
        for (int d = 0; d < depth; ++d, from += p.n) {
          float* row = to + d * kPanel;
          if (width == kPanel) {
            _mm256_store_ps(row, _mm256_loadu_ps(from));
            _mm256_store_ps(row + 8, _mm256_loadu_ps(from + 8));
          } else {
            for (int c = 0; c < kPanel; ++c) row[c] = c < width ? from[c] : 0;
          }
        }
      }
    }
  }

  static void copy_a(const float* from, long row, int rows, int depth, float* to) {
    for (int d = 0; d < depth; ++d, from += row, to += kRows)
      for (int r = 0; r < rows; ++r) to[r] = from[r];
  }

  template <int R, int kStep>
  static void multiply(const float* a, long row, const float* panel, int depth, const float* start, float* c, long stride, int width) {
    __m256 left[R], right[R];
    alignas(32) float edge[R * kPanel];  // c's numbers, where the panel is wider than c
    if (start) {
      MID_EACH_ROW left[r] = _mm256_load_ps(start), right[r] = _mm256_load_ps(start + 8);
    } else if (width == kPanel) {
      MID_EACH_ROW left[r] = _mm256_loadu_ps(c + r * stride), right[r] = _mm256_loadu_ps(c + r * stride + 8);
    } else {
      for (int r = 0; r < R; ++r)
        for (int j = 0; j < kPanel; ++j) edge[r * kPanel + j] = j < width ? c[r * stride + j] : 0;
      MID_EACH_ROW left[r] = _mm256_load_ps(edge + r * kPanel), right[r] = _mm256_load_ps(edge + r * kPanel + 8);
    }
    for (int d = 0; d < depth; ++d, a += kStep, panel += kPanel) {
      const __m256 b_left = _mm256_load_ps(panel), b_right = _mm256_load_ps(panel + 8);
      MID_EACH_ROW {
        const __m256 x = _mm256_broadcast_ss(a + r * row);
        left[r] = _mm256_fmadd_ps(x, b_left, left[r]);
        right[r] = _mm256_fmadd_ps(x, b_right, right[r]);
      }
    }
    if (width == kPanel) {
      MID_EACH_ROW _mm256_storeu_ps(c + r * stride, left[r]), _mm256_storeu_ps(c + r * stride + 8, right[r]);
    } else {
      MID_EACH_ROW _mm256_store_ps(edge + r * kPanel, left[r]), _mm256_store_ps(edge + r * kPanel + 8, right[r]);
      for (int r = 0; r < R; ++r)
        for (int j = 0; j < width; ++j) c[r * stride + j] = edge[r * kPanel + j];
    }
  }
};

#undef MID_EACH_ROW

}  // namespace

void matmul_avx2(const Product& p) { multiply_in_blocks<Avx2>(p); }

}  // namespace mid
#endif
