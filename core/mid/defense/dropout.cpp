// Units of the hidden layers are silenced at random while training; answers use all of them.
// Srivastava et al., JMLR 2014. method.md 4.1, "Dropout".
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double rate = .5;
  static std::vector<Param> params() {
    return {param(&Spec::rate, "rate", 0, .95, "", "defense.dropout.rate", "Srivastava et al., JMLR 2014; method.md 4.1")};
  }
};

NetworkHooks network(const Json& j) {
  NetworkHooks hooks;
  hooks.needs = NetworkHooks::Needs::hidden;
  hooks.dropout = read<Spec>(j, "defense").rate;
  return hooks;
}

}  // namespace

extern const Defense dropout;
const Defense dropout{
    {"dropout", "defense.dropout.title", "defense.dropout.summary", "Srivastava et al., JMLR 2014", &Spec::params, {"network"}},
    &network,
    "only a network has hidden units",
    "rate",
    nullptr,
    nullptr,
    {.2, .5, .7, .85, .95},
    nullptr,
    {},
    Mark::pentagon,
    Place::units,
    {Place::layers, Place::noise, Place::code, Place::targets, Place::loss, Place::gradient, Place::answers}};

}  // namespace mid::defense
