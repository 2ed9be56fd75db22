// Compiled with -mavx2 -mfma, alone of all files: intrinsics and raw pointers only, nothing inline from elsewhere.
//
// The usual blocking (Goto and van de Geijn 2008): a block of b is copied into panels of 16 columns that lie in the order
// in which they are read; against each panel, 6 rows of a are multiplied at a time, their 6 x 16 sums in 12 registers. Rows
// of a are read where they are, or copied likewise when a is transposed.
#include "mid/nn/matmul.hpp"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

namespace mid {
namespace {

constexpr int kRows = 6, kPanel = 16, kMostDepth = 320, kMostColumns = 96;

int smaller(int a, int b) { return a < b ? a : b; }

/// n cut into equal parts of at most `most`, each a multiple of `unit` but the last: the size of a part.
int part_of(int n, int most, int unit) {
  const int parts = (n + most - 1) / most, even = (n + parts - 1) / parts;
  return (even + unit - 1) / unit * unit;
}

/// Rows `depth` of b from column `column` on, as panels of 16 columns; columns that b lacks are 0.
void copy_b(const Product& p, int first, int depth, int column, int columns, float* to) {
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

// Loops over the rows must unroll whole, or the sums live in memory instead of in registers.
#define MID_EACH_ROW _Pragma("GCC unroll 6") for (int r = 0; r < R; ++r)

/// Sums of R rows and one panel. Number (r, d) of a is a[r * row + d * step]. The sums begin at `start`, or, if there is
/// none, at what an earlier block of the depth left in c.
template <int R>
void multiply(const float* a, long row, long step, const float* panel, int depth, const float* start, float* c, long stride, int width) {
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
  for (int d = 0; d < depth; ++d, a += step, panel += kPanel) {
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

void multiply_rows(int rows, const float* a, long row, long step, const float* panel, int depth, const float* start, float* c, long stride,
                   int width) {
  switch (rows) {
    case 1: return multiply<1>(a, row, step, panel, depth, start, c, stride, width);
    case 2: return multiply<2>(a, row, step, panel, depth, start, c, stride, width);
    case 3: return multiply<3>(a, row, step, panel, depth, start, c, stride, width);
    case 4: return multiply<4>(a, row, step, panel, depth, start, c, stride, width);
    case 5: return multiply<5>(a, row, step, panel, depth, start, c, stride, width);
    default: return multiply<6>(a, row, step, panel, depth, start, c, stride, width);
  }
}

}  // namespace

void matmul_avx2(const Product& p) {
  if (p.m <= 0 || p.n <= 0) return;
  alignas(32) float b[kMostDepth * kMostColumns];
  alignas(32) float a[kMostDepth * kRows];
  alignas(32) float start[kMostColumns];
  const int a_row = p.a_row > 0 ? p.a_row : p.m;
  const int depth_part = p.k > 0 ? part_of(p.k, kMostDepth, 1) : 1, column_part = part_of(p.n, kMostColumns, kPanel);
  for (int column = 0; column < p.n; column += column_part) {
    const int columns = smaller(column_part, p.n - column);
    for (int j = 0; j < kMostColumns; ++j) start[j] = p.bias && j < columns ? p.bias[column + j] : 0;
    for (int first = 0; first == 0 || first < p.k; first += depth_part) {
      const int depth = smaller(depth_part, p.k - first);
      copy_b(p, first, depth, column, columns, b);
      for (int i = 0; i < p.m; i += kRows) {
        const int rows = smaller(kRows, p.m - i);
        const float* left = p.a + static_cast<long>(i) * p.k + first;
        long row = p.k, step = 1;
        if (p.transpose_a) {
          const float* from = p.a + static_cast<long>(first) * a_row + i;
          for (int d = 0; d < depth; ++d, from += a_row)
            for (int r = 0; r < rows; ++r) a[d * kRows + r] = from[r];
          left = a, row = 1, step = kRows;
        }
        for (int j = 0; j < columns; j += kPanel)
          multiply_rows(rows, left, row, step, b + static_cast<long>(j) * depth, depth, first == 0 ? start + j : nullptr,
                        p.c + static_cast<long>(i) * p.n + column + j, p.n, smaller(kPanel, columns - j));
      }
    }
  }
}

}  // namespace mid
#endif
