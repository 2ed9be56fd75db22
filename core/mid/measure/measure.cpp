#include "mid/measure/measure.hpp"

#include <cmath>

namespace mid {

std::optional<double> finite(double x) { return std::isfinite(x) ? std::optional(x) : std::nullopt; }

}  // namespace mid
