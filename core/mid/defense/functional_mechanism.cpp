// Differentially private regression: noise on the coefficients of the squared error. Zhang et al., VLDB 2012. It hides whether
// a record was there; an exact answer still names the secret.
#include "mid/model/linear/functional_mechanism.hpp"

#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double epsilon = 10, ridge_sd = 4;
  static std::vector<Param> params() {
    return {param(&Spec::epsilon, "epsilon", 1e-6, 1e12, "", "defense.functional_mechanism.epsilon",
                  "Zhang et al., VLDB 2012; method.md section 2"),
            param(&Spec::ridge_sd, "ridge_sd", 0, 1000, "", "defense.functional_mechanism.ridge_sd", "Zhang et al., VLDB 2012")};
  }
};

Task linear(Context& context, LinearProblem problem, Json j, Linear& out, Json&) {
  const auto spec = read<Spec>(j, "defense");
  FunctionalFit fit;
  co_await fit_functional_mechanism(context, std::move(problem.x), std::move(problem.y), std::move(problem.bounds), spec.epsilon,
                                    spec.ridge_sd, problem.random, fit);
  out = std::move(fit.model);
}

PrivacyLoss privacy_loss(const Json& j) {
  return {.epsilon = read<Spec>(j, "defense").epsilon,
          .about = "one training record replaced by another; the bounds of the columns count as public"};
}

}  // namespace

extern const Defense functional_mechanism;
const Defense functional_mechanism{{"functional_mechanism",
                                    "defense.functional_mechanism.title",
                                    "defense.functional_mechanism.summary",
                                    "Zhang et al., VLDB 2012; method.md section 2",
                                    &Spec::params,
                                    {"linear"}},
                                   nullptr,
                                   "it adds noise to a regression's objective; for trees there is dp_tree",
                                   "epsilon",
                                   &linear,
                                   nullptr,
                                   {1e4, 1e3, 100, 30, 10, 3, 1, .3},
                                   &privacy_loss,
                                   {},
                                   Mark::triangle_up};

}  // namespace mid::defense
