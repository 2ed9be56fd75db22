#pragma once
#include <cstdint>

namespace mid {

inline constexpr int kPhiloxRounds = 10;
/// What each round adds to the two words of the key.
inline constexpr std::uint32_t kPhiloxWeyl0 = 0x9E3779B9u, kPhiloxWeyl1 = 0xBB67AE85u;

/// A round of Philox4x32 on the four words of a counter: for one block (philox.cpp), or in a loop over many that a compiler makes
/// vector instructions of (normal_blocks.cpp), hence always inlined where the compiler can be asked for it.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
inline void
philox_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d, std::uint32_t key0, std::uint32_t key1) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53u, kMultiplier1 = 0xCD9E8D57u;
  const std::uint64_t p0 = kMultiplier0 * a, p1 = kMultiplier1 * c;
  a = static_cast<std::uint32_t>(p1 >> 32) ^ b ^ key0, b = static_cast<std::uint32_t>(p1);
  c = static_cast<std::uint32_t>(p0 >> 32) ^ d ^ key1, d = static_cast<std::uint32_t>(p0);
}

}  // namespace mid
