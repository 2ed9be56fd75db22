// MID that charges only for what the label does not explain: codes are compared with N(m_y, I), not with N(0, I).
// Derived (method.md 4.1, "Conditional bottleneck"); after Fischer's conditional entropy bottleneck, 2020.
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double beta = .01;
  static std::vector<Param> params() {
    return {param(&Spec::beta, "beta", 0, 1000, "per nat", "defense.conditional_mid.beta", "method.md 4.1, Conditional bottleneck")};
  }
};

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.stochastic = hooks.class_means = true;
  hooks.penalty = [beta = spec.beta](Program& p, const NetworkVars& v, const Batch& batch) {
    NetworkVars moved = v;  // the KL to N(m_y, I) is that of mu - m_y to N(0, I)
    moved.mu = p.sub(v.mu, p.matmul(record_one_hot(p, batch.data[1]), v.class_mean));
    return p.scale(p.sum(record_kl(p, moved)), static_cast<float>(beta / batch.rows));
  };
  return hooks;
}

}  // namespace

extern const Defense conditional_mid;
const Defense conditional_mid{{"conditional_mid",
                               "defense.conditional_mid.title",
                               "defense.conditional_mid.summary",
                               "derived; after Fischer, Entropy 2020",
                               &Spec::params,
                               {"network"}},
                              &network,
                              "only a network has a code that can be compared with its class",
                              "beta",
                              nullptr,
                              nullptr,
                              {1e-4, 3e-4, 1e-3, 3e-3, .01, .03, .1, .2, .4},
                              nullptr,
                              {},
                              Mark::disc,
                              Place::code,
                              {Place::layers, Place::units, Place::targets, Place::loss, Place::answers}};

}  // namespace mid::defense
