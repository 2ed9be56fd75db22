#pragma once
// The blocking that the kernels of matmul share (Goto and van de Geijn 2008): a block of b is copied into panels of some columns that lie
// in the order in which they are read; against each panel a few rows of a are multiplied at a time, their sums in registers. Rows
// of a are read where they are, or copied likewise when a is transposed.
//
// Only the kernels' files include this, each compiled for another processor. So all of it is local to the file that includes it: what had
// external linkage would merge with what another file made of it. Every output is one sum, from its bias on and then in the order
// of the depth, whatever tile or block it falls into: kernels that add and multiply in the same way agree to the last bit.
#include "mid/nn/matmul.hpp"

namespace mid {
namespace {

constexpr int smaller(int a, int b) { return a < b ? a : b; }

/// n cut into equal parts of at most `most`, each a multiple of `unit` but the last: the size of a part.
constexpr int part_of(int n, int most, int unit) {
  const int parts = (n + most - 1) / most, even = (n + parts - 1) / parts;
  return (even + unit - 1) / unit * unit;
}

/// A Kernel has the sizes of its tiles (kRows x kPanel sums) and blocks (kMostDepth x kMostColumns of b), the alignment of its loads in
/// bytes, and three functions:
///   copy_b(p, first, depth, column, columns, to)   rows `first` to `first + depth` of op(b) from `column` on, as panels of kPanel columns
///                                                  (the last may have fewer); columns that b lacks are 0
///   copy_a(from, row, rows, depth, to)             at most kRows columns of a transposed a, as rows of kRows numbers
///   multiply<R, kStep>(a, row, panel, depth, start, c, stride, width)
///       R rows times one panel, of which c has `width` columns. Number (r, d) of a is a[r * row + d * kStep]. The sums begin at `start`,
///       or, if there is none, at what an earlier block of the depth left in c.
template <class Kernel, int R, int kStep>
void multiply_rows(int rows, const float* a, long row, const float* panel, int depth, const float* start, float* c, long stride,
                   int width) {
  if constexpr (R > 1)
    if (rows < R) return multiply_rows<Kernel, R - 1, kStep>(rows, a, row, panel, depth, start, c, stride, width);
  Kernel::template multiply<R, kStep>(a, row, panel, depth, start, c, stride, width);
}

template <class Kernel>
void multiply_in_blocks(const Product& p) {
  constexpr int kRows = Kernel::kRows, kPanel = Kernel::kPanel, kMostDepth = Kernel::kMostDepth, kMostColumns = Kernel::kMostColumns;
  const int end = p.columns > 0 ? p.column + p.columns : p.n;
  if (p.m <= 0 || p.n <= 0) return;
  alignas(Kernel::kAlignment) float b[kMostDepth * kMostColumns];
  alignas(Kernel::kAlignment) float a[kMostDepth * kRows];
  alignas(Kernel::kAlignment) float start[kMostColumns];
  const int a_row = p.a_row > 0 ? p.a_row : p.m;
  const int depth_part = p.k > 0 ? part_of(p.k, kMostDepth, 1) : 1, column_part = part_of(end - p.column, kMostColumns, kPanel);
  for (int column = p.column; column < end; column += column_part) {
    const int columns = smaller(column_part, end - column);
    for (int j = 0; j < kMostColumns; ++j) start[j] = p.bias && j < columns ? p.bias[column + j] : 0;
    for (int first = 0; first == 0 || first < p.k; first += depth_part) {
      const int depth = smaller(depth_part, p.k - first);
      Kernel::copy_b(p, first, depth, column, columns, b);
      for (int i = 0; i < p.m; i += kRows) {
        const int rows = smaller(kRows, p.m - i);
        if (p.transpose_a) Kernel::copy_a(p.a + static_cast<long>(first) * a_row + i, a_row, rows, depth, a);
        for (int j = 0; j < columns; j += kPanel) {
          const float *panel = b + static_cast<long>(j) * depth, *begin = first == 0 && !p.more ? start + j : nullptr;
          float* c = p.c + static_cast<long>(i) * p.n + column + j;
          const int width = smaller(kPanel, columns - j);
          if (p.transpose_a)
            multiply_rows<Kernel, kRows, kRows>(rows, a, 1, panel, depth, begin, c, p.n, width);
          else
            multiply_rows<Kernel, kRows, 1>(rows, p.a + static_cast<long>(i) * p.k + first, p.k, panel, depth, begin, c, p.n, width);
        }
      }
    }
  }
}

}  // namespace
}  // namespace mid
