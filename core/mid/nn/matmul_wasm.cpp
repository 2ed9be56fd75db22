// The kernel of WebAssembly with SIMD128, by intrinsics: Eigen 3.4 knows no packets of numbers there.
//
// The blocking is that of matmul_blocks.hpp with tiles of 4 x 8: their sums, a row's 8 numbers of b and what is being added fit the 15
// registers that an x86-64 engine has for them. There is no fused multiply-add.
#include "mid/nn/matmul.hpp"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>

#include "mid/nn/matmul_blocks.hpp"

namespace mid {
namespace {

/// The first `count` of four numbers; the others are 0. Nothing beyond them is read or written.
v128_t load_some(const float* from, int count) {
  if (count >= 4) return wasm_v128_load(from);
  const v128_t two = count >= 2 ? wasm_v128_load64_zero(from) : wasm_f32x4_const_splat(0);
  if (count == 3) return wasm_v128_load32_lane(from + 2, two, 2);
  return count == 1 ? wasm_v128_load32_zero(from) : two;
}
void store_some(float* to, v128_t numbers, int count) {
  if (count >= 4) return wasm_v128_store(to, numbers);
  if (count >= 2) wasm_v128_store64_lane(to, numbers, 0);
  if (count == 3) wasm_v128_store32_lane(to + 2, numbers, 2);
  if (count == 1) wasm_v128_store32_lane(to, numbers, 0);
}

// Loops over the rows must unroll whole, or the sums live in memory instead of in registers.
#define MID_EACH_ROW _Pragma("clang loop unroll(full)") for (int r = 0; r < R; ++r)

struct Wasm {
  static constexpr int kRows = 4, kPanel = 8, kMostDepth = 256, kMostColumns = 128, kAlignment = 16;

  /// `depth` numbers of each of four columns of a transposed b, which begin `column` apart, into the panel's rows.
  static void copy_columns(const float* from, long column, int depth, float* to) {
    const float *x0 = from, *x1 = from + column, *x2 = from + 2 * column, *x3 = from + 3 * column;
    int d = 0;
    for (; d + 4 <= depth; d += 4, to += 4 * kPanel) {
      const v128_t r0 = wasm_v128_load(x0 + d), r1 = wasm_v128_load(x1 + d), r2 = wasm_v128_load(x2 + d), r3 = wasm_v128_load(x3 + d);
      const v128_t low01 = wasm_i32x4_shuffle(r0, r1, 0, 4, 1, 5), low23 = wasm_i32x4_shuffle(r2, r3, 0, 4, 1, 5);
      const v128_t high01 = wasm_i32x4_shuffle(r0, r1, 2, 6, 3, 7), high23 = wasm_i32x4_shuffle(r2, r3, 2, 6, 3, 7);
      wasm_v128_store(to, wasm_i64x2_shuffle(low01, low23, 0, 2));
      wasm_v128_store(to + kPanel, wasm_i64x2_shuffle(low01, low23, 1, 3));
      wasm_v128_store(to + 2 * kPanel, wasm_i64x2_shuffle(high01, high23, 0, 2));
      wasm_v128_store(to + 3 * kPanel, wasm_i64x2_shuffle(high01, high23, 1, 3));
    }
    for (; d < depth; ++d, to += kPanel) to[0] = x0[d], to[1] = x1[d], to[2] = x2[d], to[3] = x3[d];
  }

  static void copy_b(const Product& p, int first, int depth, int column, int columns, float* to) {
    for (int j = 0; j < columns; j += kPanel, to += kPanel * depth) {
      const int width = smaller(kPanel, columns - j);
      if (p.transpose_b) {
        const float* from = p.b + static_cast<long>(column + j) * p.k + first;
        int c = 0;
        for (; c + 4 <= width; c += 4, from += 4L * p.k) copy_columns(from, p.k, depth, to + c);
        for (; c < kPanel; ++c, from += p.k)
          for (int d = 0; d < depth; ++d) to[d * kPanel + c] = c < width ? from[d] : 0;
      } else {
        const float* from = p.b + static_cast<long>(first) * p.n + column + j;
        for (int d = 0; d < depth; ++d, from += p.n) {
          wasm_v128_store(to + d * kPanel, load_some(from, width));
          wasm_v128_store(to + d * kPanel + 4, load_some(from + 4, width - 4));
        }
      }
    }
  }

  static void copy_a(const float* from, long row, int rows, int depth, float* to) {
    for (int d = 0; d < depth; ++d, from += row, to += kRows) wasm_v128_store(to, load_some(from, rows));
  }

  template <int R, int kStep>
  static void multiply(const float* a, long row, const float* panel, int depth, const float* start, float* c, long stride, int width) {
    v128_t left[R], right[R];
    if (start) {
      MID_EACH_ROW left[r] = wasm_v128_load(start), right[r] = wasm_v128_load(start + 4);
    } else if (width == kPanel) {
      MID_EACH_ROW left[r] = wasm_v128_load(c + r * stride), right[r] = wasm_v128_load(c + r * stride + 4);
    } else {
      MID_EACH_ROW left[r] = load_some(c + r * stride, width), right[r] = load_some(c + r * stride + 4, width - 4);
    }
    const float* at[R];
    MID_EACH_ROW at[r] = a + r * row;
    // Distances known when compiling are part of the loads, which leaves their issue to the sums.
    _Pragma("clang loop unroll_count(4)") for (int d = 0; d < depth; ++d, panel += kPanel) {
      const v128_t b_left = wasm_v128_load(panel), b_right = wasm_v128_load(panel + 4);
      MID_EACH_ROW {
        const v128_t x = wasm_v128_load32_splat(at[r]);
        at[r] += kStep;
        left[r] = wasm_f32x4_add(left[r], wasm_f32x4_mul(x, b_left));
        right[r] = wasm_f32x4_add(right[r], wasm_f32x4_mul(x, b_right));
      }
    }
    if (width == kPanel) {
      MID_EACH_ROW wasm_v128_store(c + r * stride, left[r]), wasm_v128_store(c + r * stride + 4, right[r]);
    } else {
      MID_EACH_ROW store_some(c + r * stride, left[r], width), store_some(c + r * stride + 4, right[r], width - 4);
    }
  }
};

#undef MID_EACH_ROW

}  // namespace

void matmul_wasm(const Product& p) { multiply_in_blocks<Wasm>(p); }

}  // namespace mid
#endif
