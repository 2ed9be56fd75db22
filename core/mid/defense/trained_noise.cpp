// Noise of a fixed size on every unit of the bottleneck, in training and in every answer: what MID is without its price.
// Derived; the plainest rival of MID on embeddings. method.md 4.1, "Trained noise".
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double noise = .5;
  static std::vector<Param> params() {
    return {param(&Spec::noise, "noise", .001, 100, "", "defense.trained_noise.noise", "method.md 4.1, Trained noise")};
  }
};

NetworkHooks network(const Json& j) {
  NetworkHooks hooks;
  hooks.stochastic = true;
  hooks.noise_sd = read<Spec>(j, "defense").noise;
  return hooks;
}

}  // namespace

extern const Defense trained_noise;
const Defense trained_noise{
    {"trained_noise", "defense.trained_noise.title", "defense.trained_noise.summary", "derived", &Spec::params, {"network"}},
    &network,
    "only a network learns behind its noise; a regression has MID at a price of 0",
    "noise",
    nullptr,
    nullptr,
    {.05, .1, .25, .5, .7, 1, 1.4, 2},
    nullptr,
    {},
    Mark::square,
    Place::noise,
    {Place::layers, Place::units, Place::targets, Place::loss, Place::gradient, Place::answers}};

}  // namespace mid::defense
