// Loops that compilers turn into vector instructions: this file is compiled without errno (core/CMakeLists.txt), or a square root would be
// a call.
#include "mid/nn/optimiser_step.hpp"

#include <cmath>

namespace mid {
namespace {

float flushed(float x, float least) { return std::abs(x) < least ? 0.f : x; }

template <bool kDecay>
void adam(const AdamStep& s, float* __restrict w, float* __restrict first, float* __restrict second, const float* __restrict gradient,
          std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float g = kDecay ? gradient[i] + s.decay * w[i] : gradient[i];
    const float m = flushed(first[i] * s.kept + g * s.fresh, kLeastMoment);
    const float v = flushed(second[i] * s.kept_square + g * g * s.fresh_square, kLeastSquare);
    first[i] = m, second[i] = v;
    w[i] -= s.rate * m / (std::sqrt(v) * s.unbias + s.tiny);
  }
}

void descend(const SgdStep& s, float* __restrict w, const float* __restrict gradient, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) w[i] -= s.rate * (gradient[i] + s.decay * w[i]);
}

void descend(const SgdStep& s, float* __restrict w, float* __restrict velocity, const float* __restrict gradient, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    velocity[i] = flushed(s.momentum * velocity[i] + (gradient[i] + s.decay * w[i]), kLeastMoment);
    w[i] -= s.rate * velocity[i];
  }
}

}  // namespace

void adam_step(const AdamStep& step, float* w, float* first, float* second, const float* gradient, std::size_t count) {
  step.decay == 0 ? adam<false>(step, w, first, second, gradient, count) : adam<true>(step, w, first, second, gradient, count);
}

void sgd_step(const SgdStep& step, float* w, float* velocity, const float* gradient, std::size_t count) {
  velocity ? descend(step, w, velocity, gradient, count) : descend(step, w, gradient, count);
}

}  // namespace mid
