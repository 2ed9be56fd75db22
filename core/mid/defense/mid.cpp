// MID for networks: a stochastic bottleneck whose information is paid for.
// Wang, Zhang, Jia, AAAI 2021 (arXiv 2009.05241); the bound is Alemi et al., ICLR 2017. method.md sections 4 and 4.1.
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double beta = 0.01;
  static std::vector<Param> params() {
    return {param(&Spec::beta, "beta", 0, 1000, "per nat",
                  "Price of one nat that the code tells about the record; 0 leaves the noise free of charge.",
                  "arXiv 2009.05241; method.md section 4")};
  }
};

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.stochastic = true;
  hooks.penalty = [beta = spec.beta](Program& p, const NetworkVars& v, const Batch& batch) {
    // KL(N(mu, sigma^2) || N(0, 1)) = (mu^2 + sigma^2 - 1) / 2 - ln sigma, summed over units, averaged over rows.
    const Var log_sigma = p.log_softplus(p.shift(v.raw, -5));
    const Var squares = p.shift(p.add(p.mul(v.mu, v.mu), p.mul(v.sigma, v.sigma)), -1);
    const Var kl = p.sub(p.scale(squares, .5f), log_sigma);
    return p.scale(p.sum(kl), static_cast<float>(beta / batch.rows));
  };
  return hooks;
}

}  // namespace

extern const Defense mid;
const Defense mid{{"mid", "Mutual information regularisation (MID)",
                   "Noise inside the model, and a price on what the code still tells about the record.",
                   "Wang, Zhang, Jia, AAAI 2021 (arXiv 2009.05241)", &Spec::params},
                  &network, nullptr, "beta"};

}  // namespace mid::defense
