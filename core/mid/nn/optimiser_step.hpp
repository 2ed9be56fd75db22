#pragma once
// The optimisers' steps over neighbouring numbers, each in one pass: what nn/cpu_operations.cpp calls for a share of a Parameter.
#include <cstddef>

namespace mid {

// A moment that nothing renews, that of a unit which no longer answers for instance, halves and halves until processors work it out by
// their microcode, a hundred times slower, and rounding then keeps it there for ever. So below these sizes it counts as 0: in a step
// such a moment moves a weight by less than 1e-20 of the rate, which no single-precision weight shows.
inline constexpr float kLeastMoment = 1e-30f, kLeastSquare = 1e-36f;

/// The numbers of one step of Adam, the same for all weights.
struct AdamStep {
  float kept, fresh;                ///< share of the first moment that stays, and that of the gradient
  float kept_square, fresh_square;  ///< the same of the second moment
  float rate, unbias;               ///< with their corrections for the first steps
  float tiny, decay;
};
/// w moves, first and second go on. The four overlap nowhere.
void adam_step(const AdamStep& step, float* w, float* first, float* second, const float* gradient, std::size_t count);

/// The numbers of one step of gradient descent.
struct SgdStep {
  float rate, momentum, decay;
};
/// `velocity` null: there is no momentum.
void sgd_step(const SgdStep& step, float* w, float* velocity, const float* gradient, std::size_t count);

}  // namespace mid
