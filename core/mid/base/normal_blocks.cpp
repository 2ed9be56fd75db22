// Every loop here is one that compilers turn into vector instructions: no branch, no call, no table. This file is compiled
// without errno (core/CMakeLists.txt), or a square root would be a call.
#include "mid/base/normal_blocks.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>

#include "mid/base/philox_round.hpp"

namespace mid {
namespace {

// What is inlined into functions for newer processors must be so always, or it would be compiled for the older one.
#if defined(__GNUC__)
#define MID_INLINE inline __attribute__((always_inline))
#else
#define MID_INLINE inline
#endif

/// ln x of 0 < x < 1: x = 2^k m with m from sqrt(1/2) to sqrt(2), and ln m = 2 atanh s with s = (m - 1) / (m + 1), |s| < .1716.
MID_INLINE double log_below_1(double x) {
  constexpr std::uint64_t kRootHalf = 0x3FE6A09E667F3BCDu, kOne = 0x3FF0000000000000u, kMantissa = 0x000FFFFFFFFFFFFFu;
  const std::uint64_t moved = std::bit_cast<std::uint64_t>(x) + (kOne - kRootHalf);
  // The exponent as a number, by the bits of 2^52 + exponent.
  const double k = std::bit_cast<double>((moved >> 52) | std::bit_cast<std::uint64_t>(0x1p52)) - (0x1p52 + 1023);
  const double m = std::bit_cast<double>((moved & kMantissa) + kRootHalf);
  const double s = (m - 1) / (m + 1), z = s * s;
  double rest = 1. / 21;
  rest = rest * z + 1. / 19, rest = rest * z + 1. / 17, rest = rest * z + 1. / 15, rest = rest * z + 1. / 13, rest = rest * z + 1. / 11;
  rest = rest * z + 1. / 9, rest = rest * z + 1. / 7, rest = rest * z + 1. / 5, rest = rest * z + 1. / 3;
  return k * std::numbers::ln2 + 2 * (s + s * z * rest);
}

/// cos and sin of 2 pi t, 0 < t < 1, by their series about the nearest quarter of the circle.
MID_INLINE void circle(double t, double& cosine, double& sine) {
  const double moved = 4 * t + 0x1.8p52;  // rounds to a whole number, which then stands in the lowest bits
  const std::uint64_t quarter = std::bit_cast<std::uint64_t>(moved);
  const double x = 2 * std::numbers::pi * (t - .25 * (moved - 0x1.8p52)), z = x * x;
  double s = 1. / 355687428096000, c = 1. / 20922789888000;  // 1 / 17!, 1 / 16!
  s = s * z - 1. / 1307674368000, s = s * z + 1. / 6227020800, s = s * z - 1. / 39916800, s = s * z + 1. / 362880;
  s = s * z - 1. / 5040, s = s * z + 1. / 120, s = s * z - 1. / 6, s = x + x * z * s;
  c = c * z - 1. / 87178291200, c = c * z + 1. / 479001600, c = c * z - 1. / 3628800, c = c * z + 1. / 40320;
  c = c * z - 1. / 720, c = c * z + 1. / 24, c = c * z - .5, c = 1 + z * c;
  const bool turned = (quarter & 1) != 0;
  const double across = turned ? s : c, along = turned ? c : s;
  cosine = std::bit_cast<double>(std::bit_cast<std::uint64_t>(across) ^ ((quarter + 1) & 2) << 62);
  sine = std::bit_cast<double>(std::bit_cast<std::uint64_t>(along) ^ (quarter & 2) << 62);
}

/// Two normals from two words. The half step keeps the logarithm's argument above 0.
MID_INLINE void box_muller(std::uint32_t a, std::uint32_t b, double& first, double& second) {
  constexpr double kTwoToMinus32 = 1.0 / 4294967296.0;
  const double radius = std::sqrt(-2 * log_below_1((a + .5) * kTwoToMinus32));
  double cosine, sine;
  circle((b + .5) * kTwoToMinus32, cosine, sine);
  first = radius * cosine, second = radius * sine;
}

MID_INLINE void philox(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, std::uint32_t (&word)[4][kNormalBlocks]) {
  for (int i = 0; i < count; ++i) {
    const std::uint64_t index = first + static_cast<std::uint64_t>(i);
    word[0][i] = static_cast<std::uint32_t>(index), word[1][i] = static_cast<std::uint32_t>(index >> 32);
    word[2][i] = static_cast<std::uint32_t>(name), word[3][i] = static_cast<std::uint32_t>(name >> 32);
  }
  std::uint32_t key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < kPhiloxRounds; ++round, key0 += kPhiloxWeyl0, key1 += kPhiloxWeyl1)
    for (int i = 0; i < count; ++i) philox_round(word[0][i], word[1][i], word[2][i], word[3][i], key0, key1);
}

MID_INLINE void compute(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, std::uint32_t* out) {
  std::uint32_t word[4][kNormalBlocks];
  philox(seed, name, first, count, word);
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < 4; ++j) out[4 * i + j] = word[j][i];
}

MID_INLINE void compute(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, double* out) {
  std::uint32_t word[4][kNormalBlocks];
  philox(seed, name, first, count, word);
  double x[4][kNormalBlocks];
  for (int i = 0; i < count; ++i) box_muller(word[0][i], word[1][i], x[0][i], x[1][i]);
  for (int i = 0; i < count; ++i) box_muller(word[2][i], word[3][i], x[2][i], x[3][i]);
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < 4; ++j) out[4 * i + j] = x[j][i];
}

// The same additions and multiplications (-ffp-contract=off), so the same numbers to the last bit.
#if defined(__GNUC__) && defined(__x86_64__)
template <class Number>
__attribute__((target("avx2"))) void compute_avx2(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, Number* out) {
  compute(seed, name, first, count, out);
}
template <class Number>
__attribute__((target("avx512f,avx512dq"))) void compute_avx512(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count,
                                                                Number* out) {
  compute(seed, name, first, count, out);
}
#endif

template <class Number>
void compute_fastest(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, Number* out) {
  assert(count <= kNormalBlocks);
#if defined(__GNUC__) && defined(__x86_64__)
  static const auto fastest = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") ? compute_avx512<Number>
                              : __builtin_cpu_supports("avx2")                                        ? compute_avx2<Number>
                                                                                                      : nullptr;
  if (fastest) return fastest(seed, name, first, count, out);
#endif
  compute(seed, name, first, count, out);
}

}  // namespace

void normal_blocks(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, double* out) {
  compute_fastest(seed, name, first, count, out);
}

void word_blocks(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, std::uint32_t* out) {
  compute_fastest(seed, name, first, count, out);
}

}  // namespace mid
