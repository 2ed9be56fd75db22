#pragma once
#include <optional>
#include <string>
#include <vector>

namespace mid {

/// Round numbers (1, 2 or 5 times a power of ten) inside low to high, about `wanted` of them: where an axis is labelled.
/// Empty unless low < high.
std::vector<double> nice_ticks(double low, double high, int wanted);
/// A tick's number without needless zeros, with a true minus: "−0.5".
std::string tick_words(double tick);

}  // namespace mid
