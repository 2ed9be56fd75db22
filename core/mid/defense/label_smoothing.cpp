// Targets that are less sure than the label, or, with a negative share, surer than it.
// Positive: Szegedy et al., CVPR 2016. Negative: Struppek, Hintersdorf, Kersting, ICLR 2024. method.md 4.1, "Label smoothing".
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double alpha = -.05;
  static std::vector<Param> params() {
    return {param(&Spec::alpha, "alpha", -1, .999, "", "defense.label_smoothing.alpha", "Struppek et al., ICLR 2024; method.md 4.1")};
  }
};

NetworkHooks network(const Json& j) {
  const auto alpha = static_cast<float>(read<Spec>(j, "defense").alpha);
  NetworkHooks hooks;
  hooks.target = [alpha](Program& p, Var y, const Batch& batch) {
    const int rows = p.rows(y), cols = p.cols(y);
    const float even = 1.f / static_cast<float>(cols > 1 ? cols : 2);
    // (1 - a) y + a / C = y + a (1 / C - y)
    const Var move = p.shift(p.scale(y, -1), even);
    if (alpha >= 0) return p.add(y, p.scale(move, alpha));
    const Var grown = p.scale(p.leaky_relu(p.shift(p.scale(batch.progress, 2), -1), 0), alpha);
    return p.add(y, p.mul(move, p.spread_cols(p.spread_rows(grown, rows), cols)));
  };
  return hooks;
}

}  // namespace

extern const Defense label_smoothing;
const Defense label_smoothing{{"label_smoothing",
                               "defense.label_smoothing.title",
                               "defense.label_smoothing.summary",
                               "Szegedy et al., CVPR 2016; Struppek et al., ICLR 2024",
                               &Spec::params,
                               {"network"}},
                              &network,
                              "a regression has no labels, and a tree counts them instead of following them",
                              "alpha",
                              nullptr,
                              nullptr,
                              {-.02, -.05, -.1, .05, .1, .3, .5, .7},
                              nullptr,
                              {},
                              Mark::pentagon,
                              Place::targets,
                              {Place::layers, Place::units, Place::noise, Place::code, Place::loss, Place::gradient, Place::answers}};

}  // namespace mid::defense
