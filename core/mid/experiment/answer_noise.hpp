#pragma once
#include "mid/base/json.hpp"

namespace mid {

/// Whether what is released carries noise, of the model's inside or of the release: who asks again may then hear something else. Objects
/// of a specification.
bool answers_carry_noise(const Json& model, const Json& defense, const Json& release);

}  // namespace mid
