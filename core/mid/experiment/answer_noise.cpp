#include "mid/experiment/answer_noise.hpp"

#include <string>

#include "mid/defense/defense.hpp"
#include "mid/release/release_kind.hpp"

namespace mid {

bool answers_carry_noise(const Json& model, const Json& defense, const Json& release) {
  const ReleaseKind* kind = release.is_object() ? release_in(release) : nullptr;
  if (kind && *kind->noise == ReleaseKind::Noise::added) return true;
  return model.is_object() && defense.is_object() && leaves_noise(defense, model.value("kind", std::string("network")));
}

}  // namespace mid
