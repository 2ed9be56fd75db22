// Compiled with -mavx512f -mavx2 -mfma, alone of all files: intrinsics and raw pointers only, nothing inline from elsewhere. Tiles of
// 12 x 32 sums in 24 registers, of 12 x 16 for a last panel of 16 columns or fewer; matmul_blocks.hpp has the rest. What it adds up, and in
// which order, is what matmul_avx2.cpp does, to the last bit.
#include "mid/nn/matmul.hpp"

#if defined(__AVX512F__) && defined(__FMA__)
#include <immintrin.h>

#include "mid/nn/matmul_blocks.hpp"

namespace mid {
namespace {

// Loops over the rows must unroll whole, or the sums live in memory instead of in registers.
#define MID_EACH_ROW _Pragma("GCC unroll 12") for (int r = 0; r < R; ++r)

constexpr int kVector = 16;

/// The first `count` of 16 numbers, or all.
inline __mmask16 first_of(int count) {
  return count >= kVector ? static_cast<__mmask16>(0xFFFF) : static_cast<__mmask16>((1u << count) - 1);
}

struct Avx512 {
  static constexpr int kRows = 12, kPanel = 2 * kVector, kMostDepth = 320, kMostColumns = 96, kAlignment = 64;

  static void copy_b(const Product& p, int first, int depth, int column, int columns, float* to) {
    for (int j = 0; j < columns; j += kPanel) {
      const int width = smaller(kPanel, columns - j), panel = width > kVector ? kPanel : kVector;
      for (int v = 0; v < panel; v += kVector) {
        const __mmask16 there = first_of(smaller(kVector, width - v));
        float* row = to + v;
        if (p.transpose_b) {
          const float* from = p.b + static_cast<long>(column + j + v) * p.k + first;
          const __m512i at =
              _mm512_mullo_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32(p.k));
          for (int d = 0; d < depth; ++d, row += panel)
            _mm512_store_ps(row, _mm512_mask_i32gather_ps(_mm512_setzero_ps(), there, at, from + d, sizeof(float)));
        } else {
          const float* from = p.b + static_cast<long>(first) * p.n + column + j + v;
          for (int d = 0; d < depth; ++d, from += p.n, row += panel) _mm512_store_ps(row, _mm512_maskz_loadu_ps(there, from));
        }
      }
      to += static_cast<long>(panel) * depth;
    }
  }

  static void copy_a(const float* from, long row, int rows, int depth, float* to) {
    const __mmask16 there = first_of(rows);
    for (int d = 0; d < depth; ++d, from += row, to += kRows) _mm512_mask_storeu_ps(to, there, _mm512_maskz_loadu_ps(there, from));
  }

  template <int R, int kStep>
  static void multiply(const float* a, long row, const float* panel, int depth, const float* start, float* c, long stride, int width) {
    if (width > kVector)
      multiply_wide<R, kStep>(a, row, panel, depth, start, c, stride, width);
    else
      multiply_narrow<R, kStep>(a, row, panel, depth, start, c, stride, width);
  }

  // Functions of their own: in one, sanitizers' checks among so many registers take the compiler two minutes.
  template <int R, int kStep>
  [[gnu::noinline]] static void multiply_wide(const float* a, long row, const float* panel, int depth, const float* start, float* c,
                                              long stride, int width) {
    const __mmask16 there = first_of(width - kVector);
    __m512 left[R], right[R];
    if (start) {
      MID_EACH_ROW left[r] = _mm512_load_ps(start), right[r] = _mm512_load_ps(start + kVector);
    } else {
      MID_EACH_ROW left[r] = _mm512_loadu_ps(c + r * stride), right[r] = _mm512_maskz_loadu_ps(there, c + r * stride + kVector);
    }
    for (int d = 0; d < depth; ++d, a += kStep, panel += kPanel) {
      const __m512 b_left = _mm512_load_ps(panel), b_right = _mm512_load_ps(panel + kVector);
      MID_EACH_ROW {
        const __m512 x = _mm512_set1_ps(a[r * row]);
        left[r] = _mm512_fmadd_ps(x, b_left, left[r]);
        right[r] = _mm512_fmadd_ps(x, b_right, right[r]);
      }
    }
    MID_EACH_ROW _mm512_storeu_ps(c + r * stride, left[r]), _mm512_mask_storeu_ps(c + r * stride + kVector, there, right[r]);
  }

  template <int R, int kStep>
  [[gnu::noinline]] static void multiply_narrow(const float* a, long row, const float* panel, int depth, const float* start, float* c,
                                                long stride, int width) {
    const __mmask16 there = first_of(width);
    __m512 sum[R];
    if (start) {
      MID_EACH_ROW sum[r] = _mm512_load_ps(start);
    } else {
      MID_EACH_ROW sum[r] = _mm512_maskz_loadu_ps(there, c + r * stride);
    }
    for (int d = 0; d < depth; ++d, a += kStep, panel += kVector) {
      const __m512 b = _mm512_load_ps(panel);
      MID_EACH_ROW sum[r] = _mm512_fmadd_ps(_mm512_set1_ps(a[r * row]), b, sum[r]);
    }
    MID_EACH_ROW _mm512_mask_storeu_ps(c + r * stride, there, sum[r]);
  }
};

#undef MID_EACH_ROW

}  // namespace

void matmul_avx512(const Product& p) { multiply_in_blocks<Avx512>(p); }

}  // namespace mid
#endif
