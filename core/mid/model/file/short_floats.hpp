#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

namespace mid {

/// IEEE 754 binary16.
inline double half_number(std::uint16_t bits) {
  constexpr int kFraction = 10, kBias = 15, kTop = 31;
  const int exponent = bits >> kFraction & kTop, fraction = bits & ((1 << kFraction) - 1);
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == kTop) return fraction ? std::nan("") : sign * HUGE_VAL;
  return sign * (exponent == 0 ? std::ldexp(fraction, 1 - kBias - kFraction)
                               : std::ldexp(fraction + (1 << kFraction), exponent - kBias - kFraction));
}

/// bfloat16: the upper half of a float.
inline double brain_number(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

}  // namespace mid
