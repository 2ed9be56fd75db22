#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// Philox4x32-10: ten rounds over a 128-bit counter with a 64-bit key.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A named, unlimited sequence of random numbers. A number is a function of (seed, stream, index) alone: nothing
/// is consumed, so results do not depend on the order, the slices or the threads in which they are asked for.
struct Stream {
  std::uint64_t seed = 0;  ///< the experiment's seed: Philox's key
  std::uint64_t name = 0;  ///< hash of the names given so far: the upper half of Philox's counter

  /// The stream called `part` below this one ("fit", "split"); different names are independent.
  Stream sub(std::string_view part) const;
  /// The stream numbered `part` below this one (an epoch, a record's hash).
  Stream sub(std::uint64_t part) const;
};

/// Block `index` of the stream as it comes from Philox: the words behind uniforms 4 index .. 4 index + 3, for loops that
/// need many whole numbers.
std::array<std::uint32_t, 4> words_at(Stream stream, std::uint64_t index);
/// Uniform in [0, 1) with 32 bits: number `index` of the stream.
double uniform_at(Stream stream, std::uint64_t index);
/// Standard normal: number `index` of the stream. Box-Muller on the two halves of one Philox block.
double normal_at(Stream stream, std::uint64_t index);
/// Fills `out` with the stream's standard normals `first`, `first` + 1, ... row by row.
void fill_normal(Stream stream, std::uint64_t first, Eigen::Ref<Matrix, 0, Eigen::OuterStride<>> out);

/// Reads a stream from its beginning, one number after the other.
class Random {
 public:
  explicit Random(Stream stream) : stream_(stream) {}
  double uniform() { return uniform_at(stream_, next_++); }
  double normal() { return normal_at(stream_, next_++); }
  /// Uniform integer in 0 .. n-1 (n >= 1), without modulo bias beyond 2^-32 n.
  int below(int n) { return static_cast<int>(uniform() * n); }

 private:
  Stream stream_;
  std::uint64_t next_ = 0;
};

/// A uniformly random order of 0 .. n-1 (Fisher-Yates from the last place down).
std::vector<int> permutation(Stream stream, int n);

}  // namespace mid
