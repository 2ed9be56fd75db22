#pragma once
#include <cstdint>

namespace mid {

/// Standard normals of Philox4x32-10 by Box-Muller, four a block: out[4 i] to out[4 i + 3] are those of block `first` + i of the stream
/// with this key (`seed`) and upper half of the counter (`name`). `count`: at most kNormalBlocks. Logarithm, sine and cosine are series
/// of our own, within 2e-15 of the exact ones, so that a number is the same on every system and many are made at once.
/// Source: Box, Muller, Annals of Mathematical Statistics 29, 1958; base/philox.hpp for the words.
void normal_blocks(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, double* out);

/// The words of those blocks themselves, as words_at gives them one by one: out[4 i] to out[4 i + 3] are block `first` + i's.
void word_blocks(std::uint64_t seed, std::uint64_t name, std::uint64_t first, int count, std::uint32_t* out);

inline constexpr int kNormalBlocks = 32;  ///< 256 bytes of each word: what stays in registers and the nearest cache

}  // namespace mid
