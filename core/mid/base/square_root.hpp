#pragma once
#include <cmath>

#include "mid/base/matrix.hpp"

namespace mid {

/// The square root of each number, rounded as IEEE 754 says. Eigen's of many floats is an estimate by an instruction that gives other bits
/// on processors of another maker, and figures would differ with it. Use this for floats; Eigen's of doubles is exact.
template <class Floats>
auto square_root(const Floats& numbers) {
  return numbers.unaryExpr([](float x) { return std::sqrt(x); });
}

}  // namespace mid
